use std::sync::Arc;

use rmcp::{tool, tool_handler, tool_router, ServerHandler};

use crate::state::AppState;

#[derive(Clone)]
pub struct Desk {
    state: Arc<AppState>,
}

#[tool_router]
impl Desk {
    pub fn new(state: Arc<AppState>) -> Self {
        Self { state }
    }

    #[tool(description = "How many tickets are open")]
    async fn open_tickets(&self) -> String {
        self.state.open().to_string()
    }
}

#[tool_handler]
impl ServerHandler for Desk {}
