//! The start of a login (OAuth 2.1 section 4.1.1): what must be refused, how, and in which order.

use axum::http::StatusCode;

use super::{
    app::{Answer, App},
    login::{BASE, Browser, Client, REDIRECT, authorize, parameter},
};

/// Parameters.
type Request = Vec<(&'static str, String)>;

/// A server and a client that is registered there.
pub async fn start() -> (App, Client) {
    let app = App::start().await;
    let client = Client::register(&app).await;
    (app, client)
}

/// The answer to an authorization request.
pub async fn ask(app: &App, request: &Request) -> Answer {
    Browser::default().get(app, &authorize(request)).await
}

/// A page that leads nowhere and repeats nothing.
fn assert_page(answer: &Answer, what: &str) {
    assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{what}");
    assert_eq!(answer.header("location"), "", "{what}");
    assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
    assert_eq!(answer.header("x-frame-options"), "DENY");
    assert_eq!(answer.header("cache-control"), "no-store");
    assert!(!answer.headers.contains_key("set-cookie"), "{what}");
    assert!(
        !answer.body.contains("evil") && !answer.body.contains("href"),
        "{}",
        answer.body
    );
}

/// Back to the client with this error, the client's state, and one issuer.
pub fn assert_told(answer: &Answer, error: &str, state: Option<&str>, what: &str) {
    assert_eq!(
        answer.status,
        StatusCode::SEE_OTHER,
        "{what}: {}",
        answer.body
    );
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.header("referrer-policy"), "no-referrer");
    let back = answer.header("location");
    assert!(back.starts_with(&format!("{REDIRECT}?")), "{what}: {back}");
    assert_eq!(parameter(back, "error").as_deref(), Some(error), "{what}");
    assert!(parameter(back, "error_description").is_some(), "{what}");
    assert_eq!(parameter(back, "state").as_deref(), state, "{what}");
    assert_eq!(parameter(back, "iss").as_deref(), Some(BASE), "{what}");
    assert_eq!(back.matches("iss=").count(), 1, "{back}");
    assert!(
        !back.contains("evil") && parameter(back, "code").is_none(),
        "{back}"
    );
}

/// The state that the client sends.
pub const STATE: Option<&str> = Some("client state &?");

#[tokio::test]
async fn what_is_wrong_with_the_request_goes_back_to_the_client() {
    let (app, client) = start().await;
    let challenge = &client.request()[5].1;
    let (short, long) = (challenge[1..].to_owned(), format!("{challenge}A"));
    let (odd, padded) = (format!("{short}+"), format!("{short}="));
    for (name, value, error) in [
        ("response_type", "", "invalid_request"),
        ("response_type", "token", "unsupported_response_type"),
        ("response_type", "code token", "unsupported_response_type"),
        ("response_type", "evil", "unsupported_response_type"),
        ("response_mode", "fragment", "invalid_request"),
        ("response_mode", "form_post", "invalid_request"),
        ("response_mode", "evil", "invalid_request"),
        ("code_challenge", "", "invalid_request"),
        ("code_challenge", "evil", "invalid_request"),
        ("code_challenge", &short, "invalid_request"),
        ("code_challenge", &long, "invalid_request"),
        ("code_challenge", &odd, "invalid_request"),
        ("code_challenge", &padded, "invalid_request"),
        ("code_challenge_method", "", "invalid_request"),
        ("code_challenge_method", "plain", "invalid_request"),
        ("code_challenge_method", "s256", "invalid_request"),
        ("code_challenge_method", "S512", "invalid_request"),
        ("resource", "https://evil.example/mcp", "invalid_target"),
        ("resource", BASE, "invalid_target"),
        (
            "resource",
            "https://mcp.example.com/mcp/x",
            "invalid_target",
        ),
        ("resource", "https://mcp.example.com/MCP", "invalid_target"),
        (
            "resource",
            "https://mcp.example.com/x/../mcp",
            "invalid_target",
        ),
        (
            "resource",
            "https://mcp.example.com/%6dcp",
            "invalid_target",
        ),
        ("resource", "https://mcp.example.com//mcp", "invalid_target"),
        (
            "resource",
            "https://mcp.example.com/mcp//",
            "invalid_target",
        ),
        (
            "resource",
            "https://mcp.example.com/mcp?x",
            "invalid_target",
        ),
        (
            "resource",
            "https://mcp.example.com/mcp#x",
            "invalid_target",
        ),
        (
            "resource",
            "https://evil@mcp.example.com/mcp",
            "invalid_target",
        ),
        (
            "resource",
            "https://mcp.example.com:8443/mcp",
            "invalid_target",
        ),
        (
            "resource",
            "https://mcp.example.com.evil.example/mcp",
            "invalid_target",
        ),
        ("resource", "http://mcp.example.com/mcp", "invalid_target"),
        ("resource", "mcp", "invalid_target"),
        ("scope", "mcp:tools root", "invalid_scope"),
        ("scope", "evil", "invalid_scope"),
        ("scope", "MCP:tools", "invalid_scope"),
        ("scope", "mcp:tools\tmcp:admin", "invalid_scope"),
        ("scope", "mcp:tools,mcp:admin", "invalid_scope"),
        ("scope", "openid", "invalid_scope"),
    ] {
        let answer = ask(&app, &client.asking(name, value)).await;
        assert_told(&answer, error, STATE, &format!("{name}={value}"));
    }
}

#[tokio::test]
async fn a_parameter_that_stands_twice_gets_a_page() {
    let (app, client) = start().await;
    for (name, value) in client.request() {
        for other in [value.as_str(), "https://evil.example/", ""] {
            let mut twice = client.request();
            twice.push((name, other.to_owned()));
            if name != "resource" {
                assert_page(&ask(&app, &twice).await, name);
            }
        }
    }
    // What this server does not know may not stand twice either.
    let mut twice = client.request();
    twice.extend(["1", "2"].map(|value| ("prompt", value.to_owned())));
    assert_page(&ask(&app, &twice).await, "prompt");
    let mut once = client.request();
    once.push(("prompt", "consent".to_owned()));
    Browser::default().consent(&app, &once).await;
}

#[tokio::test]
async fn a_client_that_is_not_known_gets_a_page_that_says_to_register_again() {
    let (app, client) = start().await;
    for id in [
        "evil",
        &client.id[1..],
        "http://evil.example/client",
        "evil.example",
    ] {
        let answer = ask(&app, &client.asking("client_id", id)).await;
        assert_page(&answer, id);
        assert!(answer.body.contains("registers anew"), "{}", answer.body);
    }
    assert_page(
        &ask(&app, &client.asking("client_id", "")).await,
        "left out",
    );
    assert_page(&ask(&app, &Vec::new()).await, "nothing");
}

#[tokio::test]
async fn the_checks_come_in_an_order_that_sends_nobody_astray() {
    let (app, client) = start().await;
    let evil = || "https://evil.example/".to_owned();
    let with = |changes: &[(&'static str, String)]| {
        let mut request = client.request();
        request.retain(|(name, _)| changes.iter().all(|(changed, _)| changed != name));
        request.extend_from_slice(changes);
        request
    };
    // A page, whatever else is wrong, as long as it is not certain whom the answer is for.
    let bad_type = ("response_type", "token".to_owned());
    let bad_id = ("client_id", "evil".to_owned());
    for changes in [
        vec![("redirect_uri", evil()), bad_type.clone()],
        vec![bad_id.clone(), bad_type.clone()],
        vec![bad_id, ("redirect_uri", evil())],
        vec![("redirect_uri", String::new()), bad_type.clone()],
        vec![bad_type.clone(), bad_type.clone()],
    ] {
        assert_page(&ask(&app, &with(&changes)).await, &format!("{changes:?}"));
    }
    // Then the first of several mistakes.
    let changes = [
        bad_type,
        ("code_challenge", String::new()),
        ("scope", "evil".to_owned()),
    ];
    let answer = ask(&app, &with(&changes)).await;
    assert_told(&answer, "unsupported_response_type", STATE, "type first");
    let changes = [("resource", evil()), ("scope", "evil".to_owned())];
    let answer = ask(&app, &with(&changes)).await;
    assert_told(&answer, "invalid_target", STATE, "resource before scope");
}
