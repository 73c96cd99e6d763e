use axum::{routing::get, Router};
use rmcp::transport::streamable_http_server::{
    session::local::LocalSessionManager, StreamableHttpService,
};

use crate::plants::Plants;

pub fn mcp(service: StreamableHttpService<Plants, LocalSessionManager>) -> Router {
    let auth = crate::auth::Auth::from_env_or_exit("/mcp");
    Router::new()
        .merge(auth.routes())
        .route("/healthz", get(|| async { "ok" }))
        .nest_service("/mcp", auth.protect(service))
}
