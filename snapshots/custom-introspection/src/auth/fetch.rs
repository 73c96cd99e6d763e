//! Reads JSON from other servers: short answers only, over https unless the server is this machine.
//! The only file here that sends requests.

use std::{error::Error, fmt, time::Duration};

use reqwest::{RequestBuilder, Response, Url, header::CACHE_CONTROL};
use serde::de::DeserializeOwned;

use super::settings::is_https_or_loopback;

/// The longest answer that is read.
const MAX_ANSWER_BYTES: usize = 256 * 1024;

/// An address that may be called: https, or http to this machine, without a password in it.
///
/// # Errors
/// What is wrong with the address, for a log or a problem; the address is not repeated.
pub fn endpoint(text: &str) -> Result<Url, &'static str> {
    let url = Url::parse(text).map_err(|_| "is not a URL")?;
    if !url.username().is_empty() || url.password().is_some() {
        Err("must not hold a user name or password")
    } else if !is_https_or_loopback(&url) {
        Err("must be https unless it is a loopback address")
    } else {
        Ok(url)
    }
}

/// What a server answered, and for how long it says that this holds.
pub struct Answer<T> {
    /// The parsed body.
    pub body: T,
    /// `max-age` of `Cache-Control`, zero where it forbids keeping (RFC 9111 section 5.2.2).
    pub max_age: Option<Duration>,
}

/// Sends a request and reads a JSON answer.
///
/// # Errors
/// Whatever is not a timely, short answer with status 200 and the expected JSON.
pub async fn json<T: DeserializeOwned>(request: RequestBuilder) -> Result<Answer<T>, Failure> {
    let mut response = request.send().await.map_err(Failure::from)?;
    if response.status() != reqwest::StatusCode::OK {
        return Err(Failure(format!("status {}", response.status().as_u16())));
    }
    let max_age = max_age(&response);
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(Failure::from)? {
        if body.len() + chunk.len() > MAX_ANSWER_BYTES {
            return Err(Failure(format!(
                "the answer is longer than {MAX_ANSWER_BYTES} bytes"
            )));
        }
        body.extend_from_slice(&chunk);
    }
    let body =
        serde_json::from_slice(&body).map_err(|_| Failure("not the expected JSON".into()))?;
    Ok(Answer { body, max_age })
}

fn max_age(response: &Response) -> Option<Duration> {
    let directives = response
        .headers()
        .get(CACHE_CONTROL)?
        .to_str()
        .ok()?
        .to_ascii_lowercase();
    let mut directives = directives.split(',').map(str::trim);
    if directives
        .clone()
        .any(|directive| matches!(directive, "no-store" | "no-cache"))
    {
        return Some(Duration::ZERO);
    }
    let seconds = directives.find_map(|directive| directive.strip_prefix("max-age="))?;
    seconds.parse().ok().map(Duration::from_secs)
}

/// Why a call gave nothing useful; a text for the log.
#[derive(Debug)]
pub struct Failure(pub String);

impl From<reqwest::Error> for Failure {
    /// The causes matter ("connection refused"), the address is known to the caller.
    fn from(error: reqwest::Error) -> Self {
        let error = error.without_url();
        let mut text = error.to_string();
        let mut cause = error.source();
        while let Some(inner) = cause {
            text += &format!(": {inner}");
            cause = inner.source();
        }
        Self(text)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
