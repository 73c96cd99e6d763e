//! Drives a generated server with rmcp's client. Started by `run`, which counts what it prints.
//!
//!     rmcp-client MODE      legacy, auto, or discover; REVISION says what that must lead to

use std::{env, error::Error, fmt::Debug};

use rmcp::{
    ClientLifecycleMode, ClientServiceExt, RoleClient,
    model::{CallToolRequestParams, ProtocolVersion},
    service::{ClientInitializeError, RunningService},
    transport::{
        StreamableHttpClientTransport,
        streamable_http_client::{
            AuthRequiredError, InsufficientScopeError, StreamableHttpClientTransportConfig,
        },
    },
};
use serde_json::{Value, json};

type Client = RunningService<RoleClient, ()>;
type Result<T> = std::result::Result<T, Box<dyn Error>>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let admin = connect(Some("TOKEN_ADMIN")).await?;
    let revision = admin
        .peer_info()
        .map(|server| server.protocol_version.to_string());
    check("speaks the revision", revision, Some(variable("REVISION")));
    let all = ["protected_action", "restricted_action", "whoami"];
    check(
        "lists all tools",
        tools(&admin).await?,
        all.map(String::from).into(),
    );
    let answer = call(&admin, "protected_action", json!({ "data": "é" })).await?;
    check("calls protected_action", answer, "Processed: é".to_owned());
    let whoami: Value = serde_json::from_str(&call(&admin, "whoami", json!({})).await?)?;
    check(
        "calls whoami",
        whoami,
        serde_json::from_str(&variable("WHOAMI"))?,
    );
    let answer = call(&admin, "restricted_action", json!({ "data": "x" })).await?;
    check(
        "calls restricted_action",
        answer,
        "Processed for an administrator: x".to_owned(),
    );
    admin.cancel().await?;

    let user = connect(Some("TOKEN_USER")).await?;
    let some = ["protected_action", "whoami"];
    check(
        "is not shown restricted_action without its scope",
        tools(&user).await?,
        some.map(String::from).into(),
    );
    user.cancel().await?;

    check(
        "gets 403 without the scope",
        refusal(Some("TOKEN_USER"), "restricted_action").await,
        "403".into(),
    );
    check(
        "gets 401 without a token",
        refusal(None, "protected_action").await,
        "401".into(),
    );
    check(
        "gets 401 with a bad token",
        refusal(Some("TOKEN_BAD"), "protected_action").await,
        "401".into(),
    );
    Ok(())
}

async fn connect(token: Option<&str>) -> Result<Client> {
    let mut config = StreamableHttpClientTransportConfig::with_uri(variable("MCP_URL"));
    if let Some(token) = token {
        config = config.auth_header(variable(token));
    }
    let preferred_versions = vec![ProtocolVersion::LATEST];
    let mode = match env::args().nth(1).as_deref() {
        Some("legacy") => ClientLifecycleMode::Initialize,
        Some("auto") => ClientLifecycleMode::Auto {
            preferred_versions,
            legacy_version: None,
        },
        _ => ClientLifecycleMode::Discover { preferred_versions },
    };
    let transport = StreamableHttpClientTransport::from_config(config);
    Ok(().serve_with_lifecycle(transport, mode).await?)
}

async fn tools(client: &Client) -> Result<Vec<String>> {
    let tools = client.list_all_tools().await?;
    let mut names: Vec<_> = tools
        .into_iter()
        .map(|tool| tool.name.into_owned())
        .collect();
    names.sort();
    Ok(names)
}

async fn call(client: &Client, tool: &'static str, arguments: Value) -> Result<String> {
    let arguments = arguments.as_object().cloned().unwrap_or_default();
    let result = client
        .call_tool(CallToolRequestParams::new(tool).with_arguments(arguments))
        .await?;
    let text = result.content.first().and_then(|content| content.as_text());
    Ok(text.ok_or("no text")?.text.clone())
}

/// The HTTP status of a call that must not succeed.
async fn refusal(token: Option<&str>, tool: &'static str) -> String {
    let attempt = async { call(&connect(token).await?, tool, json!({ "data": "x" })).await };
    match attempt.await {
        Ok(answer) => answer,
        Err(error) => status(&*error).unwrap_or(format!("{error:?}")),
    }
}

/// The HTTP status behind an error of rmcp.
fn status(error: &(dyn Error + 'static)) -> Option<String> {
    let at_start = error.downcast_ref::<ClientInitializeError>();
    if error.is::<AuthRequiredError>()
        || at_start.is_some_and(|error| error.is_authorization_required())
    {
        Some("401".to_owned())
    } else if error.is::<InsufficientScopeError>() {
        Some("403".to_owned())
    } else {
        status(error.source()?)
    }
}

fn check<T: PartialEq + Debug>(name: &str, got: T, expected: T) {
    if got == expected {
        println!("ok {name}");
    } else {
        println!("FAILED {name}: {got:?} instead of {expected:?}");
    }
}

fn variable(name: &str) -> String {
    env::var(name).unwrap_or_else(|_| panic!("{name} is not set"))
}
