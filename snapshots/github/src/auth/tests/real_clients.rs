//! What well-known clients register, as they send it: all of it is accepted, and their `client_id` stays short, because
//! it travels in addresses.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::{
    app::App,
    login::{Browser, Client, register},
};

/// The registration, and an address that the client then asks to be answered at.
fn clients() -> [(Value, &'static str); 7] {
    let claude = json!({
        "client_name": "Claude",
        "redirect_uris": ["https://claude.ai/api/mcp/auth_callback"],
        "grant_types": ["authorization_code", "refresh_token"],
        "response_types": ["code"],
        "token_endpoint_auth_method": "none",
        "scope": "mcp:tools",
    });
    let claude_code = json!({
        "client_name": "Claude Code (weather)",
        "redirect_uris": ["http://localhost:51234/callback"],
        "grant_types": ["authorization_code", "refresh_token"],
        "response_types": ["code"],
        "token_endpoint_auth_method": "none",
    });
    let chat_gpt = json!({
        "client_name": "ChatGPT",
        "redirect_uris": ["https://chatgpt.com/connector/oauth/iD0-aBcDeFgHiJk"],
        "grant_types": ["authorization_code", "refresh_token"],
        "response_types": ["code"],
        "token_endpoint_auth_method": "none",
    });
    let cursor = json!({
        "client_name": "Cursor",
        "redirect_uris": [
            "https://www.cursor.com/agents/mcp/oauth/callback",
            "https://www.cursor.com/bot/mcp/oauth/callback",
            "cursor://anysphere.cursor-mcp/oauth/callback",
            "http://localhost:8787/callback",
            "grokbot://mcp/oauth/callback",
        ],
        "grant_types": ["authorization_code", "refresh_token"],
        "response_types": ["code"],
        "token_endpoint_auth_method": "none",
    });
    let vs_code = json!({
        "client_name": "Visual Studio Code",
        "client_uri": "https://code.visualstudio.com",
        "grant_types": ["authorization_code", "refresh_token"],
        "response_types": ["code"],
        "redirect_uris": [
            "https://insiders.vscode.dev/redirect",
            "https://vscode.dev/redirect",
            "http://127.0.0.1/",
            "http://127.0.0.1:33418/",
        ],
        "scope": "mcp:tools",
        "token_endpoint_auth_method": "none",
        "application_type": "native",
    });
    let inspector = json!({
        "redirect_uris": [
            "http://localhost:6274/oauth/callback",
            "http://localhost:6274/oauth/callback/debug",
        ],
        "token_endpoint_auth_method": "none",
        "grant_types": ["authorization_code", "refresh_token"],
        "response_types": ["code"],
        "client_name": "MCP Inspector",
        "client_uri": "https://github.com/modelcontextprotocol/inspector",
        "scope": "",
    });
    let confidential = json!({
        "client_name": "An application on a server",
        "redirect_uris": ["https://app.example.com/integrations/mcp/oauth/callback"],
        "token_endpoint_auth_method": "client_secret_post",
    });
    [
        (claude, "https://claude.ai/api/mcp/auth_callback"),
        (claude_code, "http://localhost:49152/callback"),
        (
            chat_gpt,
            "https://chatgpt.com/connector/oauth/iD0-aBcDeFgHiJk",
        ),
        (cursor, "cursor://anysphere.cursor-mcp/oauth/callback"),
        (vs_code, "http://127.0.0.1:60123/"),
        (inspector, "http://localhost:6274/oauth/callback/debug"),
        (
            confidential,
            "https://app.example.com/integrations/mcp/oauth/callback",
        ),
    ]
}

#[tokio::test]
async fn well_known_clients_register_and_their_ids_stay_short() {
    let app = App::start().await;
    for (metadata, address) in clients() {
        let answer = register(&app, &metadata).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
        for (name, value) in metadata.as_object().unwrap() {
            let is_kept = name != "client_uri";
            assert!(!is_kept || answer.json()[name] == *value, "{name}");
        }
        let client = Client::of(&answer);
        assert!(client.id.len() <= 512, "{} {metadata}", client.id.len());
        let request = client.asking("redirect_uri", address);
        Browser::default().consent(&app, &request).await;
    }
}
