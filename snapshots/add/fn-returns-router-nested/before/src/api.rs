use axum::Router;
use rmcp::transport::streamable_http_server::{session::local::LocalSessionManager, StreamableHttpService};

use crate::trees::Trees;

/// Everything below `/api`.
pub fn router() -> Router {
    let service = StreamableHttpService::new(|| Ok(Trees::new()), LocalSessionManager::default().into(), Default::default());

    Router::new().nest_service("/mcp", service)
}
