use axum::Router;
use rmcp::transport::streamable_http_server::{
    session::local::LocalSessionManager, StreamableHttpService,
};

#[derive(Clone)]
struct Morning;

impl rmcp::ServerHandler for Morning {}

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let service = StreamableHttpService::new(
        || Ok(Morning),
        LocalSessionManager::default().into(),
        Default::default(),
    );
    let app = Router::new().nest_service("/mcp", service);
    axum::serve(tokio::net::TcpListener::bind("127.0.0.1:8000").await?, app).await
}
