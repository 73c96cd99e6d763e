//! Authorization codes and PKCE (RFC 6749 section 4.1.3, RFC 7636): one use, one client, one verifier, soon.

use std::{sync::Arc, time::Duration};

use axum::http::StatusCode;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde_json::json;

use super::{
    app::{Answer, App},
    client_ids::OTHER_KEY,
    login::{BASE, Browser, Client, REDIRECT, parameter, post_form},
    tokens::store,
    upstream_login::start,
};
use crate::auth::{
    oauth::{secrets::sha256, store::Kind},
    token_cache::now,
};

/// Redeems a code with other values for some parameters; an empty one counts as left out.
async fn redeem(app: &App, client: &Client, code: &str, changes: &[(&str, &str)]) -> Answer {
    let mut form = vec![
        ("grant_type", "authorization_code"),
        ("client_id", &*client.id),
        ("code", code),
        ("redirect_uri", REDIRECT),
        ("code_verifier", &client.verifier),
    ];
    form.retain(|(known, _)| changes.iter().all(|(name, _)| name != known));
    form.extend(changes);
    post_form(app, "/token", &form).await
}

fn assert_refused(answer: &Answer, error: &str, what: &str) {
    assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{what}");
    assert_eq!(answer.json()["error"], error, "{what}");
    assert!(answer.json().get("access_token").is_none(), "{what}");
}

/// A code for a request with this challenge.
async fn code_for(app: &App, client: &Client, verifier: &str) -> String {
    let challenge = BASE64_URL_SAFE_NO_PAD.encode(sha256(verifier.as_bytes()));
    let mut browser = Browser::default();
    let request = client.asking("code_challenge", &challenge);
    let page = browser.consent(app, &request).await;
    let away = browser.answer(app, &page, "approve").await;
    let returning = browser.visit_provider(away.header("location")).await;
    let back = returning.finish(app).await;
    parameter(back.header("location"), "code").unwrap()
}

#[tokio::test]
async fn only_the_verifier_of_the_challenge_fits() {
    let (provider, app) = start().await;
    let client = Client::register(&app).await;
    let verifier = client.verifier.as_str();
    let challenge = BASE64_URL_SAFE_NO_PAD.encode(sha256(verifier.as_bytes()));
    let spaced = format!("{verifier} ");
    let upper = verifier.to_ascii_uppercase();
    for wrong in ["", "evil", &verifier[1..], &spaced, &challenge, &upper] {
        let code = client.code(&app).await;
        let answer = redeem(&app, &client, &code, &[("code_verifier", wrong)]).await;
        assert_refused(&answer, "invalid_grant", wrong);
        assert_eq!(provider.tokens(), 0, "the login is over there too");
        let answer = client.redeem(&app, &code).await;
        assert_refused(&answer, "invalid_grant", "one try");
    }
}

#[tokio::test]
async fn a_verifier_has_43_to_128_unreserved_characters() {
    let app = App::start().await;
    let client = Client::register(&app).await;
    let of = |length: usize| "aZ09-._~".repeat(20)[..length].to_owned();
    let long = format!("{}+", of(50));
    let accented = format!("{}\u{e9}", of(50));
    for (verifier, is_good) in [
        (of(42), false),
        (of(43), true),
        (of(128), true),
        (of(129), false),
        (long, false),
        (accented, false),
    ] {
        // Its hash is right in every case.
        let code = code_for(&app, &client, &verifier).await;
        let answer = redeem(&app, &client, &code, &[("code_verifier", &verifier)]).await;
        if is_good {
            assert_eq!(answer.status, StatusCode::OK, "{verifier}");
        } else {
            assert_refused(&answer, "invalid_grant", &verifier);
        }
    }
}

#[tokio::test]
async fn another_address_or_resource_burns_the_code() {
    let app = App::start().await;
    let client = Client::register(&app).await;
    for (name, value, error) in [
        (
            "redirect_uri",
            "http://127.0.0.1:7778/callback",
            "invalid_grant",
        ),
        (
            "redirect_uri",
            "http://127.0.0.1:7777/callback/",
            "invalid_grant",
        ),
        ("redirect_uri", "https://evil.example/", "invalid_grant"),
        ("resource", "https://evil.example/mcp", "invalid_target"),
        ("resource", "https://mcp.example.com", "invalid_target"),
        ("resource", "mcp", "invalid_target"),
    ] {
        let code = client.code(&app).await;
        let answer = redeem(&app, &client, &code, &[(name, value)]).await;
        assert_refused(&answer, error, value);
        let answer = client.redeem(&app, &code).await;
        assert_refused(&answer, "invalid_grant", "it is burnt");
    }
    // OAuth 2.1 has no redirect_uri here any more.
    for (name, value) in [("redirect_uri", ""), ("resource", &format!("{BASE}/mcp/"))] {
        let code = client.code(&app).await;
        let answer = redeem(&app, &client, &code, &[(name, value)]).await;
        assert_eq!(answer.status, StatusCode::OK, "{name}");
    }
}

#[tokio::test]
async fn the_code_of_another_client_is_burnt_with_its_login() {
    let app = App::start().await;
    let client = Client::register(&app).await;
    let thief = Client::register(&app).await;
    let code = client.code(&app).await;
    let stolen = Client {
        id: thief.id.clone(),
        ..client.clone()
    };
    let answer = stolen.redeem(&app, &code).await;
    assert_refused(&answer, "invalid_grant", "another client");
    assert_refused(&client.redeem(&app, &code).await, "invalid_grant", "burnt");
    // A thief who comes too late ends what the client got: one of the two is not honest.
    let code = client.code(&app).await;
    let tokens = client.redeem(&app, &code).await.json();
    assert_refused(&stolen.redeem(&app, &code).await, "invalid_grant", "late");
    let answer = app.call(tokens["access_token"].as_str().unwrap()).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn what_is_no_code_gives_nothing() {
    let app = App::start().await;
    let client = Client::register(&app).await;
    let tokens = client.log_in(&app).await;
    let text = |name: &str| tokens[name].as_str().unwrap().to_owned();
    let code = client.code(&app).await;
    let cut = code[..42].to_owned();
    let spaced = format!("{code} ");
    for wrong in [
        text("access_token"),
        text("refresh_token"),
        cut,
        spaced,
        client.id.clone(),
    ] {
        let answer = client.redeem(&app, &wrong).await;
        assert_refused(&answer, "invalid_grant", &wrong);
    }
    let answer = client.refresh(&app, &code).await;
    assert_refused(&answer, "invalid_grant", "a code is no refresh token");
    let answer = app.call(&code).await;
    assert_eq!(
        answer.status,
        StatusCode::UNAUTHORIZED,
        "and no access token"
    );
    // A server with another key shares the store, but cannot read it.
    let other = App::with(&[("AUTH_SIGNING_KEY", OTHER_KEY)]).await;
    let there = Client::register(&other).await;
    let stolen = Client {
        id: there.id,
        ..client.clone()
    };
    let answer = stolen.redeem(&other, &code).await;
    assert_refused(&answer, "invalid_grant", "of another server");
    assert_eq!(client.redeem(&app, &code).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_code_is_good_for_two_minutes() {
    let app = App::start().await;
    let client = Client::register(&app).await;
    for (age, is_good) in [(0, true), (115, true), (120, false), (599, false)] {
        let code = client.code(&app).await;
        let mut record = store()
            .take::<serde_json::Value>(Kind::Code, &code)
            .await
            .unwrap()
            .unwrap();
        let until = record["until"].as_u64().unwrap();
        assert!((now() + 110..=now() + 120).contains(&until));
        record["until"] = json!(until - age);
        let lifetime = Duration::from_secs(600 - age);
        assert!(
            store()
                .insert(Kind::Code, &code, &record, lifetime)
                .await
                .unwrap()
        );
        let answer = client.redeem(&app, &code).await;
        if is_good {
            assert_eq!(answer.status, StatusCode::OK, "{age}");
        } else {
            assert_refused(&answer, "invalid_grant", "too old");
        }
    }
}

#[tokio::test]
async fn of_ten_parallel_redemptions_one_is_the_first_and_all_end_nothing_is_left() {
    let app = Arc::new(App::start().await);
    let client = Client::register(&app).await;
    let code = client.code(&app).await;
    let tries: Vec<_> = (0..10)
        .map(|_| {
            let (app, client, code) = (app.clone(), client.clone(), code.clone());
            tokio::spawn(async move { client.redeem(&app, &code).await })
        })
        .collect();
    let mut given = Vec::new();
    for task in tries {
        let answer = task.await.unwrap();
        match answer.status {
            StatusCode::OK => given.push(answer.json()),
            _ => assert_refused(&answer, "invalid_grant", "not the first"),
        }
    }
    assert!(given.len() <= 1, "{}", given.len());
    // The code was used again, so that what it gave is worth nothing.
    for tokens in given {
        let answer = app.call(tokens["access_token"].as_str().unwrap()).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
        let answer = client
            .refresh(&app, tokens["refresh_token"].as_str().unwrap())
            .await;
        assert_refused(&answer, "invalid_grant", "the refresh token too");
    }
}
