use axum::Router;
use rmcp::transport::streamable_http_server::{
    session::local::LocalSessionManager, StreamableHttpServerConfig, StreamableHttpService,
};

#[derive(Clone)]
struct Magic;

impl rmcp::ServerHandler for Magic {}

macro_rules! routes {
    ($($path:literal => $service:expr),* $(,)?) => {
        Router::new()$(.nest_service($path, $service))*
    };
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let service = StreamableHttpService::new(
        || Ok(Magic),
        LocalSessionManager::default().into(),
        StreamableHttpServerConfig::default(),
    );
    let app = routes! { "/mcp" => service };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:8000").await?;
    axum::serve(listener, app).await?;
    Ok(())
}
