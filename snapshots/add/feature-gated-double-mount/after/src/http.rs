use std::env;
use std::io;

use axum::Router;
use rmcp::transport::streamable_http_server::session::local::LocalSessionManager;
use rmcp::transport::streamable_http_server::StreamableHttpService;
use tokio::net::TcpListener;

use crate::clipboard::Clipboard;

fn port() -> String {
    env::var("PORT").unwrap_or("7777".to_string())
}

/// For everybody on this machine, with a page that says what this is.
pub async fn serve() -> io::Result<()> {
    let service = StreamableHttpService::new(
        || Ok(Clipboard::default()),
        LocalSessionManager::default().into(),
        Default::default(),
    );
    let auth = crate::auth::Auth::from_env_or_exit("/mcp");
    let app = Router::new()
        .merge(auth.routes())
        .route("/", axum::routing::get(|| async { "clipboard-mcp" }))
        .nest_service("/mcp", auth.protect(service));
    axum::serve(
        TcpListener::bind(format!("127.0.0.1:{}", port())).await?,
        app,
    )
    .await
}

/// Without the page.
pub async fn serve_private() -> io::Result<()> {
    let service = StreamableHttpService::new(
        || Ok(Clipboard::default()),
        LocalSessionManager::default().into(),
        Default::default(),
    );
    let auth = crate::auth::Auth::from_env_or_exit("/mcp");
    let app = Router::new()
        .merge(auth.routes())
        .nest_service("/mcp", auth.protect(service));
    axum::serve(TcpListener::bind(format!("[::1]:{}", port())).await?, app).await
}
