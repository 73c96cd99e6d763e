#[rustfmt::skip]
mod auth;
mod timer;

use axum::Router;
use rmcp::{
    transport::{
        stdio,
        streamable_http_server::{
            session::local::LocalSessionManager, StreamableHttpServerConfig, StreamableHttpService,
        },
    },
    ServiceExt,
};
use timer::Timer;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let timer = Timer::default();
    if std::env::args().any(|arg| arg == "--stdio") {
        run_stdio(timer).await
    } else {
        run_http(timer).await
    }
}

async fn run_stdio(timer: Timer) -> anyhow::Result<()> {
    let server = timer.serve(stdio()).await?;
    server.waiting().await?;
    Ok(())
}

async fn run_http(timer: Timer) -> anyhow::Result<()> {
    let port: u16 = std::env::var("PORT")
        .unwrap_or_else(|_| "8000".to_string())
        .parse()?;
    let service = StreamableHttpService::new(
        move || Ok(timer.clone()),
        LocalSessionManager::default().into(),
        StreamableHttpServerConfig::default(),
    );
    let auth = crate::auth::Auth::from_env_or_exit("/mcp");
    let router = Router::new()
        .merge(auth.routes())
        .nest_service("/mcp", auth.protect(service));
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await?;
    axum::serve(listener, router).await?;
    Ok(())
}
