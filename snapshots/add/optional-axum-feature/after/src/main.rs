#[cfg(feature = "http")]
#[rustfmt::skip]
mod auth;
mod board;
#[cfg(feature = "http")]
mod http_server;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    #[cfg(feature = "http")]
    http_server::run(board::Board::default()).await?;
    #[cfg(not(feature = "http"))]
    println!("{:?}", board::Board::default());
    Ok(())
}
