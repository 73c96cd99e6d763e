#[rustfmt::skip]
mod auth;
mod mcp;

use axum::{response::Html, routing::get, Router};

async fn index() -> Html<&'static str> {
    Html("<h1>Pages</h1>")
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let website = Router::new().route("/", get(index));
    let app = mcp::mount(website);

    let port: u16 = std::env::var("PORT")
        .unwrap_or_else(|_| "5000".into())
        .parse()?;
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await?;
    axum::serve(listener, app).await?;
    Ok(())
}
