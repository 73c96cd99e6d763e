#[rustfmt::skip]
mod auth;
mod factory;

use axum::{routing::get, Router};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let shed = factory::Shed { spades: 3 };

    let auth = crate::auth::Auth::from_env_or_exit("/mcp");
    let app = Router::new()
        .merge(auth.routes())
        .route("/", get(|| async { "the toolshed" }))
        .nest_service("/mcp", auth.protect(factory::mcp_service(shed)));

    let port = std::env::var("PORT").unwrap_or_else(|_| "8000".into());
    let listener = tokio::net::TcpListener::bind(format!("127.0.0.1:{port}")).await?;
    axum::serve(listener, app).await?;
    Ok(())
}
