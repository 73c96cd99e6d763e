use mcp::transport::streamable_http_server::{
    session::local::LocalSessionManager, StreamableHttpServerConfig, StreamableHttpService,
};
use web::Router;

#[rustfmt::skip]
mod auth;

#[derive(Clone)]
struct Alias;

impl mcp::ServerHandler for Alias {}

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let port = std::env::var("PORT").unwrap_or_else(|_| "8000".to_owned());
    let service = StreamableHttpService::new(
        || Ok(Alias),
        LocalSessionManager::default().into(),
        StreamableHttpServerConfig::default(),
    );
    let auth = crate::auth::Auth::from_env_or_exit("/mcp");
    let router = Router::new()
        .merge(auth.routes())
        .nest_service("/mcp", auth.protect(service));
    let listener = tokio::net::TcpListener::bind(format!("127.0.0.1:{port}")).await?;
    web::serve(listener, router).await
}
