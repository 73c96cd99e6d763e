use axum::Router;
use rmcp::transport::streamable_http_server::{
    session::local::LocalSessionManager, StreamableHttpService,
};

#[derive(Clone)]
struct Upstream;

impl rmcp::ServerHandler for Upstream {}

#[tokio::test]
async fn the_gateway_stands_beside_an_upstream() {
    let service = StreamableHttpService::new(
        || Ok(Upstream),
        LocalSessionManager::default().into(),
        Default::default(),
    );
    let _app = Router::new()
        .nest_service("/mcp", service)
        .merge(gateway::router());
}
