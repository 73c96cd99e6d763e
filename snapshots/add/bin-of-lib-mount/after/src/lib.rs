#[rustfmt::skip]
mod auth;
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
        let auth = crate::auth::Auth::from_env_or_exit("/mcp");
        Router::new()
            .merge(auth.routes())
            .nest_service("/mcp", auth.protect(service))
    }
}
