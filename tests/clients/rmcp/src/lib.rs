//! What both programs do: connect, call, check.

use std::{env, error::Error, fmt::Debug};

use rmcp::{
    ClientLifecycleMode, ClientServiceExt, RoleClient,
    model::{CallToolRequestParams, ProtocolVersion},
    service::{ClientInitializeError, RunningService},
    transport::{
        StreamableHttpClientTransport,
        streamable_http_client::{
            AuthRequiredError, InsufficientScopeError, StreamableHttpClient,
            StreamableHttpClientTransportConfig,
        },
    },
};
use serde_json::Value;

pub type Client = RunningService<RoleClient, ()>;
pub type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// Connects in the way that the first argument names: legacy, auto, or discover.
pub async fn connect(
    http: impl StreamableHttpClient + Sync,
    config: StreamableHttpClientTransportConfig,
) -> Result<Client> {
    let preferred_versions = vec![ProtocolVersion::LATEST];
    let mode = match env::args().nth(1).as_deref() {
        Some("legacy") => ClientLifecycleMode::Initialize,
        Some("auto") => ClientLifecycleMode::Auto {
            preferred_versions,
            legacy_version: None,
        },
        _ => ClientLifecycleMode::Discover { preferred_versions },
    };
    let transport = StreamableHttpClientTransport::with_client(http, config);
    Ok(().serve_with_lifecycle(transport, mode).await?)
}

/// The server's address.
pub fn config() -> StreamableHttpClientTransportConfig {
    StreamableHttpClientTransportConfig::with_uri(variable("MCP_URL"))
}

/// What a tool answers.
pub async fn call(client: &Client, tool: &'static str, arguments: Value) -> Result<String> {
    let arguments = arguments.as_object().cloned().unwrap_or_default();
    let result = client
        .call_tool(CallToolRequestParams::new(tool).with_arguments(arguments))
        .await?;
    let text = result.content.first().and_then(|content| content.as_text());
    Ok(text.ok_or("no text")?.text.clone())
}

/// The HTTP status behind an error of rmcp, and the challenge.
pub fn challenge<'a>(error: &'a (dyn Error + 'static)) -> Option<(u16, &'a str)> {
    if let Some(error) = error.downcast_ref::<AuthRequiredError>() {
        return Some((401, &error.www_authenticate_header));
    }
    if let Some(error) = error.downcast_ref::<InsufficientScopeError>() {
        return Some((403, &error.www_authenticate_header));
    }
    if let Some(error) = error.downcast_ref::<ClientInitializeError>()
        && error.is_authorization_required()
    {
        return Some((401, error.auth_challenge()?));
    }
    challenge(error.source()?)
}

/// The HTTP status of a call that must not succeed.
pub fn refusal(outcome: Result<String>) -> String {
    match outcome {
        Ok(answer) => answer,
        Err(error) => match challenge(&*error) {
            Some((status, _)) => status.to_string(),
            None => format!("{error:?}"),
        },
    }
}

pub fn check<T: PartialEq + Debug>(name: &str, got: T, expected: T) {
    if got == expected {
        println!("ok {name}");
    } else {
        println!("FAILED {name}: {got:?} instead of {expected:?}");
    }
}

pub fn variable(name: &str) -> String {
    env::var(name).unwrap_or_else(|_| panic!("{name} is not set"))
}
