use std::sync::{
    atomic::{AtomicI64, Ordering},
    Arc,
};

use rmcp::{
    tool, tool_handler, tool_router,
    transport::streamable_http_server::{
        session::local::LocalSessionManager, StreamableHttpServerConfig, StreamableHttpService,
    },
    ServerHandler,
};

#[rustfmt::skip]
mod auth;

/// A number that everybody may change.
#[derive(Clone, Default)]
struct Counter {
    value: Arc<AtomicI64>,
}

#[tool_router]
impl Counter {
    #[tool(description = "Adds one and tells the result")]
    async fn increment(&self) -> String {
        (self.value.fetch_add(1, Ordering::SeqCst) + 1).to_string()
    }
}

#[tool_handler]
impl ServerHandler for Counter {}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let port = std::env::var("PORT").unwrap_or_else(|_| "8000".into());
    let counter = Counter::default();

    let service = StreamableHttpService::new(
        move || Ok(counter.clone()),
        LocalSessionManager::default().into(),
        StreamableHttpServerConfig::default(),
    );

    let auth = crate::auth::Auth::from_env_or_exit("/mcp");
    let router = axum::Router::new()
        .merge(auth.routes())
        .nest_service("/mcp", auth.protect(service));
    let listener = tokio::net::TcpListener::bind(format!("127.0.0.1:{port}")).await?;
    axum::serve(listener, router)
        .with_graceful_shutdown(async { tokio::signal::ctrl_c().await.unwrap() })
        .await?;
    Ok(())
}
