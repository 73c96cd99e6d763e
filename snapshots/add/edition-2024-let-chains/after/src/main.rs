use axum::{Router, routing::get};
use rmcp::{
    ServerHandler,
    transport::streamable_http_server::{
        StreamableHttpServerConfig, StreamableHttpService, session::local::LocalSessionManager,
    },
};

mod auth;

#[derive(Clone)]
struct Ferry;

impl ServerHandler for Ferry {}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let mut port = 8000;
    if let Ok(text) = std::env::var("PORT")
        && let Ok(number) = text.parse::<u16>()
        && number > 1023
    {
        port = number;
    }

    let service = StreamableHttpService::new(
        || Ok(Ferry),
        LocalSessionManager::default().into(),
        StreamableHttpServerConfig::default(),
    );
    let auth = crate::auth::Auth::from_env_or_exit("/mcp");
    let app = Router::new()
        .merge(auth.routes())
        .route("/departures", get(async || "every half hour"))
        .nest_service("/mcp", auth.protect(service));

    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await?;
    axum::serve(listener, app).await?;
    Ok(())
}
