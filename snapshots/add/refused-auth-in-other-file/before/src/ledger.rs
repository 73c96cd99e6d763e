#[derive(Clone)]
pub struct Ledger;

impl rmcp::ServerHandler for Ledger {}
