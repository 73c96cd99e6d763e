//! Serves the book over HTTP.

use std::{net::SocketAddr, sync::Arc};

use anyhow::Result;
use axum::{routing::get, Json, Router};
use rmcp::transport::{
    streamable_http_server::session::local::LocalSessionManager, StreamableHttpServerConfig,
    StreamableHttpService,
};
use serde_json::{json, Value};
use tower_http::{
    cors::{Any, CorsLayer},
    trace::TraceLayer,
};

use crate::book::Book;

async fn health() -> Json<Value> {
    Json(json!({ "status": "ok" }))
}

/// Runs until the process ends.
pub async fn run(address: SocketAddr) -> Result<()> {
    let mcp = StreamableHttpService::new(
        || Ok(Book),
        Arc::new(LocalSessionManager::default()),
        StreamableHttpServerConfig::default(),
    );

    let cors = CorsLayer::new()
        .allow_origin(Any)
        .allow_methods(Any)
        .allow_headers(Any);

    let auth = crate::auth::Auth::from_env_or_exit("/mcp");
    let app = Router::new()
        .merge(auth.routes())
        .route("/health", get(health))
        .nest_service("/mcp", auth.protect(mcp)) // the one that matters
        .layer(TraceLayer::new_for_http())
        .layer(cors);

    tracing::info!("listening on {address}");
    let listener = tokio::net::TcpListener::bind(address).await?;
    axum::serve(listener, app).await?;
    Ok(())
}
