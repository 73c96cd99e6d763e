//! Grants in odd states, put into the store by hand: the provider forgot a token early, a clock was wrong, somebody
//! else was quicker, the provider cannot be asked at all.

use std::time::Duration;

use axum::http::StatusCode;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use super::{
    app::App,
    clock::pass,
    dev_provider::{
        role::{CHECK, TOKEN},
        settings::NEITHER,
    },
    login::{Client, post_form},
    provider::{Mode, TestProvider},
    tokens::store,
    upstream_login::{server, start},
};
use crate::auth::{
    oauth::{access_token::GRANT, grants::LIFETIME, store::Kind},
    token_cache::now,
};

/// A login, and the id of its grant.
struct Session {
    client: Client,
    refresh_token: String,
    grant: String,
}

impl Session {
    /// A login whose tokens of the provider live for an hour and can be renewed.
    async fn begin(provider: &TestProvider, app: &App) -> Self {
        provider.logins().lifetime = Some(3600);
        let client = Client::register(app).await;
        let tokens = client.log_in(app).await;
        let text = |name: &str| tokens[name].as_str().unwrap().to_owned();
        let claims = text("access_token");
        let claims = BASE64_URL_SAFE_NO_PAD.decode(claims.split('.').nth(1).unwrap());
        let claims: Value = serde_json::from_slice(&claims.unwrap()).unwrap();
        Self {
            client,
            refresh_token: text("refresh_token"),
            grant: claims[GRANT].as_str().unwrap().to_owned(),
        }
    }

    async fn stored(&self) -> Option<Value> {
        store().get(Kind::Grant, &self.grant).await.unwrap()
    }

    async fn change(&self, change: impl FnOnce(&mut Value)) {
        let mut grant = self.stored().await.unwrap();
        change(&mut grant);
        let store = store();
        let replaced = store.replace(Kind::Grant, &self.grant, &grant, LIFETIME);
        assert!(replaced.await.unwrap());
    }

    async fn refresh(&self, app: &App) -> (StatusCode, Value) {
        let answer = self.client.refresh(app, &self.refresh_token).await;
        (answer.status, answer.json())
    }
}

#[tokio::test]
async fn an_access_token_that_stopped_working_early_is_renewed() {
    let (provider, app) = start().await;
    let session = Session::begin(&provider, &app).await;
    session
        .change(|grant| {
            grant["checked"] = json!(0);
            grant["tokens"]["access_token"] = json!("forgotten");
        })
        .await;
    provider.calls();
    assert_eq!(session.refresh(&app).await.0, StatusCode::OK);
    let asked = provider.calls();
    assert_eq!(asked.iter().filter(|call| call.ends_with(TOKEN)).count(), 1);
    let grant = session.stored().await.unwrap();
    assert_ne!(grant["tokens"]["access_token"], "forgotten");
}

#[tokio::test]
async fn without_a_way_to_renew_it_that_is_the_end() {
    let (provider, app) = start().await;
    let session = Session::begin(&provider, &app).await;
    session
        .change(|grant| {
            grant["checked"] = json!(0);
            grant["tokens"]["access_token"] = json!("forgotten");
            grant["tokens"]["refresh_token"] = Value::Null;
        })
        .await;
    assert_eq!(session.refresh(&app).await.1["error"], "invalid_grant");
    assert!(session.stored().await.is_none());
}

#[tokio::test]
async fn what_was_confirmed_in_the_future_is_asked_about() {
    let (provider, app) = start().await;
    let session = Session::begin(&provider, &app).await;
    let stricter = server(&provider, &[NEITHER]).await;
    let year = 365 * 24 * 60 * 60;
    session
        .change(|grant| grant["checked"] = json!(now() + year))
        .await;
    assert_eq!(session.refresh(&stricter).await.1["error"], "invalid_grant");
}

#[tokio::test]
async fn who_cannot_be_asked_about_stays_for_a_day_if_the_policy_has_nothing_against_it() {
    for hours in [20, 25] {
        for more in [&[][..], &[NEITHER]] {
            let (provider, app) = start().await;
            let session = Session::begin(&provider, &app).await;
            session
                .change(|grant| {
                    grant["checked"] = json!(now() - hours * 60 * 60);
                    grant["tokens"]["expires_at"] = json!(1);
                    grant["tokens"]["refresh_token"] = Value::Null;
                })
                .await;
            let app = server(&provider, more).await;
            let stays = hours == 20 && more.is_empty();
            let (status, answer) = session.refresh(&app).await;
            assert_eq!(status == StatusCode::OK, stays, "{hours} {more:?}");
            assert_eq!(answer["error"] == "invalid_grant", !stays);
        }
    }
}

#[tokio::test]
async fn tokens_that_another_server_has_renewed_meanwhile_are_not_overwritten() {
    let (provider, app) = start().await;
    let session = Session::begin(&provider, &app).await;
    session.change(|grant| grant["checked"] = json!(0)).await;
    provider.behave(CHECK, Mode::Silent);
    tokio::time::pause();
    let slow = session.refresh(&app);
    let quick = async {
        // The slow one has asked by then, and waits.
        tokio::time::sleep(Duration::from_secs(5)).await;
        let change = |grant: &mut Value| {
            grant["checked"] = json!(now());
            grant["tokens"]["access_token"] = json!("newer");
        };
        session.change(change).await;
    };
    let (answer, ()) = tokio::join!(slow, quick);
    tokio::time::resume();
    assert_eq!(answer.0, StatusCode::OK, "{}", answer.1);
    let grant = session.stored().await.unwrap();
    assert_eq!(grant["tokens"]["access_token"], "newer");
}

#[tokio::test]
async fn tokens_that_come_after_a_revocation_are_given_back() {
    let (provider, app) = start().await;
    let session = Session::begin(&provider, &app).await;
    session
        .change(|grant| {
            grant["checked"] = json!(0);
            grant["tokens"]["expires_at"] = json!(1);
        })
        .await;
    // Revoked by somebody who holds the store, at the moment when the provider is asked for new tokens.
    let (id, changed) = (session.grant.clone(), store());
    provider.behave(
        TOKEN,
        Mode::Changed(std::sync::Arc::new(move |_| {
            let taken = changed.take::<Value>(Kind::Grant, &id);
            drop(futures_util::FutureExt::now_or_never(taken));
        })),
    );
    let (status, answer) = session.refresh(&app).await;
    assert_eq!(
        (status, &answer["error"]),
        (StatusCode::BAD_REQUEST, &json!("invalid_grant"))
    );
    assert!(session.stored().await.is_none());
    assert_eq!(provider.tokens(), 0, "the new ones are given back");
}

#[tokio::test]
async fn a_use_in_the_future_does_not_last_for_ever() {
    let (provider, app) = start().await;
    let session = Session::begin(&provider, &app).await;
    pass(Duration::from_secs(3600)).await;
    let (_, answer) = session.refresh(&app).await;
    // The clock is set back: it had been an hour ahead.
    let form = [
        ("grant_type", "refresh_token"),
        ("client_id", session.client.id.as_str()),
        ("refresh_token", session.refresh_token.as_str()),
    ];
    let store = store();
    let used: Value = store
        .get(Kind::Use, &session.refresh_token)
        .await
        .unwrap()
        .unwrap();
    let ahead = json!({ "at": now() + 3600, "successor": used["successor"] });
    let replaced = store.replace(Kind::Use, &session.refresh_token, &ahead, LIFETIME);
    assert!(replaced.await.unwrap());
    let again = post_form(&app, "/token", &form).await;
    assert_eq!(again.json()["error"], "invalid_grant", "{answer}");
}

#[tokio::test]
async fn a_scope_that_is_not_offered_any_more_is_not_renewed() {
    let (provider, app) = start().await;
    let session = Session::begin(&provider, &app).await;
    session
        .change(|grant| grant["scopes"] = json!("mcp:admin mcp:tools"))
        .await;
    let fewer = server(&provider, &[("AUTH_SCOPES", "mcp:tools")]).await;
    assert_eq!(session.refresh(&fewer).await.1["scope"], "mcp:tools");
}
