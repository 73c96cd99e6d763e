//! Long and slow bodies, many calls at once, and what must not be shown.

use std::sync::Arc;

use axum::{body::Body, http::StatusCode};
use serde_json::json;

use super::{
    app::{App, post, post_text},
    harness::token,
};

#[tokio::test]
async fn a_body_over_four_megabytes_is_refused() {
    let app = App::start().await;
    let token = token("alice", "mcp:tools");
    let body = |length: usize| json!({ "method": "ping", "params": { "x": "a".repeat(length) } });
    assert_eq!(
        app.send(post(&token, &body(4_000_000))).await.status,
        StatusCode::OK
    );
    assert_eq!(
        app.send(post(&token, &body(4_200_000))).await.status,
        StatusCode::PAYLOAD_TOO_LARGE
    );
}

#[tokio::test]
async fn a_body_that_never_ends_is_given_up() {
    let app = App::start().await;
    let token = token("alice", "mcp:tools");
    app.call(&token).await;
    let endless = Body::from_stream(futures_util::stream::pending::<
        Result<Vec<u8>, std::io::Error>,
    >());
    // From here on, time passes as soon as everybody waits.
    tokio::time::pause();
    let answer = app.send(post_text(&token, endless)).await;
    assert_eq!(answer.status, StatusCode::REQUEST_TIMEOUT);
}

#[tokio::test]
async fn a_thousand_calls_at_once_are_all_answered() {
    let app = Arc::new(App::start().await);
    let token = token("alice", "mcp:tools");
    let calls = (0..1000).map(|_| {
        let (app, token) = (app.clone(), token.clone());
        tokio::spawn(async move { app.call(&token).await.status })
    });
    for call in calls.collect::<Vec<_>>() {
        assert_eq!(call.await.unwrap(), StatusCode::OK);
    }
}
