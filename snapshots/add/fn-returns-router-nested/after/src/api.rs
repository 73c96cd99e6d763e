use axum::Router;
use rmcp::transport::streamable_http_server::{session::local::LocalSessionManager, StreamableHttpService};

use crate::trees::Trees;

/// Everything below `/api`.
pub fn router() -> Router {
    let service = StreamableHttpService::new(|| Ok(Trees::new()), LocalSessionManager::default().into(), Default::default());

    let auth = crate::auth::Auth::from_env_or_exit("/api/mcp");
    Router::new().nest_service("/mcp", auth.protect(service))
}
