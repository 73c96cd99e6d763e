//! How the endpoints answer: JSON errors to clients (RFC 6749 section 5.2), redirects through the browser
//! (section 4.1.2). Reads short bodies; decides nothing.

use std::time::Duration;

use axum::{
    Json,
    body::Bytes,
    extract::Request,
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use http_body_util::{BodyExt, Limited};
use serde_json::{Value, json};
use tokio::time::timeout;

use super::store::Outage;

/// The longest body of a request.
const MAX_BODY_BYTES: usize = 16 * 1024;
/// How long a body may take to arrive.
const BODY_TIMEOUT: Duration = Duration::from_secs(10);

/// An error code for the client, with a fixed text.
#[derive(Debug)]
pub enum Refused {
    /// The client is not known or did not prove who it is: 401.
    Client(&'static str),
    /// Anything else that the client did wrong: 400.
    Request(&'static str, &'static str),
    /// The body is too long: 413.
    Long,
    /// Something that this server needs is out of order: 503, and nothing has changed.
    Unavailable,
}

impl From<Outage> for Refused {
    fn from(outage: Outage) -> Self {
        tracing::error!(why = ?outage.0, "the store does not answer");
        Self::Unavailable
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let (status, code, text) = match self {
            Self::Client(text) => (StatusCode::UNAUTHORIZED, "invalid_client", text),
            Self::Request(code, text) => (StatusCode::BAD_REQUEST, code, text),
            Self::Long => (
                StatusCode::PAYLOAD_TOO_LARGE,
                "invalid_request",
                "the body is too long",
            ),
            Self::Unavailable => (
                StatusCode::SERVICE_UNAVAILABLE,
                "temporarily_unavailable",
                "try again later",
            ),
        };
        let body = json!({ "error": code, "error_description": text });
        let mut response = answer(status, body);
        let headers = response.headers_mut();
        match status {
            StatusCode::UNAUTHORIZED => {
                let basic = HeaderValue::from_static("Basic realm=\"token\"");
                headers.insert(header::WWW_AUTHENTICATE, basic);
            }
            StatusCode::SERVICE_UNAVAILABLE => {
                headers.insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
            }
            _ => {}
        }
        response
    }
}

/// A JSON answer that nobody may keep.
pub fn answer(status: StatusCode, body: Value) -> Response {
    (status, NO_STORE, Json(body)).into_response()
}

const NO_STORE: [(HeaderName, &str); 2] = [
    (header::CACHE_CONTROL, "no-store"),
    (header::PRAGMA, "no-cache"),
];

/// Sends the browser somewhere else, as a GET (RFC 9700 section 4.12).
pub fn redirect(address: &str) -> Response {
    match HeaderValue::try_from(address) {
        Ok(address) => {
            let headers = [
                (header::LOCATION, address),
                (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
                (
                    header::REFERRER_POLICY,
                    HeaderValue::from_static("no-referrer"),
                ),
            ];
            (StatusCode::SEE_OTHER, headers).into_response()
        }
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// An address with parameters added; what it has is kept as it is.
pub fn with_parameters(address: &str, parameters: &[(&str, &str)]) -> String {
    let added = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(parameters)
        .finish();
    let joint = match address.split_once('?') {
        None => "?",
        Some((_, query)) if query.is_empty() || query.ends_with('&') => "",
        Some(_) => "&",
    };
    format!("{address}{joint}{added}")
}

/// The body of a request, which must be short and come soon.
///
/// # Errors
/// `Long`, or `invalid_request` if it broke off or came too slowly.
pub async fn body(request: Request) -> Result<Bytes, Refused> {
    let whole = Limited::new(request.into_body(), MAX_BODY_BYTES).collect();
    match timeout(BODY_TIMEOUT, whole).await {
        Ok(Ok(body)) => Ok(body.to_bytes()),
        Ok(Err(error)) if error.is::<http_body_util::LengthLimitError>() => Err(Refused::Long),
        _ => Err(Refused::Request(
            "invalid_request",
            "the body did not arrive",
        )),
    }
}
