//! Protected Resource Metadata (RFC 9728): tells clients where to get tokens for this server.
//! Public, the same for everybody, made once at the start; the `Host` header changes nothing.

use std::collections::BTreeSet;

use axum::{
    Router,
    body::Bytes,
    http::{HeaderName, StatusCode, header},
    routing::get,
};
use serde_json::{Value, json};

use super::{Settings, Verifier, scopes::in_table};

const WELL_KNOWN: &str = "/.well-known/oauth-protected-resource";

/// Where clients find the metadata of this server (RFC 9728 section 3.1).
pub fn url(settings: &Settings) -> String {
    format!("{}{WELL_KNOWN}{}", settings.base, settings.path)
}

/// The metadata document (RFC 9728 section 2).
pub fn document(settings: &Settings, verifier: &Verifier) -> Bytes {
    let mut scopes = settings.required_scopes.clone();
    scopes.extend(in_table());
    // A client asks for `offline_access` on its own account: it is not a right at this server.
    let scopes: Vec<_> = scopes
        .iter()
        .filter(|scope| *scope != "offline_access" && verifier.offers(scope))
        .collect();
    let document = present(json!({
        "resource": settings.resource(),
        "authorization_servers": Some(verifier.issuers()).filter(|issuers| !issuers.is_empty()),
        "scopes_supported": Some(scopes).filter(|scopes| !scopes.is_empty()),
        "bearer_methods_supported": ["header"],
        "resource_name": env!("CARGO_PKG_NAME"),
        "resource_documentation": settings.documentation,
    }));
    Bytes::from(document.to_string())
}

/// An object without the members that have no value: JSON's null is one.
pub fn present(mut object: Value) -> Value {
    if let Value::Object(members) = &mut object {
        members.retain(|_, value| !value.is_null());
    }
    object
}

/// Serves the metadata at the addresses that clients try: with the path of the MCP service, and without.
pub fn routes<S: Clone + Send + Sync + 'static>(path: &str, document: Bytes) -> Router<S> {
    let page = get(async move || (headers(), document))
        .options(async || (StatusCode::NO_CONTENT, preflight()));
    let addresses = BTreeSet::from([WELL_KNOWN.to_owned(), format!("{WELL_KNOWN}{path}")]);
    addresses.iter().fold(Router::new(), |router, address| {
        router.route(address, page.clone())
    })
}

fn headers() -> [(HeaderName, &'static str); 3] {
    [
        (header::CONTENT_TYPE, "application/json"),
        (header::CACHE_CONTROL, "public, max-age=300"),
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
    ]
}

/// Browser clients send `MCP-Protocol-Version` here too, which makes the browser ask first.
fn preflight() -> [(HeaderName, &'static str); 3] {
    [
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        (header::ACCESS_CONTROL_ALLOW_METHODS, "GET"),
        (
            header::ACCESS_CONTROL_ALLOW_HEADERS,
            "Content-Type, MCP-Protocol-Version",
        ),
    ]
}
