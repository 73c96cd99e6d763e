use axum::Router;
use rmcp::transport::streamable_http_server::{
    session::local::LocalSessionManager, StreamableHttpServerConfig, StreamableHttpService,
};

use crate::board::Board;

pub async fn run(board: Board) -> anyhow::Result<()> {
    let port: u16 = std::env::var("PORT")
        .unwrap_or_else(|_| "8642".into())
        .parse()?;
    let service = StreamableHttpService::new(
        move || Ok(board.clone()),
        LocalSessionManager::default().into(),
        StreamableHttpServerConfig::default(),
    );
    let auth = crate::auth::Auth::from_env_or_exit("/mcp");
    let app = Router::new()
        .merge(auth.routes())
        .nest_service("/mcp", auth.protect(service));
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await?;
    axum::serve(listener, app).await?;
    Ok(())
}
