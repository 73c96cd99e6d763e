#[rustfmt::skip]
mod auth;
mod serve;
mod words;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let path = std::env::args().nth(1).unwrap_or_else(|| "/mcp".to_owned());
    let port = std::env::var("PORT")
        .unwrap_or_else(|_| "8000".to_owned())
        .parse()?;
    serve::serve(&path, port).await
}
