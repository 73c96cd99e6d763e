//! The route table: public pages, and the MCP service behind authentication.

use std::sync::Arc;

use axum::{Router, routing::get};
use rmcp::transport::streamable_http_server::{
    StreamableHttpServerConfig, StreamableHttpService, session::local::LocalSessionManager,
};

use crate::{auth::Auth, tools::Tools};

/// Where the MCP service is. It is part of the address that tokens are issued for.
pub const MCP_PATH: &str = "/mcp";

/// Everything this server answers. Other paths are a plain 404.
pub fn router(auth: &Auth) -> Router {
    let config = StreamableHttpServerConfig::default()
        .with_allowed_hosts(auth.allowed_hosts())
        .with_json_response(true);
    let sessions = Arc::new(LocalSessionManager::default());
    let service = StreamableHttpService::new(|| Ok(Tools), sessions, config);
    Router::new()
        .route(MCP_PATH, auth.protect(service))
        .route("/health", get(async || "fine"))
        .merge(auth.routes())
}
