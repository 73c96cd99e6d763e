//! Published keys: rotation, withdrawal, outages, and strangers who want the issuer to be asked.

use std::{sync::Arc, time::Duration};

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::{
    app::App,
    harness::{ES256, ES384, RS256, SigningKey},
    issuer::{Issuer, Mode, pass},
};
use crate::auth::published::discovery::metadata_addresses;

const MINUTE: Duration = Duration::from_secs(60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

async fn assert_answer(app: &App, token: &str, status: StatusCode) {
    let answer = app.call(token).await;
    assert_eq!(answer.status, status);
    let is_outage = status == StatusCode::SERVICE_UNAVAILABLE;
    assert_eq!(is_outage, !answer.header("retry-after").is_empty());
    assert!(!is_outage || answer.challenge().is_empty());
}

/// Gives work in the background the time to be done.
async fn settle() {
    tokio::time::sleep(Duration::from_millis(100)).await;
}

#[tokio::test]
async fn keys_are_discovered_and_fetched_once() {
    let issuer = Issuer::start(&[ES256.jwk("one"), RS256.jwk("two")]).await;
    let app = Arc::new(issuer.app().await);
    let calls = (0..50).map(|index| {
        let token = if index % 2 == 0 {
            issuer.token(&ES256, "one")
        } else {
            issuer.token(&RS256, "two")
        };
        let app = app.clone();
        tokio::spawn(async move { app.call(&token).await.status })
    });
    for call in calls.collect::<Vec<_>>() {
        assert_eq!(call.await.unwrap(), StatusCode::OK);
    }
    assert_eq!(issuer.fetches(), 1);
}

#[tokio::test]
async fn a_new_key_is_found_without_a_restart() {
    let issuer = Issuer::start(&[ES256.jwk("old")]).await;
    let app = issuer.app().await;
    assert_answer(&app, &issuer.token(&ES256, "old"), StatusCode::OK).await;
    issuer.publish(&[ES256.jwk("old"), ES384.jwk("new")]);
    assert_answer(&app, &issuer.token(&ES384, "new"), StatusCode::OK).await;
}

#[tokio::test]
async fn a_withdrawn_key_stops_working_for_tokens_already_seen() {
    let issuer = Issuer::start(&[ES256.jwk("leaked"), ES384.jwk("good")]).await;
    let app = issuer.app().await;
    let (leaked, good) = (issuer.token(&ES256, "leaked"), issuer.token(&ES384, "good"));
    for token in [&leaked, &good] {
        assert_answer(&app, token, StatusCode::OK).await;
    }
    issuer.publish(&[ES384.jwk("good")]);
    pass(11 * MINUTE).await;
    // A token that is not remembered makes the service look at the age of its keys.
    assert_answer(&app, &issuer.token(&ES384, "good"), StatusCode::OK).await;
    settle().await;
    assert_answer(&app, &leaked, StatusCode::UNAUTHORIZED).await;
    assert_answer(&app, &good, StatusCode::OK).await;
}

#[tokio::test]
async fn two_hundred_unknown_keys_cost_one_fetch() {
    let issuer = Issuer::start(&[ES256.jwk("one")]).await;
    let app = issuer.app().await;
    assert_answer(&app, &issuer.token(&ES256, "one"), StatusCode::OK).await;
    for index in 0..200 {
        let kid = [
            "unknown",
            "../../etc/passwd",
            "' OR 1=1 --",
            "http://evil.example/",
        ][index % 4];
        assert_answer(
            &app,
            &issuer.token(&ES256, &format!("{kid}{index}")),
            StatusCode::UNAUTHORIZED,
        )
        .await;
    }
    assert_eq!(
        issuer.fetches(),
        2,
        "the first one, and one for all unknown keys"
    );
}

#[tokio::test]
async fn a_token_that_names_no_key_needs_exactly_one_that_fits() {
    let issuer = Issuer::start(&[ES256.jwk("one"), RS256.jwk("two")]).await;
    let app = issuer.app().await;
    let nameless = |key: &SigningKey| {
        let mut claims = super::harness::claims("alice", "mcp:tools");
        claims["iss"] = json!(issuer.url());
        key.sign(&key.header(), &claims)
    };
    assert_answer(&app, &nameless(&ES256), StatusCode::OK).await;
    issuer.publish(&[
        ES256.jwk("one"),
        SigningKey::new(ES256.algorithm).jwk("other"),
    ]);
    let app = issuer.app().await;
    assert_answer(&app, &nameless(&ES256), StatusCode::UNAUTHORIZED).await;
}

#[tokio::test]
async fn a_key_without_an_id_stands_behind_the_named_ones() {
    let mut nameless = SigningKey::new(ES256.algorithm).jwk("");
    nameless.as_object_mut().unwrap().remove("kid");
    let issuer = Issuer::start(&[nameless, ES256.jwk("one")]).await;
    let app = issuer.app().await;
    assert_answer(&app, &issuer.token(&ES256, "one"), StatusCode::OK).await;
}

#[tokio::test]
async fn a_caller_that_hangs_up_does_not_stop_the_search_for_a_new_key() {
    let issuer = Issuer::start(&[ES256.jwk("old")]).await;
    let app = Arc::new(issuer.app().await);
    assert_answer(&app, &issuer.token(&ES256, "old"), StatusCode::OK).await;
    issuer.publish(&[ES384.jwk("new")]);
    let stranger = {
        let (app, token) = (app.clone(), issuer.token(&ES256, "unknown"));
        tokio::spawn(async move { app.call(&token).await.status })
    };
    tokio::task::yield_now().await;
    stranger.abort();
    settle().await;
    assert_answer(&app, &issuer.token(&ES384, "new"), StatusCode::OK).await;
}

#[tokio::test]
async fn a_withdrawn_key_does_not_outlive_its_time_while_the_issuer_answers() {
    let issuer = Issuer::start(&[ES256.jwk("old")]).await;
    let app = issuer.app().await;
    assert_answer(&app, &issuer.token(&ES256, "old"), StatusCode::OK).await;
    issuer.publish(&[ES384.jwk("new")]);
    pass(12 * MINUTE).await;
    assert_answer(&app, &issuer.token(&ES256, "old"), StatusCode::UNAUTHORIZED).await;
}

#[tokio::test]
async fn an_odd_key_does_not_spoil_the_set() {
    let mut for_encryption = ES384.jwk("encryption");
    for_encryption["use"] = json!("enc");
    let mut for_another = ES384.jwk("another");
    for_another["alg"] = json!("RS256");
    let issuer = Issuer::start(&[
        json!({ "kty": "quantum", "kid": "odd" }),
        json!("not even an object"),
        Value::Null,
        json!({ "kty": "oct", "kid": "secret", "k": "c2VjcmV0", "alg": "HS256" }),
        json!({ "kty": "EC", "crv": "P-256", "kid": "broken", "x": "!", "y": "!" }),
        for_encryption,
        for_another,
        ES256.jwk("good"),
    ])
    .await;
    let app = issuer.app().await;
    assert_answer(&app, &issuer.token(&ES256, "good"), StatusCode::OK).await;
    for kid in ["encryption", "another", "odd"] {
        assert_answer(&app, &issuer.token(&ES384, kid), StatusCode::UNAUTHORIZED).await;
    }
}

#[tokio::test]
async fn an_issuer_that_is_out_of_order_at_the_start_is_an_outage_until_it_is_back() {
    for mode in [
        Mode::Down,
        Mode::Html,
        Mode::Huge,
        Mode::TooManyKeys,
        Mode::Redirect,
        Mode::Impostor,
    ] {
        let issuer = Issuer::start(&[ES256.jwk("one")]).await;
        issuer.behave(mode);
        let app = issuer.app().await;
        let token = issuer.token(&ES256, "one");
        for _ in 0..20 {
            assert_answer(&app, &token, StatusCode::SERVICE_UNAVAILABLE).await;
        }
        assert!(issuer.fetches() <= 1);
        issuer.behave(Mode::Honest);
        pass(Duration::from_secs(6)).await;
        assert_answer(&app, &token, StatusCode::OK).await;
    }
}

#[tokio::test]
async fn a_published_key_does_not_widen_the_configured_algorithms() {
    let issuer = Issuer::start(&[ES256.jwk("one"), RS256.jwk("two")]).await;
    let app = App::with(&[
        ("AUTH_ISSUER", &issuer.url()),
        ("JWT_PUBLIC_KEY", ""),
        ("AUTH_ALGORITHMS", "RS256"),
    ])
    .await;
    assert_answer(&app, &issuer.token(&RS256, "two"), StatusCode::OK).await;
    assert_answer(&app, &issuer.token(&ES256, "one"), StatusCode::UNAUTHORIZED).await;
}

#[tokio::test]
async fn a_slow_issuer_is_an_outage() {
    let issuer = Issuer::start(&[ES256.jwk("one")]).await;
    issuer.behave(Mode::Slow);
    let app = issuer.app().await;
    let token = issuer.token(&ES256, "one");
    tokio::time::pause();
    assert_answer(&app, &token, StatusCode::SERVICE_UNAVAILABLE).await;
}

#[tokio::test]
async fn old_keys_are_used_for_a_day_while_the_issuer_is_out_of_order() {
    let issuer = Issuer::start(&[ES256.jwk("one")]).await;
    issuer.cache_control("max-age=1");
    let app = issuer.app().await;
    assert_answer(&app, &issuer.token(&ES256, "one"), StatusCode::OK).await;
    issuer.behave(Mode::Down);
    pass(DAY).await;
    assert_answer(&app, &issuer.token(&ES256, "one"), StatusCode::OK).await;
    settle().await;
    // Whether this key exists cannot be told, however often somebody asks.
    for _ in 0..3 {
        let unknown = issuer.token(&ES256, "unknown");
        assert_answer(&app, &unknown, StatusCode::SERVICE_UNAVAILABLE).await;
        pass(Duration::from_secs(6)).await;
    }
    pass(2 * MINUTE).await;
    assert_answer(
        &app,
        &issuer.token(&ES256, "one"),
        StatusCode::SERVICE_UNAVAILABLE,
    )
    .await;
}

#[tokio::test]
async fn the_issuer_says_how_long_keys_hold_within_bounds() {
    for (cache_control, before, after) in [
        ("public", 9 * MINUTE, 11 * MINUTE),
        ("max-age=0", MINUTE / 2, MINUTE + MINUTE / 2),
        ("public, max-age=3600", 59 * MINUTE, 61 * MINUTE),
        ("max-age=99999999", DAY - MINUTE, DAY + MINUTE),
    ] {
        let issuer = Issuer::start(&[ES256.jwk("one")]).await;
        issuer.cache_control(cache_control);
        let app = issuer.app().await;
        assert_answer(&app, &issuer.token(&ES256, "one"), StatusCode::OK).await;
        pass(before).await;
        assert_answer(&app, &issuer.token(&ES256, "one"), StatusCode::OK).await;
        settle().await;
        assert_eq!(issuer.fetches(), 1, "{cache_control}");
        pass(after - before).await;
        assert_answer(&app, &issuer.token(&ES256, "one"), StatusCode::OK).await;
        settle().await;
        assert_eq!(issuer.fetches(), 2, "{cache_control}");
    }
}

#[test]
fn metadata_is_looked_for_where_the_standards_put_it() {
    let addresses = |issuer| {
        metadata_addresses(issuer)
            .into_iter()
            .map(String::from)
            .collect::<Vec<_>>()
    };
    assert_eq!(
        addresses("https://a.example/"),
        [
            "https://a.example/.well-known/openid-configuration",
            "https://a.example/.well-known/oauth-authorization-server",
        ]
    );
    assert_eq!(
        addresses("https://a.example/tenant/v2.0"),
        [
            "https://a.example/tenant/v2.0/.well-known/openid-configuration",
            "https://a.example/.well-known/oauth-authorization-server/tenant/v2.0",
            "https://a.example/.well-known/openid-configuration/tenant/v2.0",
        ]
    );
    for address in addresses("https://a.example//evil.example/x") {
        assert!(address.starts_with("https://a.example/"), "{address}");
    }
}
