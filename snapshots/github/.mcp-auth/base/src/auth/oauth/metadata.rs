//! Authorization Server Metadata (RFC 8414): tells clients where everything is. Public, the same for
//! everybody, made once at the start.

use serde_json::{Value, json};

use super::{register::GRANT_TYPES, settings::OauthSettings};

/// Where clients look (RFC 8414 section 3.1, OpenID Connect Discovery section 4), with the MCP path too:
/// some take the address of the MCP server for the issuer.
pub const PATHS: [&str; 5] = [
    "/.well-known/oauth-authorization-server",
    "/.well-known/oauth-authorization-server/mcp",
    "/.well-known/openid-configuration",
    "/.well-known/openid-configuration/mcp",
    "/mcp/.well-known/openid-configuration",
];

/// The document (RFC 8414 section 2).
pub fn document(settings: &OauthSettings) -> Value {
    let scopes: Vec<_> = settings.scopes.iter().collect();
    let methods = ["none", "client_secret_basic", "client_secret_post"];
    let mut document = json!({
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
    });
    if let Some(page) = &settings.documentation {
        document["service_documentation"] = json!(page);
    }
    document
}
