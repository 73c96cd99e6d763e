use std::{error::Error, sync::Arc};

use axum::Router;
use rmcp::{
    tool, tool_handler, tool_router,
    transport::streamable_http_server::{
        session::local::LocalSessionManager, StreamableHttpServerConfig, StreamableHttpService,
    },
    ServerHandler,
};

#[rustfmt::skip]
mod auth;

#[derive(Debug, Clone)]
pub struct Thermometer {
    celsius: f32,
}

#[tool_router]
impl Thermometer {
    #[tool(description = "Reads the thermometer")]
    async fn read(&self) -> String {
        format!("{:.1} °C", self.celsius)
    }
}

#[tool_handler]
impl ServerHandler for Thermometer {}

const MOUNT: &str = "/mcp";

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error + Send + Sync>> {
    let port = std::env::var("PORT")?.parse::<u16>()?;

    let service = StreamableHttpService::new(
        || Ok(Thermometer { celsius: 21.5 }),
        Arc::new(LocalSessionManager::default()),
        StreamableHttpServerConfig::default(),
    );
    let auth = crate::auth::Auth::from_env_or_exit("/mcp");
    let app = Router::new()
        .merge(auth.routes())
        .nest_service(MOUNT, auth.protect(service));

    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await?;
    tracing::debug!(%port, "listening");
    axum::serve(listener, app).await?;
    Ok(())
}
