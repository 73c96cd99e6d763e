use std::{sync::Arc, time::Duration};

use anyhow::Context;
use axum::Router;
use rmcp::transport::{
    streamable_http_server::session::local::LocalSessionManager, StreamableHttpServerConfig,
    StreamableHttpService,
};
use rmcp::ServerHandler;
use tower::ServiceBuilder;

#[rustfmt::skip]
mod auth;

#[derive(Clone)]
struct Echo;

impl ServerHandler for Echo {}

async fn start(port: u16) -> anyhow::Result<()> {
    let config =
        StreamableHttpServerConfig::default().with_sse_keep_alive(Some(Duration::from_secs(20)));
    let service = StreamableHttpService::new(
        || Ok(Echo),
        Arc::new(LocalSessionManager::default()),
        config,
    );
    let service = ServiceBuilder::new()
        .map_request(|request: axum::extract::Request| {
            println!("{} {}", request.method(), request.uri());
            request
        })
        .service(service);

    let auth = crate::auth::Auth::from_env_or_exit("");
    let app = Router::new()
        .merge(auth.routes())
        .route_service("/", auth.protect(service));
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port))
        .await
        .with_context(|| format!("port {port}"))?;
    axum::serve(listener, app)
        .await
        .context("the server broke off")
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let port = std::env::var("PORT").context("PORT is not set")?;
    start(port.parse()?).await
}
