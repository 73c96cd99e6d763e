//! Fenster und Türen.

mod haus;

use axum::Router;
use rmcp::transport::streamable_http_server::{
    session::local::LocalSessionManager, StreamableHttpService,
};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let port = std::env::var("PORT").unwrap_or_else(|_| "8000".into());
    let dienst = StreamableHttpService::new(
        || Ok(haus::Haus), // für jede Sitzung neu
        LocalSessionManager::default().into(),
        Default::default(),
    );
    let app = Router::new()
        .nest_service("/mcp", dienst)
        .fallback(|| async { "Tür zu, es zieht" });
    let listener = tokio::net::TcpListener::bind(format!("127.0.0.1:{port}")).await?;
    axum::serve(listener, app).await?;
    Ok(())
}
