//! Reads JSON that another server answers, and for how long it holds. Sends requests through `fetch.rs`;
//! anything but a short answer with status 200 is a failure.

use std::time::Duration;

use axum::http::HeaderMap;
use reqwest::{RequestBuilder, StatusCode, header::CACHE_CONTROL};
use serde::de::DeserializeOwned;

use super::fetch::{self, Failure};

/// The longest answer that is read.
const MAX_BYTES: usize = 256 * 1024;

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
pub async fn read<T: DeserializeOwned>(request: RequestBuilder) -> Result<Answer<T>, Failure> {
    let reply = fetch::read(request, MAX_BYTES).await?;
    if reply.status() != StatusCode::OK {
        return Err(Failure(format!("status {}", reply.status().as_u16())));
    }
    let max_age = max_age(reply.headers());
    let Some(body) = reply.into_body() else {
        return Err(Failure(format!(
            "the answer is longer than {MAX_BYTES} bytes"
        )));
    };
    let body =
        serde_json::from_slice(&body).map_err(|_| Failure("not the expected JSON".into()))?;
    Ok(Answer { body, max_age })
}

fn max_age(headers: &HeaderMap) -> Option<Duration> {
    let directives = headers
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
