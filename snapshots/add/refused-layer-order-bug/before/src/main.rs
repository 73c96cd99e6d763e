use axum::{
    extract::Request,
    http::StatusCode,
    middleware::{from_fn, Next},
    response::Response,
    routing::get,
    Router,
};
use rmcp::transport::streamable_http_server::{
    session::local::LocalSessionManager, StreamableHttpServerConfig, StreamableHttpService,
};

#[derive(Clone)]
struct Almost;

impl rmcp::ServerHandler for Almost {}

async fn bearer(request: Request, next: Next) -> Result<Response, StatusCode> {
    match request.headers().get("authorization") {
        Some(value) if value == "Bearer sesame" => Ok(next.run(request).await),
        _ => Err(StatusCode::UNAUTHORIZED),
    }
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let service = StreamableHttpService::new(
        || Ok(Almost),
        LocalSessionManager::default().into(),
        StreamableHttpServerConfig::default(),
    );
    // The layer covers what stands before it: not the MCP service.
    let app = Router::new()
        .route("/admin", get(|| async { "secrets" }))
        .layer(from_fn(bearer))
        .nest_service("/mcp", service);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:8000").await?;
    axum::serve(listener, app).await?;
    Ok(())
}
