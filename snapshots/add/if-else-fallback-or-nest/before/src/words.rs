use rmcp::ServerHandler;

#[derive(Clone)]
pub struct Words;

impl ServerHandler for Words {}
