use rmcp::{transport::streamable_http_server as http, ServerHandler};

#[rustfmt::skip]
mod auth;

#[derive(Clone)]
struct Bell;
impl ServerHandler for Bell {}

#[tokio::main]
async fn main() {
    let port = std::env::var("PORT").unwrap_or_default();
    let port: u16 = port.parse().unwrap_or(3000);
    let sessions = http::session::local::LocalSessionManager::default();
    let service = http::StreamableHttpService::new(|| Ok(Bell), sessions.into(), Default::default());
    let auth = crate::auth::Auth::from_env_or_exit("/mcp");
    let app = axum::Router::new()
        .merge(auth.routes())
        .nest_service("/mcp", auth.protect(service));

    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await.unwrap();
    println!("http://{}/mcp", listener.local_addr().unwrap());
    axum::serve(listener, app).await.unwrap();
}
