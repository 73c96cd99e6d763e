use axum::Router;
use rmcp::transport::streamable_http_server::{
    session::local::LocalSessionManager, StreamableHttpServerConfig, StreamableHttpService,
};

use crate::ships::Ships;

pub fn router() -> Router {
    let service = StreamableHttpService::new(
        || Ok(Ships),
        LocalSessionManager::default().into(),
        StreamableHttpServerConfig::default(),
    );
    Router::new().nest_service("/mcp", service)
}
