use std::env::var;

#[derive(Clone, Debug, serde::Deserialize)]
pub struct Config {
    pub host: String,
    pub port: u16,
    pub path: String,
    pub colour: String,
}

impl Config {
    pub fn load() -> anyhow::Result<Config> {
        Ok(Config {
            host: var("HOST").unwrap_or_else(|_| "127.0.0.1".into()),
            port: var("PORT").unwrap_or_else(|_| "8000".into()).parse()?,
            path: var("MCP_PATH").unwrap_or_else(|_| "/mcp".into()),
            colour: "white".into(),
        })
    }
}
