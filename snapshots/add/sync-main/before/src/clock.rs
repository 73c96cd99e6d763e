#[derive(Clone)]
pub struct Clock;

impl rmcp::ServerHandler for Clock {}
