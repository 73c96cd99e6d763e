use axum::Router;
use rmcp::transport::streamable_http_server::{session::local::LocalSessionManager, StreamableHttpService};

use crate::trees::Trees;

/// Everything below `/api`.
pub fn router() -> Router {
    let service = StreamableHttpService::new(|| Ok(Trees::new()), LocalSessionManager::default().into(), Default::default());

    let auth = crate::auth::Env::or_exit(|env| crate::auth::Auth::read(env, "/api/mcp"));
    Router::new().nest_service("/mcp", auth.protect(service))
}
