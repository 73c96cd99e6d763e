//! The one way to say no: every 401 and 403 comes from here and carries the challenge
//! (RFC 6750 section 3, RFC 9728 section 5.1). Pure; logs nothing, knows no token.

use axum::{
    Json,
    http::{
        HeaderValue, StatusCode,
        header::{RETRY_AFTER, WWW_AUTHENTICATE},
    },
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

use super::scopes::Scopes;

const BAD_TOKEN: &str = "the access token is not valid for this server";

/// Why a request is not served.
#[derive(Debug)]
pub enum Refusal {
    /// No credentials: 401 without an error code, so that clients start to authorize.
    NoToken,
    /// A token that is not accepted, for whatever reason: 401.
    BadToken,
    /// A request that offers a token in a forbidden way: 400.
    InvalidRequest(&'static str),
    /// The token is good but not for this operation, which needs all of these scopes: 403.
    InsufficientScope(Scopes),
    /// A web page of another origin: 403.
    ForeignOrigin,
    /// The session belongs to somebody else, or to nobody: 404, after which clients start anew.
    UnknownSession,
    /// The body did not come in time: 408.
    SlowBody,
    /// The body is too long: 413.
    LargeBody,
    /// The body is not a JSON-RPC message: 400.
    NotJsonRpc,
    /// The `Mcp-Method` or `Mcp-Name` header says something else than the body: 400.
    HeaderMismatch(Value),
    /// This server, or something it needs to judge a token, cannot answer now: 503.
    Unavailable { seconds: u64 },
}

/// Turns refusals into responses. The challenges that strangers can ask for without end are made once.
pub struct Challenge {
    metadata_url: String,
    required: Scopes,
    no_token: HeaderValue,
    bad_token: HeaderValue,
}

impl Challenge {
    /// `metadata_url` is where the Protected Resource Metadata lives; `required` what every request needs.
    pub fn new(metadata_url: String, required: Scopes) -> Self {
        let bad_token = error("invalid_token", BAD_TOKEN);
        Self {
            no_token: challenge("", &metadata_url, &required),
            bad_token: challenge(&bad_token, &metadata_url, &required),
            metadata_url,
            required,
        }
    }

    /// The response for a refusal. Descriptions are fixed texts: nothing of the request is echoed.
    pub fn response(&self, refusal: Refusal) -> Response {
        match refusal {
            Refusal::NoToken => {
                let body = message(StatusCode::UNAUTHORIZED, "an access token is needed");
                with_challenge(body, self.no_token.clone())
            }
            Refusal::BadToken => {
                let body = message(StatusCode::UNAUTHORIZED, BAD_TOKEN);
                with_challenge(body, self.bad_token.clone())
            }
            Refusal::InvalidRequest(description) => {
                self.refused(StatusCode::BAD_REQUEST, "invalid_request", description)
            }
            Refusal::ForeignOrigin => self.refused(
                StatusCode::FORBIDDEN,
                "invalid_request",
                "requests from this web page are not allowed",
            ),
            Refusal::InsufficientScope(scopes) => {
                let text = format!("this operation needs the scopes: {scopes}");
                let error = error("insufficient_scope", "more scopes are needed");
                let challenge = challenge(&error, &self.metadata_url, &scopes);
                with_challenge(message(StatusCode::FORBIDDEN, &text), challenge)
            }
            Refusal::UnknownSession => message(StatusCode::NOT_FOUND, "session not found"),
            Refusal::SlowBody => message(StatusCode::REQUEST_TIMEOUT, "the body came too slowly"),
            Refusal::LargeBody => message(StatusCode::PAYLOAD_TOO_LARGE, "the body is too long"),
            Refusal::NotJsonRpc => {
                let text = "the body is not a JSON-RPC message";
                json_rpc(StatusCode::BAD_REQUEST, Value::Null, -32700, text)
            }
            Refusal::HeaderMismatch(id) => {
                let text = "the Mcp-Method or Mcp-Name header does not match the body";
                json_rpc(StatusCode::BAD_REQUEST, id, -32020, text)
            }
            Refusal::Unavailable { seconds } => {
                let body = message(StatusCode::SERVICE_UNAVAILABLE, "try again later");
                ([(RETRY_AFTER, HeaderValue::from(seconds))], body).into_response()
            }
        }
    }

    fn refused(&self, status: StatusCode, code: &str, description: &str) -> Response {
        let challenge = challenge(
            &error(code, description),
            &self.metadata_url,
            &self.required,
        );
        with_challenge(message(status, description), challenge)
    }
}

/// The part of a challenge that says what was wrong.
fn error(code: &str, description: &str) -> String {
    format!(r#"error="{code}", error_description="{description}", "#)
}

fn challenge(error: &str, metadata_url: &str, scopes: &Scopes) -> HeaderValue {
    let metadata_url = quotable(metadata_url);
    let mut challenge = format!(r#"Bearer {error}resource_metadata="{metadata_url}""#);
    if !scopes.is_empty() {
        challenge += &format!(r#", scope="{}""#, quotable(&scopes.to_string()));
    }
    // `quotable` leaves nothing that a header could not hold.
    HeaderValue::try_from(challenge).unwrap_or(HeaderValue::from_static("Bearer"))
}

fn with_challenge(mut response: Response, challenge: HeaderValue) -> Response {
    response.headers_mut().insert(WWW_AUTHENTICATE, challenge);
    response
}

/// A JSON-RPC error, which MCP clients show to people (basic/transports/streamable-http).
fn message(status: StatusCode, text: &str) -> Response {
    json_rpc(status, Value::Null, -32600, text)
}

/// The id is null where the request's is not known (JSON-RPC 2.0 section 5).
fn json_rpc(status: StatusCode, id: Value, code: i32, text: &str) -> Response {
    let error = json!({ "code": code, "message": text });
    (
        status,
        Json(json!({ "jsonrpc": "2.0", "id": id, "error": error })),
    )
        .into_response()
}

/// Text for a quoted-string (RFC 9110 section 5.6.4): quotes and backslashes escaped, the rest visible ASCII.
fn quotable(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len());
    for character in text
        .chars()
        .filter(|character| matches!(character, ' '..='~'))
    {
        if matches!(character, '"' | '\\') {
            quoted.push('\\');
        }
        quoted.push(character);
    }
    quoted
}
