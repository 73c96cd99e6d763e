use base64::{engine::general_purpose::STANDARD, Engine as _};
use rmcp::{tool, tool_handler, tool_router, ServerHandler};

#[derive(Clone)]
pub struct Tracker {
    client: reqwest::Client,
    nonce: String,
}

#[tool_router]
impl Tracker {
    pub fn new() -> anyhow::Result<Self> {
        let mut bytes = [0u8; 12];
        getrandom::getrandom(&mut bytes).map_err(|error| anyhow::anyhow!("{error}"))?;
        Ok(Self {
            client: reqwest::Client::new(),
            nonce: STANDARD.encode(bytes),
        })
    }

    #[tool(description = "Asks the carrier where the parcels are")]
    async fn parcels(&self) -> Result<String, String> {
        let request = self
            .client
            .get("http://localhost:9/parcels")
            .query(&[("nonce", &self.nonce)]);
        let response = request.send().await.map_err(|e| e.to_string())?;
        response.text().await.map_err(|e| e.to_string())
    }
}

#[tool_handler]
impl ServerHandler for Tracker {}
