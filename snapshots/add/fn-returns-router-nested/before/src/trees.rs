use rmcp::{tool, tool_handler, tool_router, ServerHandler};

#[derive(Clone)]
pub struct Trees {
    count: usize,
}

#[tool_router]
impl Trees {
    pub fn new() -> Self {
        Self { count: 12 }
    }

    #[tool(description = "Counts the trees")]
    async fn count(&self) -> String {
        self.count.to_string()
    }
}

#[tool_handler]
impl ServerHandler for Trees {}
