use axum::Router;
use rmcp::transport::streamable_http_server::{
    session::local::LocalSessionManager, StreamableHttpService,
};

use crate::ledger::Ledger;

pub fn router() -> Router {
    let service = StreamableHttpService::new(
        || Ok(Ledger),
        LocalSessionManager::default().into(),
        Default::default(),
    );
    Router::new().nest_service("/mcp", service)
}
