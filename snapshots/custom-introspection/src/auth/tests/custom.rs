//! Token introspection (RFC 7662).

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::{
    app::App,
    harness::{Issuer, Mode, claims, token, token_of},
};
use crate::auth::token_cache::now;

/// A protected service, and the authorization server that it asks.
async fn app() -> (App, Issuer) {
    let issuer = Issuer::default();
    let settings = issuer.start().await;
    let settings: Vec<_> = settings
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    (App::with(&settings).await, issuer)
}

async fn status(app: &App, change: impl FnOnce(&mut Value)) -> StatusCode {
    let mut claims = claims("alice", "mcp:tools");
    change(&mut claims);
    app.call(&token_of(&claims)).await.status
}

#[tokio::test]
async fn the_server_authenticates_itself_and_asks_once_a_minute() {
    let (app, issuer) = app().await;
    let token = token("alice", "mcp:tools");
    for _ in 0..3 {
        assert_eq!(app.call(&token).await.json()["client_id"], "test-client");
    }
    // Basic, of "my+server" and "s3cret%3A%2B%2F": both are form-encoded first.
    let header = "Basic bXkrc2VydmVyOnMzY3JldCUzQSUyQiUyRg==".to_owned();
    assert_eq!(issuer.questions(), [(header, token)]);
}

#[tokio::test]
async fn a_refusal_is_not_remembered() {
    let (app, issuer) = app().await;
    for _ in 0..2 {
        assert_eq!(app.call("unknown").await.status, StatusCode::UNAUTHORIZED);
    }
    assert_eq!(issuer.questions().len(), 2);
}

#[tokio::test]
async fn only_active_true_is_active() {
    let (app, _) = app().await;
    for active in [json!(false), json!("true"), json!(1), json!(null)] {
        assert_eq!(
            status(&app, |claims| claims["active"] = active).await,
            StatusCode::UNAUTHORIZED
        );
    }
}

#[tokio::test]
async fn the_token_must_be_meant_for_this_server() {
    let (app, _) = app().await;
    let ours = "https://mcp.example.com/mcp";
    for (audience, expected) in [
        (json!(["https://other.example", ours]), StatusCode::OK),
        (json!("https://mcp.example.com"), StatusCode::UNAUTHORIZED),
        (
            json!("https://mcp.example.com/mcp/"),
            StatusCode::UNAUTHORIZED,
        ),
        (json!([]), StatusCode::UNAUTHORIZED),
        (Value::Null, StatusCode::UNAUTHORIZED),
    ] {
        assert_eq!(
            status(&app, |claims| claims["aud"] = audience).await,
            expected
        );
    }
}

#[tokio::test]
async fn times_and_issuer_count() {
    let (app, _) = app().await;
    for (claim, value) in [
        ("exp", json!(now() - 60)),
        ("exp", json!("tomorrow")),
        ("nbf", json!(now() + 60)),
        ("iat", json!(now() + 60)),
        ("iss", json!("https://login.example.com/")),
    ] {
        assert_eq!(
            status(&app, |claims| claims[claim] = value).await,
            StatusCode::UNAUTHORIZED,
            "{claim}"
        );
    }
    let without = |claims: &mut Value| {
        claims
            .as_object_mut()
            .unwrap()
            .retain(|claim, _| !["exp", "iss"].contains(&claim.as_str()));
    };
    assert_eq!(
        status(&app, without).await,
        StatusCode::OK,
        "both may be left out"
    );
}

#[tokio::test]
async fn only_bearer_access_tokens_count() {
    let (app, _) = app().await;
    for (kind, expected) in [
        ("Bearer", StatusCode::OK),
        ("access_token", StatusCode::OK),
        ("refresh_token", StatusCode::UNAUTHORIZED),
        ("DPoP", StatusCode::UNAUTHORIZED),
    ] {
        let answer = status(&app, |claims| claims["token_type"] = json!(kind)).await;
        assert_eq!(answer, expected, "{kind}");
    }
}

#[tokio::test]
async fn an_outage_is_not_the_tokens_fault() {
    let (app, issuer) = app().await;
    let known = token("alice", "mcp:tools");
    app.call(&known).await;
    for mode in [Mode::Down, Mode::Html, Mode::Huge, Mode::Redirect] {
        issuer.behave(mode);
        let answer = app.call(&token("bob", "mcp:tools")).await;
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
        assert!(!answer.header("retry-after").is_empty());
        assert_eq!(
            app.call(&known).await.status,
            StatusCode::OK,
            "answers are remembered"
        );
    }
}

#[tokio::test]
async fn a_slow_authorization_server_is_an_outage() {
    let (app, issuer) = app().await;
    issuer.behave(Mode::Slow);
    tokio::time::pause();
    assert_eq!(
        app.call("any").await.status,
        StatusCode::SERVICE_UNAVAILABLE
    );
}

#[tokio::test]
async fn clients_learn_where_to_log_in() {
    let (app, _) = app().await;
    let request = axum::http::Request::get("/.well-known/oauth-protected-resource");
    let answer = app
        .send(request.body(axum::body::Body::empty()).unwrap())
        .await;
    assert_eq!(
        answer.json()["authorization_servers"],
        json!(["https://login.example.com"])
    );
}

#[tokio::test]
async fn incomplete_settings_are_reported_together() {
    let settings = [
        ("AUTH_INTROSPECTION_URL", "http://login.example.com"),
        ("AUTH_CLIENT_ID", ""),
        ("AUTH_CLIENT_SECRET", ""),
    ];
    let problems = App::read(&settings).await.err().unwrap();
    for name in [
        "AUTH_INTROSPECTION_URL",
        "AUTH_CLIENT_ID",
        "AUTH_CLIENT_SECRET",
    ] {
        assert!(problems.contains(name), "{problems}");
    }
}
