use rmcp::{transport::sse_server::SseServer, ServerHandler};

#[derive(Clone)]
struct Feed;

impl ServerHandler for Feed {}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let cancel = SseServer::serve("127.0.0.1:8000".parse()?)
        .await?
        .with_service(|| Feed);
    tokio::signal::ctrl_c().await?;
    cancel.cancel();
    Ok(())
}
