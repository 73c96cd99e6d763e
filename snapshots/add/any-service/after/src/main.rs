use std::{net::SocketAddr, sync::Arc};

use axum::{
    routing::{any_service, get},
    Router,
};
use rmcp::transport::streamable_http_server::{
    session::local::LocalSessionManager, StreamableHttpServerConfig, StreamableHttpService,
};

#[rustfmt::skip]
mod auth;
mod vane;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let port = std::env::var("PORT").map_or(Ok(8888), |text| text.parse())?;
    let address = SocketAddr::from(([127, 0, 0, 1], port));

    let mcp_service = StreamableHttpService::new(
        || Ok(vane::Vane),
        Arc::new(LocalSessionManager::default()),
        StreamableHttpServerConfig::default()
            .with_json_response(true)
            .with_sse_retry(None),
    );

    let auth = crate::auth::Auth::from_env_or_exit("/mcp");
    let app = Router::new()
        .merge(auth.routes())
        .route("/health", get(|| async { "OK" }))
        .route("/mcp", any_service(auth.protect(mcp_service)));

    let listener = tokio::net::TcpListener::bind(address).await?;
    axum::serve(listener, app.into_make_service()).await?;
    Ok(())
}
