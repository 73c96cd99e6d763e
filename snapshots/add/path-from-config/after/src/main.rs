#[rustfmt::skip]
mod auth;
mod config;
mod lamp;

use axum::Router;
use rmcp::transport::streamable_http_server::{
    session::local::LocalSessionManager, StreamableHttpService,
};

use crate::{config::Config, lamp::Lamp};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let config = Config::load()?;
    serve(&config).await
}

async fn serve(config: &Config) -> anyhow::Result<()> {
    let lamp = Lamp::new(config.colour.clone());
    let mcp = StreamableHttpService::new(
        move || Ok(lamp.clone()),
        LocalSessionManager::default().into(),
        Default::default(),
    );
    let auth = crate::auth::Auth::from_env_or_exit(&config.path);
    let router = Router::new()
        .merge(auth.routes())
        .nest_service(&config.path, auth.protect(mcp))
        .fallback(|| async { "a lighthouse" });
    let listener = tokio::net::TcpListener::bind((config.host.as_str(), config.port)).await?;
    axum::serve(listener, router).await?;
    Ok(())
}
