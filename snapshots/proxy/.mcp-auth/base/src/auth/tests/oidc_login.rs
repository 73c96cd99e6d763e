//! A login whose provider says something wrong in the words of OpenID Connect: its identity token, its keys, its
//! metadata, its name at the callback.

use std::sync::Arc;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use super::{
    app::App,
    dev_provider::role::{TOKEN, sign},
    log::Log,
    login::{Browser, Client, authorize, parameter},
    provider::{Mode, TestProvider},
    upstream_login::{assert_logged, assert_told, returning, start},
};

const METADATA: &str = "/.well-known/openid-configuration";
const KEYS: &str = "/keys";

/// An answer whose identity token is another one.
fn instead(token: impl Fn(&str) -> Value + Send + Sync + 'static) -> Mode {
    Mode::Changed(Arc::new(move |answer| {
        answer["id_token"] = token(answer["id_token"].as_str().unwrap());
    }))
}

/// An answer whose identity token says something else, with a good signature.
fn saying(claim: &'static str, value: Value) -> Mode {
    instead(move |token| {
        let mut claims = part(token, 1);
        claims[claim] = value.clone();
        json!(sign(&claims))
    })
}

/// A part of a token.
fn part(token: &str, index: usize) -> Value {
    let part = token.split('.').nth(index).unwrap();
    serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

/// A token with another part in place of one.
fn patched(token: &str, index: usize, part: &str) -> Value {
    let mut parts: Vec<_> = token.split('.').collect();
    parts[index] = part;
    json!(parts.join("."))
}

async fn fails(
    provider: &TestProvider,
    app: &App,
    path: &str,
    mode: Mode,
    error: &str,
    logged: &str,
) {
    let log = Log::capture();
    let returning = returning(app).await;
    provider.behave(path, mode);
    let answer = returning.clone().finish(app).await;
    assert_told(&answer, error);
    let log = log.take();
    assert_logged(&log, logged, &returning);
    assert!(!log.contains("eyJ"), "{log}");
    provider.recover();
}

#[tokio::test]
async fn an_identity_token_that_is_wrong_in_one_respect_lets_nobody_in() {
    let (provider, app) = start().await;
    let none = BASE64_URL_SAFE_NO_PAD.encode(r#"{"alg":"none"}"#);
    let other = BASE64_URL_SAFE_NO_PAD.encode(r#"{"sub":"bob-2"}"#);
    for (mode, logged) in [
        (saying("iss", json!("https://evil.example")), "issuer"),
        (saying("aud", json!("another-client")), "audience"),
        (saying("azp", json!("another-client")), "another client"),
        (saying("nonce", json!("of another login")), "nonce"),
        (saying("nonce", Value::Null), "nonce"),
        (saying("exp", json!(1)), "expired"),
        (instead(|_| Value::Null), "no id_token"),
        (instead(move |token| patched(token, 1, &other)), "signature"),
        (instead(|token| patched(token, 2, "AAAA")), "signature"),
        (
            instead(move |token| patched(token, 0, &none)),
            "id_token is not good",
        ),
    ] {
        provider.calls();
        fails(&provider, &app, TOKEN, mode, "server_error", logged).await;
        let calls = provider.calls();
        assert!(
            !calls.contains(&"GET /userinfo".to_owned()),
            "{logged}: {calls:?}"
        );
    }
    // It was not the server.
    Client::register(&app).await.log_in(&app).await;
}

#[tokio::test]
async fn keys_that_cannot_be_had_are_an_outage() {
    for mode in [Mode::Page(503), Mode::Page(200), Mode::Redirect] {
        let (provider, app) = start().await;
        fails(&provider, &app, KEYS, mode, "temporarily_unavailable", "").await;
    }
}

#[tokio::test]
async fn metadata_that_cannot_be_had_or_is_anothers_is_an_outage() {
    let evil: Mode = Mode::Changed(Arc::new(|metadata| {
        metadata["issuer"] = json!("https://evil.example");
    }));
    for mode in [Mode::Page(503), Mode::Page(200), Mode::Redirect, evil] {
        let (provider, app) = start().await;
        provider.behave(METADATA, mode);
        let client = Client::register(&app).await;
        let mut browser = Browser::default();
        let answer = browser.get(&app, &authorize(&client.request())).await;
        let answer = browser.get(&app, answer.header("location")).await;
        assert_told(&answer, "temporarily_unavailable");
    }
}

#[tokio::test]
async fn an_answer_of_another_provider_is_not_taken_for_this_ones() {
    let (provider, app) = start().await;
    let log = Log::capture();
    // Not every provider says who it is.
    for (other, is_good) in [
        ("=https://evil.example", false),
        ("/", false),
        // A parameter without a value is as good as none.
        ("=", true),
        ("", true),
    ] {
        let mut returning = returning(&app).await;
        let (path, issuer) = returning.callback.split_once("&iss=").unwrap();
        returning.callback = match other {
            "" => path.to_owned(),
            "/" => format!("{path}&iss={issuer}/"),
            other => format!("{path}&iss{other}"),
        };
        provider.calls();
        let answer = returning.clone().finish(&app).await;
        if is_good {
            let code = parameter(answer.header("location"), "code");
            assert!(code.is_some(), "{other}: {answer:?}");
        } else {
            assert_told(&answer, "server_error");
            assert_logged(&log.take(), "another issuer", &returning);
            assert!(
                provider.calls().is_empty(),
                "the code is not shown to anybody"
            );
        }
    }
}
