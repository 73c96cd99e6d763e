use axum::Router;
use rmcp::transport::streamable_http_server::{
    session::local::LocalSessionManager, StreamableHttpService,
};
use rmcp::ServerHandler;

#[rustfmt::skip]
mod auth;

#[derive(Clone)]
struct Reading;
impl ServerHandler for Reading {}

#[derive(Clone)]
struct Writing;
impl ServerHandler for Writing {}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let port: u16 = std::env::var("PORT").unwrap_or("8000".into()).parse()?;

    let readers = StreamableHttpService::new(
        || Ok(Reading),
        LocalSessionManager::default().into(),
        Default::default(),
    );
    let writers = StreamableHttpService::new(
        || Ok(Writing),
        LocalSessionManager::default().into(),
        Default::default(),
    );

    let auth = crate::auth::Auth::from_env_or_exit("");
    let app = Router::new()
        .merge(auth.routes())
        .nest_service("/read/mcp", auth.protect(readers))
        .nest_service("/write/mcp", auth.protect(writers));

    axum::serve(
        tokio::net::TcpListener::bind(("127.0.0.1", port)).await?,
        app,
    )
    .await?;
    Ok(())
}
