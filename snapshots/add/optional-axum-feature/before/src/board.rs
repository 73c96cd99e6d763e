use rmcp::{tool, tool_handler, tool_router, ServerHandler};

#[derive(Clone, Debug, Default)]
pub struct Board {
    moves: u32,
}

#[tool_router]
impl Board {
    #[tool(description = "How many moves were made")]
    async fn moves(&self) -> String {
        self.moves.to_string()
    }
}

#[tool_handler]
impl ServerHandler for Board {}
