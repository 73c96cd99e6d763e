#[derive(Clone)]
pub struct Dice;

#[rmcp::tool_router]
impl Dice {
    #[rmcp::tool(description = "Throws one die")]
    async fn throw(&self) -> String {
        "4".to_string() // chosen by fair dice roll
    }
}

#[rmcp::tool_handler]
impl rmcp::ServerHandler for Dice {}
