//! Registration (RFC 7591): what a client may say about itself, and what it gets.

use std::{
    convert::Infallible,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use axum::{
    body::Body,
    http::{Method, Request, StatusCode},
};
use futures_util::{StreamExt, stream};
use serde_json::{Value, json};

use super::{
    app::{Answer, App},
    login::{BASE, Browser, Client, REDIRECT, register},
};

/// What is registered in these tests, with a change.
fn metadata(name: &str, value: Value) -> Value {
    let mut metadata = json!({ "redirect_uris": [REDIRECT], "client_name": "Test" });
    metadata[name] = value;
    metadata
}

/// Refused with this code, in words of this server only.
fn assert_refused(answer: &Answer, error: &str, what: impl std::fmt::Display) {
    assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{what}");
    assert_eq!(answer.json()["error"], error, "{what}");
    assert_eq!(answer.header("cache-control"), "no-store");
    assert!(!answer.body.contains("evil"), "{}", answer.body);
}

#[tokio::test]
async fn bad_redirect_uris_are_refused() {
    let app = App::start().await;
    let long = |length: usize| format!("https://evil.example/{}", "x".repeat(length - 21));
    let many = |count: usize, length: usize| json!(vec![long(length); count]);
    for uris in [
        json!(["javascript:alert('evil')"]),
        json!(["javascript://evil.example/%0aalert(1)"]),
        json!(["data:text/html,evil"]),
        json!(["http://evil.example/"]),
        json!(["http://127.0.0.1.evil.example/"]),
        json!(["https://a.example/evil#"]),
        json!(["https://good.example@evil.example/"]),
        json!(["https://*.evil.example/"]),
        json!(["https://a.example/evil/%2e%2e/cb"]),
        json!(["https://evil.example/\u{202e}cb"]),
        json!(["https://b\u{fc}cher.example/evil"]),
        json!(["/evil"]),
        json!([""]),
        // One bad one among good ones.
        json!([REDIRECT, "https://a.example/", "evil://x"]),
        json!([format!("{BASE}/auth/callback")]),
        json!([format!("{BASE}:443/evil")]),
        json!([]),
        many(1, 513),
        many(11, 30),
        many(5, 500),
        json!(vec![""; 5000]),
    ] {
        let answer = register(&app, &json!({ "redirect_uris": uris })).await;
        assert_refused(&answer, "invalid_redirect_uri", &uris);
    }
    for uris in [many(1, 512), many(4, 512), many(10, 30)] {
        let answer = register(&app, &json!({ "redirect_uris": uris })).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{uris}");
    }
}

#[tokio::test]
async fn this_server_on_the_own_computer_is_nobodys_redirect_uri_either() {
    let app = App::with(&[("BASE_URL", "http://localhost:8000")]).await;
    for host in ["localhost", "127.0.0.1", "[::1]"] {
        let uri = format!("http://{host}:8000/auth/callback");
        let answer = register(&app, &json!({ "redirect_uris": [uri] })).await;
        assert_refused(&answer, "invalid_redirect_uri", host);
    }
}

#[tokio::test]
async fn what_this_server_cannot_do_is_refused() {
    let app = App::start().await;
    for (name, value) in [
        ("redirect_uris", json!(null)),
        ("redirect_uris", json!("https://a.example/")),
        ("redirect_uris", json!([7])),
        ("redirect_uris", json!({ "0": REDIRECT })),
        ("client_name", json!(["evil"])),
        ("grant_types", json!(["password"])),
        (
            "grant_types",
            json!(["authorization_code", "client_credentials"]),
        ),
        ("grant_types", json!(["implicit"])),
        ("response_types", json!(["token"])),
        ("response_types", json!(["code", "code id_token"])),
        ("token_endpoint_auth_method", json!("private_key_jwt")),
        ("token_endpoint_auth_method", json!("client_secret_jwt")),
        ("token_endpoint_auth_method", json!("evil")),
        ("application_type", json!("evil")),
    ] {
        let what = format!("{name}: {value}");
        let answer = register(&app, &metadata(name, value)).await;
        assert_refused(&answer, "invalid_client_metadata", what);
    }
    for text in [
        "",
        "evil",
        "[]",
        "null",
        "{}",
        r#"{"redirect_uris":["https://a.example/"],"redirect_uris":["https://evil.example/"]}"#,
        "redirect_uris=https%3A%2F%2Fevil.example%2F",
    ] {
        let request = Request::post("/register").body(Body::from(text)).unwrap();
        assert_refused(&app.send(request).await, "invalid_client_metadata", text);
    }
    for method in [Method::GET, Method::PUT, Method::DELETE] {
        let request = Request::builder().method(method).uri("/register");
        let answer = app.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
    }
}

#[tokio::test]
async fn only_native_clients_are_answered_on_the_own_computer() {
    let app = App::start().await;
    let web = "https://a.example/cb";
    for (kind, uri, is_good) in [
        ("web", web, true),
        ("web", REDIRECT, false),
        ("web", "http://localhost/cb", false),
        ("web", "https://localhost/cb", false),
        ("web", "com.example.app:/cb", false),
        ("native", web, true),
        ("native", REDIRECT, true),
        ("native", "com.example.app:/cb", true),
    ] {
        let metadata = json!({ "redirect_uris": [web, uri], "application_type": kind });
        let answer = register(&app, &metadata).await;
        if is_good {
            assert_eq!(answer.json()["application_type"], kind);
        } else {
            assert_refused(&answer, "invalid_redirect_uri", metadata);
        }
    }
}

#[tokio::test]
async fn the_answer_says_what_holds() {
    let app = App::start().await;
    let metadata = json!({
        "redirect_uris": ["https://a.example/cb?x", REDIRECT],
        "client_name": "Test",
        "token_endpoint_auth_method": "none",
        "grant_types": ["authorization_code"],
        "response_types": ["code"],
        "application_type": "native",
        "scope": "mcp:tools",
        "client_uri": "https://a.example/",
        "jwks_uri": "http://169.254.169.254/",
    });
    let answer = register(&app, &metadata).await;
    assert_eq!(answer.status, StatusCode::CREATED);
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.header("pragma"), "no-cache");
    let mut expected = metadata;
    // Without effect here.
    for name in ["client_uri", "jwks_uri"] {
        expected.as_object_mut().unwrap().remove(name);
    }
    for name in ["client_id", "client_id_issued_at"] {
        expected[name] = answer.json()[name].clone();
    }
    assert_eq!(answer.json(), expected);
    assert!(expected["client_id_issued_at"].as_u64() > Some(1_700_000_000));

    let answer = register(&app, &json!({ "redirect_uris": [REDIRECT] })).await;
    let usual = answer.json();
    assert_eq!(usual["token_endpoint_auth_method"], "none");
    assert_eq!(
        usual["grant_types"],
        json!(["authorization_code", "refresh_token"])
    );
    assert_eq!(usual["response_types"], json!(["code"]));
    assert!(usual.get("client_secret").is_none() && usual.get("scope").is_none());
}

#[tokio::test]
async fn names_that_deceive_stay_names() {
    let app = App::start().await;
    let name = "<script>alert(1)</script>\u{202e}\u{200b}\"'>\r\nSet-Cookie: x=y";
    let answer = register(&app, &metadata("client_name", json!(name))).await;
    assert_eq!(answer.json()["client_name"], name);
    assert!(!answer.headers.contains_key("set-cookie"));
    let client = Client::of(&answer);
    let page = Browser::default().consent(&app, &client.request()).await;
    assert!(
        page.body
            .contains("<bdi>&lt;script&gt;alert(1)&lt;/script&gt;&quot;'&gt;")
    );
    assert!(!page.body.contains("<script") && !page.body.contains(['\u{202e}', '\u{200b}']));
    // A long one is cut, so that the client_id stays short.
    let answer = register(
        &app,
        &metadata("client_name", json!("\u{1f419}".repeat(2000))),
    )
    .await;
    assert_eq!(answer.json()["client_name"], "\u{1f419}".repeat(100));
    assert!(Client::of(&answer).id.len() < 1024);
}

#[tokio::test]
async fn a_body_of_20_megabytes_is_not_read() {
    let app = App::start().await;
    let read = Arc::new(AtomicUsize::new(0));
    let count = read.clone();
    let parts = stream::iter(0..20 * 1024).map(move |_| {
        count.fetch_add(1, Ordering::Relaxed);
        Ok::<_, Infallible>(vec![b' '; 1024])
    });
    let request = Request::post("/register").body(Body::from_stream(parts));
    let answer = app.send(request.unwrap()).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(read.load(Ordering::Relaxed) <= 17, "{read:?}");
    let answer = register(&app, &metadata("client_uri", json!("x".repeat(16 * 1024)))).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn a_body_that_does_not_come_is_not_waited_for() {
    let app = App::start().await;
    tokio::time::pause();
    let started = tokio::time::Instant::now();
    let never = Body::from_stream(stream::pending::<Result<Vec<u8>, Infallible>>());
    let answer = app
        .send(Request::post("/register").body(never).unwrap())
        .await;
    assert_refused(&answer, "invalid_request", "never");
    assert!(started.elapsed().as_secs() <= 10);
}
