use std::{env, sync::Arc};

use axum::Router;
use rmcp::transport::streamable_http_server::{
    session::local::LocalSessionManager, StreamableHttpServerConfig, StreamableHttpService,
};
use rmcp::{tool, tool_handler, tool_router, ServerHandler};

#[rustfmt::skip]
mod auth;

#[derive(Clone)]
struct Bookmarks {
    base: Arc<str>,
}

#[tool_router]
impl Bookmarks {
    #[tool(description = "Where this server is")]
    async fn home(&self) -> String {
        self.base.to_string()
    }
}

#[tool_handler]
impl ServerHandler for Bookmarks {}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    dotenvy::dotenv().ok();
    let port = env::var("PORT")?;
    let base: Arc<str> = env::var("BASE_URL")?.into();

    let service = StreamableHttpService::new(
        move || Ok(Bookmarks { base: base.clone() }),
        Arc::new(LocalSessionManager::default()),
        StreamableHttpServerConfig::default(),
    );
    let auth = crate::auth::Auth::from_env_or_exit("/mcp");
    let router = Router::new()
        .merge(auth.routes())
        .nest_service("/mcp", auth.protect(service));
    let listener = tokio::net::TcpListener::bind(format!("127.0.0.1:{port}")).await?;
    axum::serve(listener, router).await?;
    Ok(())
}
