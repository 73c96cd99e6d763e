use rust_mcp_sdk::mcp_server::{hyper_server, HyperServerOptions};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let server = hyper_server::create_server(details(), Handler, HyperServerOptions::default());
    server.start().await?;
    Ok(())
}
