#[derive(Clone)]
pub struct Actor;

impl rmcp::ServerHandler for Actor {}
