use axum::Router;
use rmcp::handler::server::ServerHandler;
use rmcp::transport::streamable_http_server::session::never::NeverSessionManager;
use rmcp::transport::streamable_http_server::tower::{
    StreamableHttpServerConfig, StreamableHttpService,
};

#[rustfmt::skip]
mod auth;

#[derive(Clone)]
struct Lean;

impl ServerHandler for Lean {}

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::io::Result<()> {
    let config = StreamableHttpServerConfig::default().with_legacy_session_mode(false);
    let service =
        StreamableHttpService::new(|| Ok(Lean), NeverSessionManager::default().into(), config);
    let auth = crate::auth::Auth::from_env_or_exit("/mcp");
    let router = Router::new()
        .merge(auth.routes())
        .nest_service("/mcp", auth.protect(service));
    let port = std::env::var("PORT").unwrap_or("8000".to_owned());
    let listener = tokio::net::TcpListener::bind(format!("127.0.0.1:{port}")).await?;
    axum::serve(listener, router).await
}
