//! Long and slow bodies, what is left of them, many calls at once.

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use axum::{
    body::{Body, Bytes},
    http::{
        StatusCode,
        header::{CONNECTION, EXPECT},
    },
};
use futures_util::stream;
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
    // From here on, time passes as soon as everybody waits.
    tokio::time::pause();
    let answer = app.send(post_text(&token, never())).await;
    assert_eq!(answer.status, StatusCode::REQUEST_TIMEOUT);
    assert_eq!(answer.headers[CONNECTION], "close");
}

#[tokio::test]
async fn a_refused_request_is_read_to_its_end_so_that_its_connection_can_be_used_again() {
    let app = App::start().await;
    let read = Arc::new(AtomicUsize::new(0));
    let answer = app.send(post_text("bad", parts(3, &read))).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert_eq!(read.load(Ordering::Relaxed), 3);
    assert!(!answer.headers.contains_key(CONNECTION));
}

#[tokio::test]
async fn a_connection_is_closed_in_the_open_when_its_refused_request_is_long_or_slow() {
    let app = App::start().await;
    let read = Arc::new(AtomicUsize::new(0));
    let answer = app.send(post_text("bad", parts(1_000_000, &read))).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert_eq!(answer.headers[CONNECTION], "close");
    assert!(read.load(Ordering::Relaxed) < 100);

    tokio::time::pause();
    let answer = app.send(post_text("bad", never())).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert_eq!(answer.headers[CONNECTION], "close");
}

#[tokio::test]
async fn a_refused_request_is_not_asked_to_send_its_body() {
    let app = App::start().await;
    let read = Arc::new(AtomicUsize::new(0));
    let mut request = post_text("bad", parts(1, &read));
    let expects = "100-continue".parse().unwrap();
    request.headers_mut().insert(EXPECT, expects);
    let answer = app.send(request).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert_eq!(answer.headers[CONNECTION], "close");
    assert_eq!(read.load(Ordering::Relaxed), 0);
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

/// A body that never comes.
fn never() -> Body {
    Body::from_stream(stream::pending::<io::Result<Bytes>>())
}

/// A body of some kilobytes, which counts how many of them are read.
fn parts(count: usize, read: &Arc<AtomicUsize>) -> Body {
    let read = read.clone();
    Body::from_stream(stream::iter((0..count).map(move |_| {
        read.fetch_add(1, Ordering::Relaxed);
        io::Result::Ok(Bytes::from_static(&[b' '; 1024]))
    })))
}
