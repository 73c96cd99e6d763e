use axum::{
    extract::Request,
    http::{header, StatusCode},
    middleware::{self, Next},
    response::Response,
    Router,
};
use rmcp::transport::streamable_http_server::{
    session::local::LocalSessionManager, StreamableHttpServerConfig, StreamableHttpService,
};

#[derive(Clone)]
struct Vault;

impl rmcp::ServerHandler for Vault {}

async fn require_auth(request: Request, next: Next) -> Result<Response, StatusCode> {
    let expected = std::env::var("VAULT_KEY").map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
    match request.headers().get(header::AUTHORIZATION) {
        Some(value) if value.as_bytes() == format!("Bearer {expected}").as_bytes() => {
            Ok(next.run(request).await)
        }
        _ => Err(StatusCode::UNAUTHORIZED),
    }
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let service = StreamableHttpService::new(
        || Ok(Vault),
        LocalSessionManager::default().into(),
        StreamableHttpServerConfig::default(),
    );
    let app = Router::new()
        .nest_service("/mcp", service)
        .layer(middleware::from_fn(require_auth));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:8000").await?;
    axum::serve(listener, app).await?;
    Ok(())
}
