//! `POST /token` and `/revoke` as such (RFC 6749 sections 2.3 and 5.2): who asks, in which form, and the answers to
//! requests that are not right.

use axum::{
    body::Body,
    http::{Method, Request, StatusCode, header::AUTHORIZATION},
};
use base64::{Engine, prelude::BASE64_STANDARD};

use super::{
    app::{Answer, App},
    login::{Client, REDIRECT, form_request, post_form},
};

const ENDPOINTS: [&str; 2] = ["/token", "/revoke"];

/// An error of section 5.2: fixed words, never kept.
fn assert_refused(answer: &Answer, status: StatusCode, error: &str, what: &str) {
    assert_eq!(answer.status, status, "{what}: {}", answer.body);
    assert_eq!(answer.json()["error"], error, "{what}");
    assert!(answer.json()["error_description"].is_string(), "{what}");
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.header("pragma"), "no-cache");
    assert!(!answer.body.contains("evil"), "{what}: {}", answer.body);
    let is_unauthorized = status == StatusCode::UNAUTHORIZED;
    assert_eq!(answer.challenge().starts_with("Basic "), is_unauthorized);
}

/// 400.
pub fn assert_bad_request(answer: &Answer, error: &str, what: &str) {
    assert_refused(answer, StatusCode::BAD_REQUEST, error, what);
}

/// 401.
pub fn assert_bad_client(answer: &Answer, what: &str) {
    assert_refused(answer, StatusCode::UNAUTHORIZED, "invalid_client", what);
}

#[tokio::test]
async fn a_header_that_is_not_basic_with_id_and_secret_is_refused() {
    let app = App::start().await;
    let client = Client::register(&app).await;
    let bearer = format!(
        "Bearer {}",
        BASE64_STANDARD.encode(format!("{}:", client.id))
    );
    for header in [
        &bearer,
        "",
        "Basic",
        "Basic ",
        "Basic evil!",
        "Basic ZXZpbA==",
        "Basic /////w==",
        "Bearer evil",
        "Digest username=evil",
        "ü",
    ] {
        for path in ENDPOINTS {
            let mut request = form_request(path, &[("client_id", &client.id), ("token", "x")]);
            request
                .headers_mut()
                .insert(AUTHORIZATION, header.parse().unwrap());
            assert_bad_client(&app.send(request).await, header);
        }
    }
}

#[tokio::test]
async fn a_client_that_is_not_known_or_not_named_gets_401() {
    let app = App::start().await;
    let sealed = Client::register(&app).await.id;
    for path in ENDPOINTS {
        for id in ["evil", &sealed[1..], "http://evil.example/", ""] {
            let form = [
                ("client_id", id),
                ("grant_type", "refresh_token"),
                ("token", "x"),
            ];
            assert_bad_client(&post_form(&app, path, &form).await, id);
        }
        let json = Request::post(path).header("content-type", "application/json");
        let json = json.body(Body::from(r#"{"client_id":"evil"}"#)).unwrap();
        assert_bad_client(&app.send(json).await, "JSON");
    }
}

#[tokio::test]
async fn a_form_that_is_not_complete_says_what_is_missing() {
    let app = App::start().await;
    let client = Client::register(&app).await;
    let id = client.id.as_str();
    for (path, form, error) in [
        ("/token", &[][..], "invalid_request"),
        ("/token", &[("grant_type", "")], "invalid_request"),
        (
            "/token",
            &[("grant_type", "password")],
            "unsupported_grant_type",
        ),
        (
            "/token",
            &[("grant_type", "evil")],
            "unsupported_grant_type",
        ),
        (
            "/token",
            &[("grant_type", "authorization_code")],
            "invalid_request",
        ),
        (
            "/token",
            &[("grant_type", "refresh_token")],
            "invalid_request",
        ),
        ("/revoke", &[], "invalid_request"),
        ("/revoke", &[("token", "")], "invalid_request"),
    ] {
        let form: Vec<_> = [("client_id", id)].iter().chain(form).copied().collect();
        let answer = post_form(&app, path, &form).await;
        assert_bad_request(&answer, error, &format!("{path} {:?}", &form[1..]));
    }
}

#[tokio::test]
async fn a_parameter_that_stands_twice_is_refused() {
    let app = App::start().await;
    let client = Client::register(&app).await;
    let code = client.code(&app).await;
    let form = [
        ("grant_type", "authorization_code"),
        ("client_id", client.id.as_str()),
        ("code", &code),
        ("redirect_uri", REDIRECT),
        ("code_verifier", &client.verifier),
    ];
    for index in 0..form.len() {
        let mut twice = form.to_vec();
        twice.push((form[index].0, "evil"));
        let answer = post_form(&app, "/token", &twice).await;
        assert_bad_request(&answer, "invalid_request", form[index].0);
    }
    assert_eq!(
        post_form(&app, "/token", &form).await.status,
        StatusCode::OK
    );
}

#[tokio::test]
async fn only_short_posts_are_read() {
    let app = App::start().await;
    let long = "x".repeat(16 * 1024);
    for path in ENDPOINTS {
        let answer = post_form(&app, path, &[("client_id", &long)]).await;
        let status = StatusCode::PAYLOAD_TOO_LARGE;
        assert_refused(&answer, status, "invalid_request", path);
        for method in [Method::GET, Method::PUT, Method::DELETE] {
            let request = Request::builder().method(method).uri(path);
            let answer = app.send(request.body(Body::empty()).unwrap()).await;
            assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
        }
    }
}
