use rmcp::{tool, tool_handler, tool_router, ServerHandler};

#[derive(Clone)]
pub struct LibraryTools;

#[tool_router]
impl LibraryTools {
    #[tool(description = "All books on the shelf")]
    async fn list_books(&self) -> String {
        serde_json::to_string(&library::shelf()).unwrap_or_default()
    }
}

#[tool_handler]
impl ServerHandler for LibraryTools {}
