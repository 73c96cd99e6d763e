#[derive(Clone)]
pub struct Reader;

impl rmcp::ServerHandler for Reader {}
