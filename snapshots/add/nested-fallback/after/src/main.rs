use axum::{routing::get, Router};
use rmcp::transport::streamable_http_server::session::local::LocalSessionManager;
use rmcp::transport::StreamableHttpService;
use rmcp::ServerHandler;

#[rustfmt::skip]
mod auth;

#[derive(Clone)]
struct Almanac;

impl ServerHandler for Almanac {}

#[tokio::main]
async fn main() {
    let service = StreamableHttpService::new(
        || Ok(Almanac),
        LocalSessionManager::default().into(),
        Default::default(),
    );

    // `/mcp` and `/mcp/` alike
    let auth = crate::auth::Auth::from_env_or_exit("/mcp");
    let mcp_router = Router::new().fallback_service(auth.protect(service));

    let app = Router::new()
        .merge(auth.routes())
        .nest("/mcp", mcp_router)
        .route("/version", get(|| async { env!("CARGO_PKG_VERSION") }));

    let port = std::env::var("PORT").unwrap_or_else(|_| "8080".to_string());
    let listener = tokio::net::TcpListener::bind(format!("127.0.0.1:{port}"))
        .await
        .expect("the port is free");
    axum::serve(listener, app).await.expect("the server runs");
}
