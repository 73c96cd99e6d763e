mod seeds;
pub mod web {
    //! The web side.

    use axum::Router;
    use rmcp::transport::streamable_http_server::{
        session::local::LocalSessionManager, StreamableHttpServerConfig, StreamableHttpService,
    };

    use crate::seeds::Seeds;

    pub fn router() -> Router {
        let service = StreamableHttpService::new(
            || Ok(Seeds),
            LocalSessionManager::default().into(),
            StreamableHttpServerConfig::default(),
        );
        Router::new().nest_service("/mcp", service)
    }
}
