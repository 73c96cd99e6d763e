use axum::{http::StatusCode, routing::get, Router};
use rmcp::transport::streamable_http_server::{
    session::local::LocalSessionManager, StreamableHttpService,
};

use crate::words::Words;

async fn ready() -> StatusCode {
    StatusCode::NO_CONTENT
}

pub async fn serve(path: &str, port: u16) -> anyhow::Result<()> {
    let service = StreamableHttpService::new(
        || Ok(Words),
        LocalSessionManager::default().into(),
        Default::default(),
    );

    let auth = crate::auth::Auth::from_env_or_exit("");
    let mut router = Router::new()
        .merge(auth.routes())
        .route("/ready", get(ready));
    // axum does not nest at the root
    router = if path == "/" {
        router.fallback_service(auth.protect(service))
    } else {
        router.nest_service(path, auth.protect(service))
    };

    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await?;
    axum::serve(listener, router).await?;
    Ok(())
}
