<BOM>//! Our route table: public pages, and the MCP service behind authentication.<CR>
<CR>
use std::sync::Arc;<CR>
<CR>
use axum::{Router, routing::get};<CR>
use rmcp::transport::streamable_http_server::{<CR>
    StreamableHttpServerConfig, StreamableHttpService, session::local::LocalSessionManager,<CR>
};<CR>
<CR>
use crate::{auth::Auth, tools::Tools};<CR>
<CR>
/// Where the MCP service is. It is part of the address that tokens are issued for.<CR>
pub const MCP_PATH: &str = "/mcp";<CR>
<CR>
/// Everything this server answers. Other paths are a plain 404.<CR>
pub fn router(auth: &Auth) -> Router {<CR>
    let config = StreamableHttpServerConfig::default()<CR>
        .with_allowed_hosts(auth.allowed_hosts())<CR>
        .with_json_response(true);<CR>
    let sessions = Arc::new(LocalSessionManager::default());<CR>
    let service = StreamableHttpService::new(|| Ok(Tools), sessions, config);<CR>
    Router::new()<CR>
        .route(MCP_PATH, auth.protect(service))<CR>
        .route("/health", get(async || "fine"))<CR>
        .merge(auth.routes())<CR>
}<no newline at the end>
