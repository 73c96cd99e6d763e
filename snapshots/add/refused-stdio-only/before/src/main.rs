use rmcp::{tool, tool_handler, tool_router, transport::stdio, ServerHandler, ServiceExt};

#[derive(Clone)]
struct Scratchpad;

#[tool_router]
impl Scratchpad {
    #[tool(description = "Reads what was scratched")]
    async fn read(&self) -> String {
        "buy milk".to_string()
    }
}

#[tool_handler]
impl ServerHandler for Scratchpad {}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let service = Scratchpad.serve(stdio()).await?;
    service.waiting().await?;
    Ok(())
}
