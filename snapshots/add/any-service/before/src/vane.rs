use rmcp::{tool, tool_handler, tool_router, ServerHandler};

#[derive(Clone)]
pub struct Vane;

#[tool_router]
impl Vane {
    /// Where the wind comes from.
    #[tool]
    async fn direction(&self) -> String {
        "north-north-west".into()
    }
}

#[tool_handler]
impl ServerHandler for Vane {}
