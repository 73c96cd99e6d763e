//! The recipes themselves.

use rmcp::{tool, tool_handler, tool_router, ServerHandler};

#[derive(Clone)]
pub struct Book;

#[tool_router]
impl Book {
    #[tool(description = "What could be cooked today")]
    async fn suggest(&self) -> String {
        "Lentil soup".to_string()
    }
}

#[tool_handler]
impl ServerHandler for Book {}
