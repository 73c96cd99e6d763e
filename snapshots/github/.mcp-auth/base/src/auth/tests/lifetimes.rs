//! How long things last: a consent page, a code, tokens, a login; and how soon the end of a login is felt.

use std::{sync::Arc, time::Duration};

use axum::http::StatusCode;
use futures_util::future::join_all;
use serde_json::Value;
use tokio::time::{self, Instant};

use super::{
    app::App,
    clock::pass,
    dev_provider::role::CHECK,
    login::{Browser, Client, post_form},
    provider::{Mode, TestProvider},
    upstream_login::{server, start},
};

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(60 * 60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

fn text<'v>(tokens: &'v Value, name: &str) -> &'v str {
    tokens[name].as_str().unwrap()
}

async fn status(app: &App, tokens: &Value) -> StatusCode {
    app.call(text(tokens, "access_token")).await.status
}

/// How often the provider was asked about a login.
fn checks(provider: &TestProvider) -> usize {
    let calls = provider.calls();
    calls.iter().filter(|call| call.ends_with(CHECK)).count()
}

#[tokio::test]
async fn a_consent_page_can_be_answered_for_ten_minutes() {
    let app = App::start().await;
    let client = Client::register(&app).await;
    for (wait, expected) in [
        (9 * MINUTE, StatusCode::SEE_OTHER),
        (10 * MINUTE, StatusCode::BAD_REQUEST),
    ] {
        let mut browser = Browser::default();
        let page = browser.consent(&app, &client.request()).await;
        pass(wait).await;
        let answer = browser.answer(&app, &page, "approve").await;
        assert_eq!(answer.status, expected, "{wait:?}");
    }
}

#[tokio::test]
async fn a_login_at_the_provider_may_take_ten_minutes() {
    let app = App::start().await;
    let client = Client::register(&app).await;
    for (wait, expected) in [
        (9 * MINUTE, StatusCode::SEE_OTHER),
        (10 * MINUTE, StatusCode::BAD_REQUEST),
    ] {
        let returning = client.log_in_upstream(&app).await;
        pass(wait).await;
        let back = returning.finish(&app).await;
        assert_eq!(back.status, expected, "{wait:?}");
    }
}

#[tokio::test]
async fn a_code_can_be_redeemed_for_two_minutes() {
    let app = App::start().await;
    let client = Client::register(&app).await;
    for (wait, expected) in [
        (MINUTE, StatusCode::OK),
        (2 * MINUTE, StatusCode::BAD_REQUEST),
    ] {
        let code = client.code(&app).await;
        pass(wait).await;
        let answer = client.redeem(&app, &code).await;
        assert_eq!(answer.status, expected, "{wait:?}");
    }
}

#[tokio::test]
async fn an_access_token_lives_for_an_hour_and_its_login_longer() {
    let app = App::start().await;
    let client = Client::register(&app).await;
    let tokens = client.log_in(&app).await;
    pass(HOUR - MINUTE).await;
    assert_eq!(status(&app, &tokens).await, StatusCode::OK);
    // And half a minute more, in which another clock may be behind.
    pass(MINUTE + MINUTE / 2).await;
    let answer = app.call(text(&tokens, "access_token")).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert!(answer.challenge().contains("invalid_token"));
    let answer = client.refresh(&app, text(&tokens, "refresh_token")).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    assert_eq!(status(&app, &answer.json()).await, StatusCode::OK);
}

#[tokio::test]
async fn a_login_ends_thirty_days_after_its_last_refresh() {
    let app = App::start().await;
    let client = Client::register(&app).await;
    let mut tokens = client.log_in(&app).await;
    for _ in 0..3 {
        pass(30 * DAY - MINUTE).await;
        let answer = client.refresh(&app, text(&tokens, "refresh_token")).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        tokens = answer.json();
    }
    pass(30 * DAY).await;
    let answer = client.refresh(&app, text(&tokens, "refresh_token")).await;
    assert_eq!(answer.json()["error"], "invalid_grant");
}

#[tokio::test]
async fn the_provider_is_asked_about_a_login_in_use_every_five_minutes_and_not_more_often() {
    let (provider, app) = start().await;
    let client = Client::register(&app).await;
    let tokens = client.log_in(&app).await;
    provider.calls();
    // The second server has to know what the first one asked.
    let other = server(&provider, &[]).await;
    for _ in 0..90 {
        pass(20 * SECOND).await;
        assert_eq!(status(&app, &tokens).await, StatusCode::OK);
        assert_eq!(status(&other, &tokens).await, StatusCode::OK);
    }
    let checks = checks(&provider);
    assert!((5..=6).contains(&checks), "{checks} in thirty minutes");
}

#[tokio::test]
async fn of_five_hundred_calls_at_once_one_asks_the_provider() {
    let (provider, app) = start().await;
    let client = Client::register(&app).await;
    let tokens = client.log_in(&app).await;
    pass(6 * MINUTE).await;
    provider.calls();
    let app = Arc::new(app);
    let calls = (0..500).map(|_| {
        let (app, token) = (app.clone(), text(&tokens, "access_token").to_owned());
        tokio::spawn(async move { app.call(&token).await.status })
    });
    for status in join_all(calls.collect::<Vec<_>>()).await {
        assert_eq!(status.unwrap(), StatusCode::OK);
    }
    // They do not wait for its answer for long.
    let mut asked = checks(&provider);
    while asked == 0 {
        time::sleep(Duration::from_millis(10)).await;
        asked = checks(&provider);
    }
    assert_eq!(asked, 1);
}

#[tokio::test]
async fn a_call_does_not_fail_because_the_provider_does() {
    let (provider, app) = start().await;
    let client = Client::register(&app).await;
    let tokens = client.log_in(&app).await;
    provider.calls();
    for mode in [Mode::Page(503), Mode::Page(200), Mode::Redirect] {
        pass(6 * MINUTE).await;
        provider.behave(CHECK, mode);
        assert_eq!(status(&app, &tokens).await, StatusCode::OK);
        assert_eq!(checks(&provider), 1);
        // It is left alone for a minute.
        pass(50 * SECOND).await;
        assert_eq!(status(&app, &tokens).await, StatusCode::OK);
        assert_eq!(checks(&provider), 0);
        pass(20 * SECOND).await;
        assert_eq!(status(&app, &tokens).await, StatusCode::OK);
        assert_eq!(checks(&provider), 1);
    }
    pass(6 * MINUTE).await;
    provider.behave(CHECK, Mode::Silent);
    time::pause();
    let started = Instant::now();
    assert_eq!(status(&app, &tokens).await, StatusCode::OK);
    assert!(
        started.elapsed() < Duration::from_secs(3),
        "nor is it held up"
    );
}

#[tokio::test]
async fn other_servers_feel_a_revocation_within_ten_seconds() {
    let one = App::start().await;
    let two = App::start().await;
    let client = Client::register(&one).await;
    let tokens = client.log_in(&one).await;
    assert_eq!(status(&one, &tokens).await, StatusCode::OK);
    assert_eq!(status(&two, &tokens).await, StatusCode::OK);
    let form = [
        ("client_id", client.id.as_str()),
        ("token", text(&tokens, "refresh_token")),
    ];
    assert_eq!(
        post_form(&one, "/revoke", &form).await.status,
        StatusCode::OK
    );
    assert_eq!(status(&one, &tokens).await, StatusCode::UNAUTHORIZED);
    pass(10 * SECOND).await;
    assert_eq!(status(&two, &tokens).await, StatusCode::UNAUTHORIZED);
}
