//! What is noted.

use rmcp::{ServerHandler, tool, tool_handler, tool_router};

/// The notes of one person.
#[derive(Clone, Debug, Default)]
pub struct Notes {
    lines: Vec<String>,
}

#[tool_router]
impl Notes {
    #[tool(description = "All notes, one on each line")]
    async fn all(&self) -> String {
        self.lines.join("\n")
    }
}

#[tool_handler]
impl ServerHandler for Notes {}
