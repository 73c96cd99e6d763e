use rmcp::ServerHandler;

#[derive(Clone)]
pub(crate) struct Seeds;

impl ServerHandler for Seeds {}
