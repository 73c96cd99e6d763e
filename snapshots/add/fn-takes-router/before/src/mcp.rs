use axum::Router;
use rmcp::{
    transport::{
        streamable_http_server::session::local::LocalSessionManager, StreamableHttpServerConfig,
        StreamableHttpService,
    },
    ServerHandler,
};

#[derive(Clone, Copy)]
struct Pages;

impl ServerHandler for Pages {}

/// Adds the MCP endpoint to a website.
pub fn mount(router: Router) -> Router {
    let service = StreamableHttpService::new(
        || Ok(Pages),
        LocalSessionManager::default().into(),
        StreamableHttpServerConfig::default(),
    );
    router.nest_service("/mcp", service)
}
