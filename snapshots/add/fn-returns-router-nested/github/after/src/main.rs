mod api;
#[rustfmt::skip]
mod auth;
mod trees;

use axum::Router;
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> Result<(), std::io::Error> {
    let port = std::env::var("PORT").unwrap_or_else(|_| "9090".to_string());
    let auth = crate::auth::Auth::from_env_or_exit("/api/mcp");
    let app = Router::new()
        .merge(auth.routes())
        .nest("/api", api::router());
    let listener = TcpListener::bind(format!("127.0.0.1:{port}")).await?;
    axum::serve(listener, app).await
}
