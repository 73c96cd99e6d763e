//! Finds the one access token of a request (RFC 6750 section 2.1; OAuth 2.1 section 5.1).
//! Pure: looks at headers and address, judges no token.

use axum::http::{HeaderMap, Uri, header::AUTHORIZATION};

use super::refusal::Refusal;

/// No honest token is longer.
const MAX_TOKEN_BYTES: usize = 16 * 1024;

/// The token of the `Authorization` header.
///
/// # Errors
/// Refuses requests without a token, with two, with one in the address, or with one too long.
pub fn token<'r>(headers: &'r HeaderMap, uri: &Uri) -> Result<&'r str, Refusal> {
    if uri.query().is_some_and(has_access_token) {
        return Err(Refusal::InvalidRequest(
            "an access token must not stand in the address",
        ));
    }
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let Some(value) = values.next() else {
        return Err(Refusal::NoToken);
    };
    if values.next().is_some() {
        return Err(Refusal::InvalidRequest(
            "there must be one Authorization header",
        ));
    }
    let text = value.to_str().map_err(|_| Refusal::BadToken)?;
    let (scheme, token) = text.split_once(' ').unwrap_or((text, ""));
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(if is_bearer_like(scheme) {
            Refusal::BadToken
        } else {
            Refusal::NoToken
        });
    }
    let token = token.trim_matches(' ');
    if token.is_empty() || token.len() > MAX_TOKEN_BYTES || !is_b64token(token) {
        return Err(Refusal::BadToken);
    }
    Ok(token)
}

/// Whether a scheme is "Bearer" with something wrong glued to it, such as a tab and the token.
fn is_bearer_like(scheme: &str) -> bool {
    scheme
        .get(..6)
        .is_some_and(|start| start.eq_ignore_ascii_case("bearer"))
}

/// The characters of a token in a header (RFC 6750 section 2.1). Looks at all of them, which the
/// compiler can do many at a time.
fn is_b64token(token: &str) -> bool {
    token.bytes().fold(true, |good, byte| {
        good & (byte.is_ascii_alphanumeric()
            | matches!(byte, b'-' | b'.' | b'_' | b'~' | b'+' | b'/' | b'='))
    })
}

/// Names are compared after percent-decoding: `access%5Ftoken` is the same parameter.
fn has_access_token(query: &str) -> bool {
    reqwest::Url::parse(&format!("http://query/?{query}"))
        .is_ok_and(|url| url.query_pairs().any(|(name, _)| name == "access_token"))
}
