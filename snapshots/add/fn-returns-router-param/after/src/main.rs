#[rustfmt::skip]
mod auth;
mod plants;
mod routes;

use plants::Plants;
use rmcp::transport::streamable_http_server::{
    session::local::LocalSessionManager, StreamableHttpService,
};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let port = std::env::var("PORT").unwrap_or_else(|_| String::from("8300"));
    let plants = StreamableHttpService::new(
        || Ok(Plants),
        LocalSessionManager::default().into(),
        Default::default(),
    );
    let app = axum::Router::new()
        .merge(routes::mcp(plants))
        .fallback(|| async { "nothing grows here" });
    let listener = tokio::net::TcpListener::bind(format!("localhost:{port}")).await?;
    axum::serve(listener, app).await?;
    Ok(())
}
