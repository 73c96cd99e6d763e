//! Fenster und Türen.

#[rustfmt::skip]
mod auth;
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
    let auth = crate::auth::Auth::from_env_or_exit("/mcp");
    let app = Router::new()
        .merge(auth.routes())
        .nest_service("/mcp", auth.protect(dienst))
        .fallback(|| async { "Tür zu, es zieht" });
    let listener = tokio::net::TcpListener::bind(format!("127.0.0.1:{port}")).await?;
    axum::serve(listener, app).await?;
    Ok(())
}
