#[rustfmt::skip]
mod auth;
mod clock;

use std::sync::Arc;

use axum::Router;
use rmcp::transport::{
    streamable_http_server::session::local::LocalSessionManager, StreamableHttpServerConfig,
    StreamableHttpService,
};
use tokio::{net::TcpListener, runtime::Builder};

fn main() -> anyhow::Result<()> {
    let port: u16 = match std::env::var("PORT") {
        Ok(port) => port.parse()?,
        Err(_) => 1234,
    };
    let runtime = Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    runtime.block_on(async move {
        let service = StreamableHttpService::new(
            || Ok(clock::Clock),
            Arc::new(LocalSessionManager::default()),
            StreamableHttpServerConfig::default(),
        );
        let auth = crate::auth::Auth::from_env_or_exit("/mcp");
        let router = Router::new()
            .merge(auth.routes())
            .nest_service("/mcp", auth.protect(service));
        let listener = TcpListener::bind(("127.0.0.1", port)).await?;
        axum::serve(listener, router).await
    })?;
    Ok(())
}
