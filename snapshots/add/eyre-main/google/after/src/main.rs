use axum::Router;
use eyre::{Result, WrapErr};
use rmcp::{
    ServerHandler, tool, tool_handler, tool_router,
    transport::streamable_http_server::{
        StreamableHttpService, session::local::LocalSessionManager,
    },
};
use tokio::net::TcpListener;

mod auth;

#[derive(Clone)]
struct Chart;

#[tool_router]
impl Chart {
    #[tool(description = "The star that does not move")]
    async fn polaris(&self) -> String {
        "2h 31m 49s, +89° 15′".to_owned()
    }
}

#[tool_handler]
impl ServerHandler for Chart {}

fn port() -> Result<u16> {
    let text = std::env::var("PORT").wrap_err("PORT is missing")?;
    text.parse().wrap_err_with(|| format!("PORT={text}"))
}

#[tokio::main]
async fn main() -> Result<()> {
    let service = StreamableHttpService::new(
        || Ok(Chart),
        LocalSessionManager::default().into(),
        Default::default(),
    );
    let auth = crate::auth::Auth::from_env_or_exit("/mcp");
    let app = Router::new()
        .merge(auth.routes())
        .nest_service("/mcp", auth.protect(service));
    let listener = TcpListener::bind(("127.0.0.1", port()?)).await?;
    axum::serve(listener, app).await.wrap_err("cannot serve")
}
