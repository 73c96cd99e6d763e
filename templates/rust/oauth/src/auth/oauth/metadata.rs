//! Authorization Server Metadata (RFC 8414): tells clients where everything is. Public, the same for
//! everybody, made once at the start.

use std::collections::BTreeSet;

use axum::{Json, Router, routing::get};
use serde_json::{Value, json};

use super::{Oauth, PUBLIC, preflight, register::GRANT_TYPES, settings::OauthSettings};
use crate::auth::metadata::present;

const OAUTH: &str = "/.well-known/oauth-authorization-server";
const OPENID: &str = "/.well-known/openid-configuration";

/// Where clients look (RFC 8414 section 3.1, OpenID Connect Discovery section 4), with the MCP path too:
/// some take the address of the MCP server for the issuer.
fn addresses(mcp: &str) -> BTreeSet<String> {
    BTreeSet::from([
        OAUTH.to_owned(),
        format!("{OAUTH}{mcp}"),
        OPENID.to_owned(),
        format!("{OPENID}{mcp}"),
        format!("{mcp}{OPENID}"),
    ])
}

/// Serves the document wherever clients look.
pub fn routes(settings: &OauthSettings) -> Router<Oauth> {
    let document = document(settings);
    let page = get(async move || (PUBLIC, Json(document))).options(async || preflight("GET"));
    addresses(&settings.path)
        .iter()
        .fold(Router::new(), |router, address| {
            router.route(address, page.clone())
        })
}

/// The document (RFC 8414 section 2).
fn document(settings: &OauthSettings) -> Value {
    let scopes: Vec<_> = settings.scopes.iter().collect();
    let methods = ["none", "client_secret_basic", "client_secret_post"];
    present(json!({
        "issuer": settings.base,
        "authorization_endpoint": settings.at("/authorize"),
        "token_endpoint": settings.at("/token"),
        "registration_endpoint": settings.at("/register"),
        "revocation_endpoint": settings.at("/revoke"),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": GRANT_TYPES,
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": methods,
        "revocation_endpoint_auth_methods_supported": methods,
        "scopes_supported": scopes,
        "client_id_metadata_document_supported": true,
        "authorization_response_iss_parameter_supported": true,
        "service_documentation": settings.documentation,
    }))
}
