use rmcp::{tool, tool_handler, tool_router, ServerHandler};

#[derive(Clone)]
pub struct Tides;

#[tool_router]
impl Tides {
    #[tool(description = "The next high water")]
    async fn high_water(&self) -> String {
        String::from("04:12")
    }
}

#[tool_handler]
impl ServerHandler for Tides {}
