#[rustfmt::skip]
mod auth;
mod tracker;

use axum::Router;
use rmcp::transport::{
    streamable_http_server::session::local::LocalSessionManager, StreamableHttpServerConfig,
    StreamableHttpService,
};
use tracker::Tracker;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let port = std::env::var("PORT").unwrap_or_else(|_| "8000".into());
    let tracker = Tracker::new()?;
    let service = StreamableHttpService::new(
        move || Ok(tracker.clone()),
        LocalSessionManager::default().into(),
        StreamableHttpServerConfig::default(),
    );
    let auth = crate::auth::Auth::from_env_or_exit("/mcp");
    let app = Router::new()
        .merge(auth.routes())
        .nest_service("/mcp", auth.protect(service));
    let listener = tokio::net::TcpListener::bind(format!("127.0.0.1:{port}")).await?;
    axum::serve(listener, app).await?;
    Ok(())
}
