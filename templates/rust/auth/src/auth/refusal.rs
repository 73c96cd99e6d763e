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

/// Turns refusals into responses, with the parts of the challenge that are the same each time.
pub struct Challenge {
    metadata_url: String,
    required: Scopes,
}

impl Challenge {
    /// `metadata_url` is where the Protected Resource Metadata lives; `required` what every request needs.
    pub fn new(metadata_url: String, required: Scopes) -> Self {
        Self {
            metadata_url,
            required,
        }
    }

    /// The response for a refusal. Descriptions are fixed texts: nothing of the request is echoed.
    pub fn response(&self, refusal: Refusal) -> Response {
        match refusal {
            Refusal::NoToken => self.challenged(StatusCode::UNAUTHORIZED, None, &self.required),
            Refusal::BadToken => self.challenged(
                StatusCode::UNAUTHORIZED,
                Some((
                    "invalid_token",
                    "the access token is not valid for this server",
                )),
                &self.required,
            ),
            Refusal::InvalidRequest(description) => self.challenged(
                StatusCode::BAD_REQUEST,
                Some(("invalid_request", description)),
                &self.required,
            ),
            Refusal::InsufficientScope(scopes) => self.challenged(
                StatusCode::FORBIDDEN,
                Some(("insufficient_scope", "this operation needs more scopes")),
                &scopes,
            ),
            Refusal::ForeignOrigin => self.challenged(
                StatusCode::FORBIDDEN,
                Some((
                    "invalid_request",
                    "requests from this web page are not allowed",
                )),
                &self.required,
            ),
            Refusal::UnknownSession => plain(StatusCode::NOT_FOUND, "session not found"),
            Refusal::SlowBody => plain(StatusCode::REQUEST_TIMEOUT, "the body came too slowly"),
            Refusal::LargeBody => plain(StatusCode::PAYLOAD_TOO_LARGE, "the body is too long"),
            Refusal::NotJsonRpc => {
                json_rpc_error(Value::Null, -32700, "the body is not a JSON-RPC message")
            }
            Refusal::HeaderMismatch(id) => json_rpc_error(
                id,
                -32020,
                "the Mcp-Method or Mcp-Name header does not match the body",
            ),
            Refusal::Unavailable { seconds } => {
                let body = plain(StatusCode::SERVICE_UNAVAILABLE, "try again later");
                ([(RETRY_AFTER, HeaderValue::from(seconds))], body).into_response()
            }
        }
    }

    fn challenged(
        &self,
        status: StatusCode,
        error: Option<(&'static str, &'static str)>,
        scopes: &Scopes,
    ) -> Response {
        let mut challenge = String::from("Bearer ");
        if let Some((code, description)) = error {
            challenge += &format!(r#"error="{code}", error_description="{description}", "#);
        }
        challenge += &format!(r#"resource_metadata="{}""#, quotable(&self.metadata_url));
        if !scopes.is_empty() {
            challenge += &format!(r#", scope="{}""#, quotable(&scopes.to_string()));
        }
        let (code, description) = error.unwrap_or(("unauthorized", "an access token is needed"));
        let body = Json(json!({ "error": code, "error_description": description }));
        let mut response = (status, body).into_response();
        // `quotable` leaves nothing that a header could not hold.
        if let Ok(value) = HeaderValue::try_from(challenge) {
            response.headers_mut().insert(WWW_AUTHENTICATE, value);
        }
        response
    }
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

fn plain(status: StatusCode, text: &'static str) -> Response {
    (status, text).into_response()
}

fn json_rpc_error(id: Value, code: i32, message: &str) -> Response {
    let error =
        json!({ "jsonrpc": "2.0", "id": id, "error": { "code": code, "message": message } });
    (StatusCode::BAD_REQUEST, Json(error)).into_response()
}
