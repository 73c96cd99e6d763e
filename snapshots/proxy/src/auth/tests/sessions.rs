//! A session belongs to the caller that opened it.

use axum::http::{Method, StatusCode};
use serde_json::Value;

use super::{
    app::{App, method, post, tool_call},
    harness::token,
};

async fn open(app: &App, token: &str) -> String {
    let answer = app.send(post(token, &method("initialize"))).await;
    answer.header("mcp-session-id").to_owned()
}

async fn call_in(app: &App, session: &str, token: &str, method: Method) -> (StatusCode, Value) {
    let mut request = post(token, &tool_call("protected_action"));
    request
        .headers_mut()
        .insert("mcp-session-id", session.parse().unwrap());
    *request.method_mut() = method;
    let answer = app.send(request).await;
    (
        answer.status,
        serde_json::from_str(&answer.body).unwrap_or_default(),
    )
}

#[tokio::test]
async fn the_caller_keeps_its_session_with_a_new_token() {
    let app = App::start().await;
    let session = open(&app, &token("alice", "mcp:tools")).await;
    assert!(session.starts_with("session-1."));
    let (status, seen) = call_in(
        &app,
        &session,
        &token("alice", "mcp:tools mcp:admin"),
        Method::POST,
    )
    .await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(seen["session"], "session-1", "the service sees its own id");
}

#[tokio::test]
async fn another_callers_session_is_unknown() {
    let app = App::start().await;
    let session = open(&app, &token("alice", "mcp:tools")).await;
    for method in [Method::POST, Method::GET, Method::DELETE] {
        let (status, _) = call_in(&app, &session, &token("bob", "mcp:tools"), method).await;
        assert_eq!(status, StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn a_session_id_that_was_not_given_out_is_unknown() {
    let app = App::start().await;
    let alice = token("alice", "mcp:tools");
    let session = open(&app, &alice).await;
    let other_server = open(&App::start().await, &alice).await;
    let proof = session.rsplit_once('.').unwrap().1;
    let forged = [
        "session-1".to_owned(),
        "session-1.".to_owned(),
        format!("session-2.{proof}"),
        format!("{session}x"),
        format!("x{session}"),
        other_server,
    ];
    for session in forged {
        let (status, _) = call_in(&app, &session, &alice, Method::POST).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{session}");
    }
}

#[tokio::test]
async fn a_session_does_not_replace_the_token() {
    let app = App::start().await;
    let session = open(&app, &token("alice", "mcp:tools")).await;
    let (status, _) = call_in(&app, &session, "nobody", Method::POST).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
}
