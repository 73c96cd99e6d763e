use rmcp::ServerHandler;

#[derive(Clone)]
pub struct Plants;

impl ServerHandler for Plants {}
