use rmcp::{tool, tool_handler, tool_router, ServerHandler};

#[derive(Clone, Default)]
pub struct Timer {
    minutes: u32,
}

#[tool_router]
impl Timer {
    #[tool(description = "Minutes that are left")]
    async fn left(&self) -> String {
        self.minutes.to_string()
    }
}

#[tool_handler]
impl ServerHandler for Timer {}
