use axum::{routing::get, Json, Router};
use rmcp::transport::streamable_http_server::{
    session::local::LocalSessionManager, StreamableHttpServerConfig, StreamableHttpService,
};
use serde_json::{json, Value};

#[derive(Clone)]
struct Calendar;

impl rmcp::ServerHandler for Calendar {}

async fn resource() -> Json<Value> {
    Json(json!({
        "resource": "https://calendar.example.com/mcp",
        "authorization_servers": ["https://login.example.com"],
    }))
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let service = StreamableHttpService::new(
        || Ok(Calendar),
        LocalSessionManager::default().into(),
        StreamableHttpServerConfig::default(),
    );
    let app = Router::new()
        .nest_service("/mcp", service)
        .route("/.well-known/oauth-protected-resource", get(resource));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:8000").await?;
    axum::serve(listener, app).await?;
    Ok(())
}
