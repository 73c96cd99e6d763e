use rmcp::{
    model::{ServerCapabilities, ServerInfo},
    transport::streamable_http_server::{
        session::local::LocalSessionManager, StreamableHttpServerConfig, StreamableHttpService,
    },
    ServerHandler,
};

#[rustfmt::skip]
mod auth;

#[derive(Clone)]
struct Minimal;

impl ServerHandler for Minimal {
    fn get_info(&self) -> ServerInfo {
        ServerInfo {
            capabilities: ServerCapabilities::builder().enable_tools().build(),
            instructions: Some("There is nothing here yet.".into()),
            ..Default::default()
        }
    }
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let port = std::env::var("PORT").unwrap_or_else(|_| "8000".into());
    let service = StreamableHttpService::new(
        || Ok(Minimal),
        LocalSessionManager::default().into(),
        StreamableHttpServerConfig {
            stateful_mode: true,
            ..Default::default()
        },
    );
    let auth = crate::auth::Auth::from_env_or_exit("/mcp");
    let router = axum::Router::new()
        .merge(auth.routes())
        .nest_service("/mcp", auth.protect(service));
    let listener = tokio::net::TcpListener::bind(format!("127.0.0.1:{port}")).await?;
    axum::serve(listener, router).await?;
    Ok(())
}
