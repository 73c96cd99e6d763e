//! Registration and the start of a login: what must be refused, and how.

use axum::http::StatusCode;
use serde_json::json;

use super::{
    app::App,
    login::{BASE, Browser, Client, REDIRECT, authorize, parameter, register},
};

#[tokio::test]
async fn bad_registrations_are_refused() {
    let app = App::start().await;
    let many: Vec<_> = (0..11).map(|n| format!("https://a.example/{n}")).collect();
    let cases = [
        (json!(["javascript:alert(1)"]), "invalid_redirect_uri"),
        (json!(["data:text/html,x"]), "invalid_redirect_uri"),
        (json!(["http://evil.example/"]), "invalid_redirect_uri"),
        (json!(["https://a.example/#f"]), "invalid_redirect_uri"),
        (json!(["https://u@a.example/"]), "invalid_redirect_uri"),
        (
            json!([format!("{BASE}/auth/callback")]),
            "invalid_redirect_uri",
        ),
        (
            json!([format!("https://a.example/{}", "x".repeat(600))]),
            "invalid_redirect_uri",
        ),
        (json!(many), "invalid_redirect_uri"),
        (json!([]), "invalid_redirect_uri"),
        (json!("https://a.example/"), "invalid_client_metadata"),
    ];
    for (uris, error) in cases {
        let answer = register(&app, &json!({ "redirect_uris": uris })).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{uris}");
        assert_eq!(answer.json()["error"], error, "{uris}");
        assert_eq!(answer.header("cache-control"), "no-store");
    }
    let metadata = json!({ "redirect_uris": [REDIRECT], "grant_types": ["password"] });
    let answer = register(&app, &metadata).await;
    assert_eq!(answer.json()["error"], "invalid_client_metadata");
    let metadata = json!({ "redirect_uris": [REDIRECT], "application_type": "web" });
    let answer = register(&app, &metadata).await;
    assert_eq!(answer.json()["error"], "invalid_redirect_uri");
    let metadata = json!({ "redirect_uris": [REDIRECT], "client_name": "x".repeat(20_000) });
    let answer = register(&app, &metadata).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn a_registration_survives_a_restart_and_stays_short() {
    let metadata = json!({
        "redirect_uris": [REDIRECT, "https://client.example.com/oauth/callback"],
        "client_name": "An application with a usual name",
    });
    let answer = register(&App::start().await, &metadata).await.json();
    let id = answer["client_id"].as_str().unwrap();
    assert!(id.len() < 1024, "{}", id.len());
    let client = Client {
        id: id.to_owned(),
        verifier: "x".repeat(43),
    };
    let restarted = App::start().await;
    Browser::default()
        .consent(&restarted, &client.request())
        .await;
}

#[tokio::test]
async fn registrations_of_another_server_are_not_known() {
    let client = Client::register(&App::start().await).await;
    let key = [(
        "AUTH_SIGNING_KEY",
        "ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8=",
    )];
    let other = App::with(&key).await;
    let answer = Browser::default()
        .get(&other, &authorize(&client.request()))
        .await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert_eq!(answer.header("location"), "");
}

#[tokio::test]
async fn what_cannot_be_answered_safely_is_never_redirected() {
    let app = App::start().await;
    let client = Client::register(&app).await;
    let wrong = [
        "http://127.0.0.1:7777/other",
        "http://localhost:7777/callback",
        "http://127.0.0.1.evil.example:7777/callback",
        "http://127.0.0.1:7777@evil.example/callback",
        "https://127.0.0.1:7777/callback",
        "http://127.0.0.1:7777/callback/../callback",
        "http://127.0.0.1:7777/%63allback",
        "http://127.0.0.1:7777/callback?x",
        "http://[::1]:7777/callback",
        "",
    ];
    for uri in wrong {
        let mut request = client.request();
        request.retain(|(name, _)| *name != "redirect_uri");
        request.push(("redirect_uri", uri.to_owned()));
        let answer = Browser::default().get(&app, &authorize(&request)).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{uri}");
        assert_eq!(answer.header("location"), "", "{uri}");
    }
    let mut twice = client.request();
    twice.push(("client_id", client.id.clone()));
    let answer = Browser::default().get(&app, &authorize(&twice)).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    let mut unknown = client.request();
    unknown[1].1 += "x";
    let answer = Browser::default().get(&app, &authorize(&unknown)).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn the_port_of_a_loopback_address_may_differ() {
    let app = App::start().await;
    let client = Client::register(&app).await;
    let mut request = client.request();
    request[2].1 = "http://127.0.0.1:9/callback".to_owned();
    Browser::default().consent(&app, &request).await;
}

#[tokio::test]
async fn other_mistakes_go_back_to_the_client() {
    let app = App::start().await;
    let client = Client::register(&app).await;
    let cases = [
        ("response_type", "token", "unsupported_response_type"),
        ("response_type", "", "invalid_request"),
        ("code_challenge", "", "invalid_request"),
        ("code_challenge", "short", "invalid_request"),
        ("code_challenge_method", "plain", "invalid_request"),
        ("code_challenge_method", "", "invalid_request"),
        ("resource", "https://other.example/mcp", "invalid_target"),
        (
            "resource",
            "https://mcp.example.com/mcp/x",
            "invalid_target",
        ),
        ("scope", "mcp:tools root", "invalid_scope"),
    ];
    for (name, value, error) in cases {
        let mut request = client.request();
        request.retain(|(known, _)| *known != name);
        request.push((name, value.to_owned()));
        let answer = Browser::default().get(&app, &authorize(&request)).await;
        let back = answer.header("location");
        assert!(back.starts_with(REDIRECT), "{name}={value}: {back}");
        assert_eq!(
            parameter(back, "error").as_deref(),
            Some(error),
            "{name}={value}"
        );
        assert_eq!(parameter(back, "state").as_deref(), Some("client state &?"));
        assert_eq!(back.matches("iss=").count(), 1);
        assert_eq!(parameter(back, "iss").as_deref(), Some(BASE));
    }
}

#[tokio::test]
async fn resource_may_be_written_in_other_ways_or_left_out() {
    let app = App::start().await;
    let client = Client::register(&app).await;
    for resource in [
        "HTTPS://MCP.example.com/mcp",
        "https://mcp.example.com/mcp/",
        "",
    ] {
        let mut request = client.request();
        request[7].1 = resource.to_owned();
        Browser::default().consent(&app, &request).await;
    }
}
