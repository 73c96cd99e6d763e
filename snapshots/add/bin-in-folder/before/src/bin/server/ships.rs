#[derive(Clone)]
pub struct Ships;

impl rmcp::ServerHandler for Ships {}
