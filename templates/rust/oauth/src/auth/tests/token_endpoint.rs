//! `POST /token` and `/revoke` as such (RFC 6749 sections 2.3 and 5.2): who asks, in which form, and the answers to
//! requests that are not right.

use axum::{
    body::Body,
    http::{Method, Request, StatusCode, header::AUTHORIZATION},
};
use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::json;

use super::{
    app::{Answer, App},
    login::{Client, REDIRECT, form_request, post_form, register},
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

fn assert_bad_request(answer: &Answer, error: &str, what: &str) {
    assert_refused(answer, StatusCode::BAD_REQUEST, error, what);
}

fn assert_bad_client(answer: &Answer, what: &str) {
    assert_refused(answer, StatusCode::UNAUTHORIZED, "invalid_client", what);
}

/// A client with a secret, which it got with this method.
async fn confidential(app: &App, method: &str) -> (Client, String) {
    let metadata = json!({ "redirect_uris": [REDIRECT], "token_endpoint_auth_method": method });
    let answer = register(app, &metadata).await;
    assert_eq!(answer.json()["token_endpoint_auth_method"], method);
    assert_eq!(answer.json()["client_secret_expires_at"], 0);
    let secret = answer.json()["client_secret"].as_str().unwrap().to_owned();
    assert_eq!(secret.len(), 43);
    (Client::of(&answer), secret)
}

fn basic(id: &str, secret: &str) -> String {
    format!("Basic {}", BASE64_STANDARD.encode(format!("{id}:{secret}")))
}

/// Redeems a code with this header and these parameters more.
async fn redeem(
    app: &App,
    client: &Client,
    code: &str,
    authorization: Option<&str>,
    more: &[(&str, &str)],
) -> Answer {
    let mut form = vec![
        ("grant_type", "authorization_code"),
        ("code", code),
        ("code_verifier", &client.verifier),
    ];
    form.extend(more);
    let mut request = form_request("/token", &form);
    if let Some(value) = authorization {
        request
            .headers_mut()
            .insert(AUTHORIZATION, value.parse().unwrap());
    }
    app.send(request).await
}

#[tokio::test]
async fn a_client_with_a_secret_must_show_it() {
    let app = App::start().await;
    let (other, other_secret) = confidential(&app, "client_secret_basic").await;
    for method in ["client_secret_basic", "client_secret_post"] {
        let (client, secret) = confidential(&app, method).await;
        let code = client.code(&app).await;
        let id = client.id.as_str();
        let long = format!("{secret}x");
        let wrong = ["", "evil", &secret[1..], &long, &other_secret];
        for wrong in wrong {
            let form = [("client_id", id), ("client_secret", wrong)];
            let answer = redeem(&app, &client, &code, None, &form).await;
            assert_bad_client(&answer, wrong);
            let header = basic(id, wrong);
            let answer = redeem(&app, &client, &code, Some(&header), &[]).await;
            assert_bad_client(&answer, wrong);
        }
        let answer = redeem(&app, &client, &code, None, &[("client_id", id)]).await;
        assert_bad_client(&answer, "none");
        let header = basic(&other.id, &secret);
        let answer = redeem(&app, &client, &code, Some(&header), &[]).await;
        assert_bad_client(&answer, "the secret of another");
        // Whoever is not the client has not used the code up.
        let header = basic(id, &secret);
        let form = [("client_id", id), ("client_secret", &*secret)];
        let answer = match method {
            "client_secret_basic" => redeem(&app, &client, &code, Some(&header), &form[..1]).await,
            _ => redeem(&app, &client, &code, None, &form).await,
        };
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        let refresh_token = answer.json()["refresh_token"].as_str().unwrap().to_owned();
        let answer = client.refresh(&app, &refresh_token).await;
        assert_bad_client(&answer, "refreshing needs it too");
        let form = [("client_id", id), ("token", &*refresh_token)];
        let answer = post_form(&app, "/revoke", &form).await;
        assert_bad_client(&answer, "and so does revoking");
    }
}

#[tokio::test]
async fn a_secret_is_sealed_in_the_client_id_and_not_readable_there() {
    let app = App::start().await;
    let (client, secret) = confidential(&app, "client_secret_basic").await;
    assert!(!client.id.contains(&secret) && client.id.len() < 512);
    let restarted = App::start().await;
    let code = client.code(&restarted).await;
    let header = basic(&client.id, &secret);
    let answer = redeem(&restarted, &client, &code, Some(&header), &[]).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
}

#[tokio::test]
async fn one_way_to_say_who_it_is_at_a_time() {
    let app = App::start().await;
    let (client, secret) = confidential(&app, "client_secret_basic").await;
    let (other, _) = confidential(&app, "client_secret_basic").await;
    let code = client.code(&app).await;
    let (id, header) = (client.id.as_str(), basic(&client.id, &secret));
    let both = [("client_id", id), ("client_secret", &*secret)];
    let answer = redeem(&app, &client, &code, Some(&header), &both).await;
    assert_bad_request(&answer, "invalid_request", "two secrets");
    let two = [("client_id", other.id.as_str())];
    let answer = redeem(&app, &client, &code, Some(&header), &two).await;
    assert_bad_client(&answer, "two clients");
    let form = [("grant_type", "authorization_code"), ("code", &*code)];
    let mut request = form_request("/token", &form);
    for value in [&header, "Basic evil"] {
        request
            .headers_mut()
            .append(AUTHORIZATION, value.parse().unwrap());
    }
    assert_bad_client(&app.send(request).await, "two headers");
}

#[tokio::test]
async fn a_header_that_is_not_basic_with_id_and_secret_is_refused() {
    let app = App::start().await;
    let client = Client::register(&app).await;
    for header in [
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
