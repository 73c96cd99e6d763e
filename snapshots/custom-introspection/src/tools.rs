//! The tools of this server: your code goes here. The README says how to add and how to restrict one.

use std::sync::LazyLock;

use rmcp::{
    Json, ServerHandler,
    handler::server::{router::tool::ToolRouter, wrapper::Parameters},
    model::{Implementation, ServerCapabilities, ServerConfig},
    schemars::{self, JsonSchema},
    tool, tool_handler, tool_router,
};
use serde::{Deserialize, Serialize};

use crate::caller::Caller;

/// The MCP handler. It has no state; give it fields if your tools need some.
#[derive(Clone)]
pub struct Tools;

/// Built once: the macro would otherwise build it anew for every call.
static ROUTER: LazyLock<ToolRouter<Tools>> = LazyLock::new(Tools::tool_router);

/// The input of the two example tools.
#[derive(Deserialize, JsonSchema)]
struct Input {
    /// The text to work on.
    data: String,
}

/// What `whoami` answers.
#[derive(Serialize, JsonSchema)]
struct WhoAmI {
    subject: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_id: Option<String>,
    scopes: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
}

#[tool_router]
impl Tools {
    #[tool(description = "Processes data for any authenticated caller")]
    async fn protected_action(&self, Parameters(input): Parameters<Input>) -> String {
        format!("Processed: {}", input.data)
    }

    #[tool(description = "Tells callers who they are to this server")]
    async fn whoami(&self, Caller(caller): Caller) -> Json<WhoAmI> {
        Json(WhoAmI {
            subject: caller.subject().to_owned(),
            client_id: caller.client_id().map(str::to_owned),
            scopes: caller.scopes().iter().map(str::to_owned).collect(),
            name: caller.name().map(str::to_owned),
            email: caller.email().map(str::to_owned),
        })
    }

    // `RULES` in src/auth/scope_table.rs demands the scope `mcp:admin` for this one.
    #[tool(description = "Processes data for callers with the scope mcp:admin")]
    async fn restricted_action(&self, Parameters(input): Parameters<Input>) -> String {
        format!("Processed for an administrator: {}", input.data)
    }
}

#[tool_handler(router = ROUTER)]
impl ServerHandler for Tools {
    fn get_info(&self) -> ServerConfig {
        let server = Implementation::new(env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"));
        ServerConfig::new(ServerCapabilities::builder().enable_tools().build())
            .with_server_info(server)
    }
}
