#[derive(Clone, Default)]
pub struct Clipboard(String);

impl Clipboard {
    #[allow(dead_code)]
    pub fn content(&self) -> &str {
        &self.0
    }
}

impl rmcp::ServerHandler for Clipboard {}
