//! Drives a generated server with rmcp's client. Started by `run`, which counts what it prints.
//!
//!     rmcp-client MODE      legacy, auto, or discover; REVISION says what that must lead to

use rmcp_client::{Client, Result, call, check, config, refusal, variable};
use serde_json::{Value, json};

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
        refused(Some("TOKEN_USER"), "restricted_action").await,
        "403".into(),
    );
    check(
        "gets 401 without a token",
        refused(None, "protected_action").await,
        "401".into(),
    );
    check(
        "gets 401 with a bad token",
        refused(Some("TOKEN_BAD"), "protected_action").await,
        "401".into(),
    );
    Ok(())
}

async fn connect(token: Option<&str>) -> Result<Client> {
    let mut config = config();
    if let Some(token) = token {
        config = config.auth_header(variable(token));
    }
    rmcp_client::connect(reqwest::Client::default(), config).await
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

async fn refused(token: Option<&str>, tool: &'static str) -> String {
    let attempt = async { call(&connect(token).await?, tool, json!({ "data": "x" })).await };
    refusal(attempt.await)
}
