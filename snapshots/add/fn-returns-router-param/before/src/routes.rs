use axum::{routing::get, Router};
use rmcp::transport::streamable_http_server::{
    session::local::LocalSessionManager, StreamableHttpService,
};

use crate::plants::Plants;

pub fn mcp(service: StreamableHttpService<Plants, LocalSessionManager>) -> Router {
    Router::new()
        .route("/healthz", get(|| async { "ok" }))
        .nest_service("/mcp", service)
}
