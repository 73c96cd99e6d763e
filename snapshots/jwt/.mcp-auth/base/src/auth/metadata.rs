//! Protected Resource Metadata (RFC 9728): tells clients where to get tokens for this server.
//! Public, the same for everybody, made once at the start; the `Host` header changes nothing.

use axum::{
    Router,
    body::Bytes,
    http::{HeaderName, StatusCode, header},
    routing::get,
};
use serde_json::json;

use super::{
    Verifier,
    scopes::in_table,
    settings::{MCP_PATH, Settings},
};

const WELL_KNOWN: &str = "/.well-known/oauth-protected-resource";

/// Where clients find the metadata of this server (RFC 9728 section 3.1).
pub fn url(settings: &Settings) -> String {
    format!("{}{WELL_KNOWN}{MCP_PATH}", settings.base)
}

/// The metadata document (RFC 9728 section 2).
pub fn document(settings: &Settings, verifier: &Verifier) -> Bytes {
    let mut scopes = settings.required_scopes.clone();
    scopes.extend(in_table());
    let issuers = verifier.issuers();
    let mut document = json!({
        "resource": settings.resource(),
        "bearer_methods_supported": ["header"],
        "resource_name": env!("CARGO_PKG_NAME"),
    });
    if !issuers.is_empty() {
        document["authorization_servers"] = json!(issuers);
    }
    // A client asks for `offline_access` on its own account: it is not a right at this server.
    let scopes: Vec<_> = scopes
        .iter()
        .filter(|scope| *scope != "offline_access" && verifier.offers(scope))
        .collect();
    if !scopes.is_empty() {
        document["scopes_supported"] = json!(scopes);
    }
    if let Some(page) = &settings.documentation {
        document["resource_documentation"] = json!(page);
    }
    Bytes::from(document.to_string())
}

/// Serves the metadata at both addresses that clients try.
pub fn routes<S: Clone + Send + Sync + 'static>(document: Bytes) -> Router<S> {
    let page = get(async move || (headers(), document))
        .options(async || (StatusCode::NO_CONTENT, preflight()));
    Router::new()
        .route(WELL_KNOWN, page.clone())
        .route(&format!("{WELL_KNOWN}{MCP_PATH}"), page)
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
