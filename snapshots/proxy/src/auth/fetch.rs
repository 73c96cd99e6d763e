//! Reads what other servers answer: short answers only, over https unless the server is this machine.
//! The only file here that sends requests.

use std::{error::Error, fmt};

use axum::http::Response;
use reqwest::{RequestBuilder, Url};

use super::settings::is_https_or_loopback;

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

/// Sends a request and reads whatever is answered, redirects included: none is followed. There is no body
/// if it is longer than `longest` bytes.
///
/// # Errors
/// No answer, or one that breaks off or takes too long.
pub async fn read(
    request: RequestBuilder,
    longest: usize,
) -> Result<Response<Option<Vec<u8>>>, Failure> {
    let mut answer = request.send().await?;
    let mut body = Some(Vec::new());
    while let Some(chunk) = answer.chunk().await? {
        match &mut body {
            Some(read) if read.len() + chunk.len() <= longest => read.extend_from_slice(&chunk),
            _ => {
                body = None;
                break;
            }
        }
    }
    let mut reply = Response::new(body);
    *reply.status_mut() = answer.status();
    *reply.headers_mut() = std::mem::take(answer.headers_mut());
    Ok(reply)
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
