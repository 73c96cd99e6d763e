use rmcp::ServerHandler;

#[derive(Clone)]
pub struct Lamp {
    #[allow(dead_code)]
    colour: String,
}

impl Lamp {
    pub fn new(colour: String) -> Self {
        Lamp { colour }
    }
}

impl ServerHandler for Lamp {}
