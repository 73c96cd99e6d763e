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
    let auth = crate::auth::Auth::from_env_or_exit("/mcp");
    router
        .merge(auth.routes())
        .nest_service("/mcp", auth.protect(service))
}
