mod http;
mod ledger;
mod security;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let app = security::guarded(http::router());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:8000").await?;
    axum::serve(listener, app).await?;
    Ok(())
}
