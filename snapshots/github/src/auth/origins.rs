//! Which web pages may call the MCP path: the `Origin` check against DNS rebinding and CORS for browsers.
//! Pure; native clients send no `Origin` and pass.

use axum::{
    http::{
        HeaderMap, HeaderName, HeaderValue, Method, StatusCode,
        header::{
            ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
            ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE,
            ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD, ORIGIN, VARY,
        },
    },
    response::{IntoResponse, Response},
};

use super::refusal::Refusal;

const EXPOSED: &str = "WWW-Authenticate, Mcp-Session-Id, MCP-Protocol-Version";
const ALLOWED: &str = "Authorization, Content-Type, Accept, Last-Event-ID, MCP-Protocol-Version, \
                       Mcp-Session-Id, Mcp-Method, Mcp-Name";

/// The origins that may call, as `scheme://host[:port]`.
pub struct Origins(Vec<String>);

impl Origins {
    /// `allowed` are serialized origins (RFC 6454 section 6.2).
    pub fn new(allowed: Vec<String>) -> Self {
        Self(allowed)
    }

    /// The origin of a request, `None` when it does not come from a web page.
    ///
    /// # Errors
    /// Refuses foreign, malformed and repeated origins, `null` among them.
    pub fn check(&self, headers: &HeaderMap) -> Result<Option<HeaderValue>, Refusal> {
        let mut values = headers.get_all(ORIGIN).iter();
        let Some(origin) = values.next() else {
            return Ok(None);
        };
        let is_allowed = self
            .0
            .iter()
            .any(|allowed| allowed.as_bytes() == origin.as_bytes());
        if is_allowed && values.next().is_none() {
            return Ok(Some(origin.clone()));
        }
        Err(Refusal::ForeignOrigin)
    }
}

/// Whether a browser asks before it sends the real request, which carries no token yet.
pub fn is_preflight(method: &Method, headers: &HeaderMap) -> bool {
    method == Method::OPTIONS
        && headers.contains_key(ORIGIN)
        && headers.contains_key(ACCESS_CONTROL_REQUEST_METHOD)
}

/// The answer to a preflight; [`allow`] completes it.
pub fn preflight(headers: &HeaderMap) -> Response {
    let allowed = [
        (
            ACCESS_CONTROL_ALLOW_METHODS,
            HeaderValue::from_static("GET, POST, DELETE"),
        ),
        (ACCESS_CONTROL_ALLOW_HEADERS, allowed_headers(headers)),
        (ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("600")),
    ];
    (StatusCode::NO_CONTENT, allowed).into_response()
}

/// Lets the web page read the response.
pub fn allow(response: &mut Response, origin: HeaderValue) {
    let headers = response.headers_mut();
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    headers.insert(
        ACCESS_CONTROL_EXPOSE_HEADERS,
        HeaderValue::from_static(EXPOSED),
    );
    headers.append(VARY, HeaderValue::from_static("Origin"));
}

/// The fixed list, and those `Mcp-Param-*` headers that the page asks for: tools make up their names.
fn allowed_headers(headers: &HeaderMap) -> HeaderValue {
    let mut allowed = ALLOWED.to_owned();
    let asked = headers
        .get(ACCESS_CONTROL_REQUEST_HEADERS)
        .and_then(|value| value.to_str().ok());
    for name in asked.unwrap_or_default().split(',').map(str::trim) {
        let name = name.to_ascii_lowercase();
        if name.starts_with("mcp-param-") && HeaderName::try_from(&name).is_ok() {
            allowed += ", ";
            allowed += &name;
        }
    }
    HeaderValue::try_from(allowed).unwrap_or(HeaderValue::from_static(ALLOWED))
}
