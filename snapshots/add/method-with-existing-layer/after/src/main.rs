#[rustfmt::skip]
mod auth;
mod server;
mod tides;

use server::TideServer;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let port = std::env::var("PORT").ok().and_then(|p| p.parse::<u16>().ok()).unwrap_or(8085);
    TideServer::new(port).serve().await
}
