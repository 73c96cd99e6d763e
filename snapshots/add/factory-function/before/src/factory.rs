use rmcp::{
    tool, tool_handler, tool_router,
    transport::streamable_http_server::{
        session::local::LocalSessionManager, StreamableHttpServerConfig, StreamableHttpService,
    },
    ServerHandler,
};

#[derive(Clone)]
pub struct Shed {
    pub spades: usize,
}

#[tool_router]
impl Shed {
    #[tool(description = "How many spades there are")]
    async fn spades(&self) -> String {
        self.spades.to_string()
    }
}

#[tool_handler]
impl ServerHandler for Shed {}

/// The service, ready to be mounted.
pub fn mcp_service(shed: Shed) -> StreamableHttpService<Shed, LocalSessionManager> {
    StreamableHttpService::new(
        move || Ok(shed.clone()),
        LocalSessionManager::default().into(),
        StreamableHttpServerConfig::default(),
    )
}
