mod http;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    http::serve().await
}
