//! Listens to the upstream: short answers within a fixed time, and which trouble a bad one means.
//! Texts of the upstream are not repeated, except its error codes.

use std::time::Duration;

use axum::http::Response;
use reqwest::{RequestBuilder, StatusCode, header::CONTENT_TYPE};
use serde_json::{Map, Value};

use super::{Tokens, Trouble};
use crate::auth::{claims::Claims, fetch, token_cache::now};

const TIMEOUT: Duration = Duration::from_secs(10);
/// The longest answer that is read.
const MAX_BYTES: usize = 64 * 1024;
/// The longest part of an error code that goes to the log.
const MAX_CODE: usize = 60;

/// Error codes that are about the code or token presented, not about this server. RFC 6749 section 5.2;
/// GitHub's ("Troubleshooting OAuth app access token request errors" and the pages on refreshing); Slack's.
const REFUSALS: [&str; 13] = [
    "invalid_grant",
    "bad_verification_code",
    "bad_refresh_token",
    "bad_code_verifier",
    "unverified_user_email",
    "invalid_code",
    "code_expired",
    "invalid_refresh_token",
    "invalid_token",
    "invalid_auth",
    "token_revoked",
    "token_expired",
    "account_inactive",
];

/// Error codes for "not now", which some send with status 400.
const OUTAGES: [&str; 3] = ["temporarily_unavailable", "server_error", "slow_down"];

/// An answer that was read.
pub type Reply = Response<Vec<u8>>;

/// Sends a request to the upstream and reads the answer, unless that says that something is out of order.
///
/// # Errors
/// `Unavailable` for silence, 5xx and 429, `Broken` for redirects and floods.
pub async fn send(request: RequestBuilder) -> Result<Reply, Trouble> {
    let reply = fetch::read(request.timeout(TIMEOUT), MAX_BYTES)
        .await
        .map_err(|failure| Trouble::Unavailable(failure.to_string()))?;
    let status = reply.status();
    if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS {
        return Err(Trouble::Unavailable(status_of("the upstream", status)));
    }
    if status.is_redirection() {
        return Err(Trouble::Broken(status_of("the upstream", status)));
    }
    let (head, body) = reply.into_parts();
    match body {
        Some(body) => Ok(Reply::from_parts(head, body)),
        None => Err(Trouble::Broken(format!(
            "the answer is longer than {MAX_BYTES} bytes"
        ))),
    }
}

/// The JSON object of a good answer to a question that was asked with an access token.
///
/// # Errors
/// `Refused` if the token is not good, `Broken` for everything else that is not an object.
pub fn object(reply: &Reply) -> Result<Map<String, Value>, Trouble> {
    match reply.status() {
        StatusCode::OK => {}
        StatusCode::UNAUTHORIZED => {
            return Err(Trouble::Refused("the token is not accepted".to_owned()));
        }
        status => return Err(Trouble::Broken(status_of("the upstream", status))),
    }
    let object: Map<String, Value> = serde_json::from_slice::<Claims>(reply.body())
        .map_err(|_| Trouble::Broken("the answer is not a JSON object".to_owned()))?
        .into();
    // Slack reports errors with status 200 everywhere.
    match object.get("error").and_then(Value::as_str) {
        Some(code) => Err(error(code)),
        None => Ok(object),
    }
}

/// What an unexpected status is called in the log.
pub fn status_of(who: &str, status: StatusCode) -> String {
    format!("{who}: status {}", status.as_u16())
}

/// What the token endpoint granted, and the whole answer (RFC 6749 section 5).
pub fn granted(reply: &Reply) -> Result<(Tokens, Map<String, Value>), Trouble> {
    let Some(answer) = members(reply) else {
        let what = "the token endpoint answers with neither JSON nor a form";
        return Err(Trouble::Broken(status_of(what, reply.status())));
    };
    // GitHub reports errors with status 200.
    if let Some(code) = answer.get("error") {
        return Err(error(code.as_str().unwrap_or_default()));
    }
    if reply.status() != StatusCode::OK {
        return Err(Trouble::Broken(status_of(
            "the token endpoint",
            reply.status(),
        )));
    }
    let text = |name: &str| {
        let value = answer.get(name)?.as_str()?;
        (!value.is_empty()).then(|| value.to_owned())
    };
    let Some(access_token) = text("access_token") else {
        let why = "the token endpoint grants no access token";
        return Err(Trouble::Broken(why.to_owned()));
    };
    // RFC 6749 section 7.1: a token of an unknown type must not be used.
    if text("token_type").is_some_and(|kind| !kind.eq_ignore_ascii_case("bearer")) {
        let why = "the token is not a bearer token";
        return Err(Trouble::Broken(why.to_owned()));
    }
    let tokens = Tokens {
        access_token,
        refresh_token: text("refresh_token"),
        expires_at: answer.get("expires_in").and_then(seconds).map(in_seconds),
        id_claims: Map::new(),
        is_elsewhere: false,
    };
    Ok((tokens, answer))
}

/// The members of an answer in JSON, or in the form encoding that GitHub prefers.
fn members(reply: &Reply) -> Option<Map<String, Value>> {
    if let Ok(claims) = serde_json::from_slice::<Claims>(reply.body()) {
        return Some(claims.into());
    }
    let kind = reply.headers().get(CONTENT_TYPE)?.to_str().ok()?;
    if !kind.starts_with("application/x-www-form-urlencoded") && !kind.starts_with("text/plain") {
        return None;
    }
    let members: Map<_, _> = form_urlencoded::parse(reply.body())
        .map(|(name, value)| (name.into_owned(), Value::String(value.into_owned())))
        .collect();
    (members.contains_key("access_token") || members.contains_key("error")).then_some(members)
}

fn error(code: &str) -> Trouble {
    let shown: String = code.chars().take(MAX_CODE).collect();
    if REFUSALS.contains(&code) {
        Trouble::Refused(shown)
    } else if OUTAGES.contains(&code) {
        Trouble::Unavailable(shown)
    } else {
        Trouble::Broken(format!(
            "the upstream says {shown:?}; check AUTH_CLIENT_ID, AUTH_CLIENT_SECRET and the callback address"
        ))
    }
}

/// A number, or text that is one: forms have only text.
fn seconds(value: &Value) -> Option<u64> {
    let number = value.as_u64().or_else(|| value.as_str()?.parse().ok())?;
    (number > 0).then_some(number)
}

fn in_seconds(seconds: u64) -> u64 {
    now().saturating_add(seconds)
}
