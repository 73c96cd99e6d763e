//! `POST /revoke` (RFC 7009): a client ends its own logins, here and at the provider, and nobody else's.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::{
    access_tokens::changed_at,
    app::{Answer, App},
    client_ids::OTHER_KEY,
    login::{Client, REDIRECT, post_form, register},
    upstream_login::start,
};

async fn revoke(app: &App, client: &Client, token: &str, hint: &str) -> Answer {
    let form = [
        ("client_id", &*client.id),
        ("token", token),
        ("token_type_hint", hint),
    ];
    post_form(app, "/revoke", &form).await
}

fn text<'v>(tokens: &'v Value, name: &str) -> &'v str {
    tokens[name].as_str().unwrap()
}

async fn works(app: &App, client: &Client, tokens: &Value) -> (bool, bool) {
    let called = app.call(text(tokens, "access_token")).await.status;
    let refreshed = client
        .refresh(app, text(tokens, "refresh_token"))
        .await
        .status;
    (called == StatusCode::OK, refreshed == StatusCode::OK)
}

#[tokio::test]
async fn every_token_of_a_login_ends_it_whatever_the_hint_says() {
    let (provider, app) = start().await;
    let client = Client::register(&app).await;
    for name in ["access_token", "refresh_token"] {
        for hint in ["", "access_token", "refresh_token", "nonsense"] {
            let tokens = client.log_in(&app).await;
            let newer = client
                .refresh(&app, text(&tokens, "refresh_token"))
                .await
                .json();
            let other = client.log_in(&app).await;
            let before = provider.tokens();
            // The older tokens of the family do it too.
            let answer = revoke(&app, &client, text(&tokens, name), hint).await;
            assert_eq!(answer.status, StatusCode::OK, "{name} {hint}");
            assert_eq!(answer.header("cache-control"), "no-store");
            assert!(provider.tokens() < before, "the provider was told");
            assert_eq!(
                works(&app, &client, &newer).await,
                (false, false),
                "{name} {hint}"
            );
            let again = revoke(&app, &client, text(&tokens, name), hint).await;
            assert_eq!(again.status, StatusCode::OK);
            assert!(app.call(text(&other, "access_token")).await.status == StatusCode::OK);
        }
    }
}

#[tokio::test]
async fn what_is_no_token_is_answered_alike_and_ends_nothing() {
    let (provider, app) = start().await;
    let client = Client::register(&app).await;
    let tokens = client.log_in(&app).await;
    let code = client.code(&app).await;
    provider.calls();
    let access_token = text(&tokens, "access_token");
    let forged = changed_at(access_token, access_token.len() - 20);
    for token in ["x", "a.b.c", &forged, &code, &client.id] {
        let answer = revoke(&app, &client, token, "").await;
        assert_eq!(
            (answer.status, &*answer.body),
            (StatusCode::OK, "{}"),
            "{token}"
        );
    }
    let expected = revoke(&app, &client, "x", "").await;
    // Nor is a client told that another's token is good.
    let other = Client::register(&app).await;
    for name in ["access_token", "refresh_token"] {
        let answer = revoke(&app, &other, text(&tokens, name), name).await;
        assert_eq!(
            (answer.status, answer.body),
            (expected.status, expected.body.clone())
        );
    }
    assert_eq!(provider.calls(), [""; 0]);
    assert_eq!(works(&app, &client, &tokens).await, (true, true));
    assert_eq!(client.redeem(&app, &code).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_client_with_a_secret_must_show_it_to_revoke() {
    let app = App::start().await;
    let metadata =
        json!({ "redirect_uris": [REDIRECT], "token_endpoint_auth_method": "client_secret_post" });
    let answer = register(&app, &metadata).await.json();
    let client = Client {
        id: text(&answer, "client_id").to_owned(),
        verifier: "v".repeat(43),
    };
    let secret = text(&answer, "client_secret");
    let code = client.code(&app).await;
    let form = [
        ("grant_type", "authorization_code"),
        ("client_id", &*client.id),
        ("client_secret", secret),
        ("code", &code),
        ("code_verifier", &client.verifier),
    ];
    let tokens = post_form(&app, "/token", &form).await.json();
    let token = text(&tokens, "access_token");
    for (secret, status, works) in [
        ("", StatusCode::UNAUTHORIZED, true),
        ("wrong", StatusCode::UNAUTHORIZED, true),
        (secret, StatusCode::OK, false),
    ] {
        let form = [
            ("client_id", &*client.id),
            ("client_secret", secret),
            ("token", token),
        ];
        assert_eq!(post_form(&app, "/revoke", &form).await.status, status);
        assert_eq!(
            app.call(token).await.status == StatusCode::OK,
            works,
            "{secret}"
        );
    }
}

#[tokio::test]
async fn a_server_with_another_key_cannot_end_a_login() {
    let app = App::start().await;
    let client = Client::register(&app).await;
    let tokens = client.log_in(&app).await;
    let other = App::with(&[("AUTH_SIGNING_KEY", OTHER_KEY)]).await;
    let there = Client::register(&other).await;
    for name in ["access_token", "refresh_token"] {
        let answer = revoke(&other, &there, text(&tokens, name), "").await;
        assert_eq!(answer.status, StatusCode::OK);
        let answer = revoke(&other, &client, text(&tokens, name), "").await;
        assert_eq!(
            answer.status,
            StatusCode::UNAUTHORIZED,
            "its client is not known there"
        );
    }
    assert_eq!(works(&app, &client, &tokens).await, (true, true));
}
