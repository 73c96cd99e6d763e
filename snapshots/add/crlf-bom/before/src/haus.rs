#[derive(Clone)]
pub struct Haus;

impl rmcp::ServerHandler for Haus {}
