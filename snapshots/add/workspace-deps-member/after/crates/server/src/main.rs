#[rustfmt::skip]
mod auth;
mod config;
mod http;
mod tools;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let config = config::Config::from_env()?;
    http::serve(&config).await
}
