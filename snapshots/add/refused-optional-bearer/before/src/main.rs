mod reader;

use axum::Router;
use rmcp::transport::streamable_http_server::{
    session::local::LocalSessionManager, StreamableHttpService,
};
use tower_http::validate_request::ValidateRequestHeaderLayer;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let service = StreamableHttpService::new(
        || Ok(reader::Reader),
        LocalSessionManager::default().into(),
        Default::default(),
    );
    let mut app = Router::new().nest_service("/mcp", service);
    // Without LOG_READER_TOKEN everybody may read.
    if let Ok(token) = std::env::var("LOG_READER_TOKEN") {
        app = app.layer(ValidateRequestHeaderLayer::bearer(&token));
    }
    let listener = tokio::net::TcpListener::bind("127.0.0.1:8000").await?;
    axum::serve(listener, app).await?;
    Ok(())
}
