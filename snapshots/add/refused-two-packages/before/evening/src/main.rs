use axum::Router;
use rmcp::transport::streamable_http_server::{
    session::local::LocalSessionManager, StreamableHttpService,
};

#[derive(Clone)]
struct Evening;

impl rmcp::ServerHandler for Evening {}

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let service = StreamableHttpService::new(
        || Ok(Evening),
        LocalSessionManager::default().into(),
        Default::default(),
    );
    let app = Router::new().nest_service("/mcp", service);
    axum::serve(tokio::net::TcpListener::bind("127.0.0.1:9000").await?, app).await
}
