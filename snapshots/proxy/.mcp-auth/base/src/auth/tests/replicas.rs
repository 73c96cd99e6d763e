//! Several servers on one Redis: logins are shared, and an outage of it costs nobody a login.

use std::time::Duration;

use axum::http::StatusCode;

use super::{
    app::Answer,
    clock::pass,
    login::{Browser, Client, parameter, post_form},
    provider::TestProvider,
    store_redis::{Path, Way, redis_url, url_at},
    upstream_login::server,
};

fn text(answer: &Answer, name: &str) -> String {
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    answer.json()[name].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_login_may_take_each_of_its_steps_at_another_server() {
    let provider = TestProvider::start().await;
    let settings = [("STORE_URL", &*redis_url())];
    let one = server(&provider, &settings).await;
    let two = server(&provider, &settings).await;
    let client = Client::register(&one).await;
    let mut browser = Browser::default();
    let page = browser.consent(&two, &client.request()).await;
    let away = browser.answer(&one, &page, "approve").await;
    let returning = browser.visit_provider(away.header("location")).await;
    let back = returning.clone().finish(&two).await;
    let code = parameter(back.header("location"), "code").unwrap();
    let again = returning.finish(&one).await;
    assert_eq!(again.status, StatusCode::BAD_REQUEST, "it is over");

    let tokens = client.redeem(&one, &code).await;
    let access_token = text(&tokens, "access_token");
    for app in [&one, &two] {
        assert_eq!(app.call(&access_token).await.status, StatusCode::OK);
    }
    let old = text(&tokens, "refresh_token");
    let newer = client.refresh(&two, &old).await;
    let same = client.refresh(&one, &old).await;
    assert_eq!(text(&newer, "refresh_token"), text(&same, "refresh_token"));

    let form = [("client_id", &*client.id), ("token", &access_token)];
    assert_eq!(
        post_form(&two, "/revoke", &form).await.status,
        StatusCode::OK
    );
    assert_eq!(
        two.call(&access_token).await.status,
        StatusCode::UNAUTHORIZED
    );
    pass(Duration::from_secs(10)).await;
    assert_eq!(
        one.call(&access_token).await.status,
        StatusCode::UNAUTHORIZED
    );
    let answer = client.refresh(&one, &text(&newer, "refresh_token")).await;
    assert_eq!(answer.json()["error"], "invalid_grant");
}

#[tokio::test]
async fn of_parallel_redemptions_and_refreshes_at_two_servers_one_counts() {
    let provider = TestProvider::start().await;
    let settings = [("STORE_URL", &*redis_url())];
    let one = server(&provider, &settings).await;
    let two = server(&provider, &settings).await;
    let client = Client::register(&one).await;
    let code = client.code(&one).await;
    let (first, second) = tokio::join!(client.redeem(&one, &code), client.redeem(&two, &code));
    let successes = [&first, &second]
        .iter()
        .filter(|answer| answer.status == StatusCode::OK)
        .count();
    assert!(successes <= 1);

    let code = client.code(&one).await;
    let old = text(&client.redeem(&one, &code).await, "refresh_token");
    let (first, second) = tokio::join!(client.refresh(&one, &old), client.refresh(&two, &old));
    assert_eq!(
        text(&first, "refresh_token"),
        text(&second, "refresh_token")
    );
}

/// 503, to be tried again.
fn assert_later(answer: &Answer, what: &str) {
    assert_eq!(
        answer.status,
        StatusCode::SERVICE_UNAVAILABLE,
        "{what}: {}",
        answer.body
    );
    assert!(!answer.header("retry-after").is_empty(), "{what}");
    assert_eq!(answer.header("cache-control"), "no-store", "{what}");
}

#[tokio::test]
async fn while_the_store_is_down_everything_waits_and_nothing_is_lost() {
    let provider = TestProvider::start().await;
    let (path, port) = Path::open(0, Way::Open).await;
    let app = server(&provider, &[("STORE_URL", &url_at(port))]).await;
    let client = Client::register(&app).await;
    let code = client.code(&app).await;
    let tokens = client.redeem(&app, &code).await;
    let (access_token, refresh_token) = (
        text(&tokens, "access_token"),
        text(&tokens, "refresh_token"),
    );
    let waiting = client.code(&app).await;
    let returning = client.log_in_upstream(&app).await;
    let mut browser = Browser::default();
    let page = browser.consent(&app, &client.request()).await;

    path.close().await;
    // Who was seen a moment ago is believed.
    pass(Duration::from_secs(10)).await;
    assert_later(&app.call(&access_token).await, "a call");
    assert_later(&client.refresh(&app, &refresh_token).await, "a refresh");
    assert_later(&client.redeem(&app, &waiting).await, "a code");
    let form = [("client_id", &*client.id), ("token", &access_token)];
    assert_later(&post_form(&app, "/revoke", &form).await, "a revocation");
    assert_later(&returning.clone().finish(&app).await, "a callback");
    for answer in ["approve", "deny"] {
        let answer = browser.answer(&app, &page, answer).await;
        assert_later(&answer, "the consent page");
    }
    // What needs no store still works.
    Client::register(&app).await;
    let mut other = Browser::default();
    other.consent(&app, &client.request()).await;

    let (path, _) = Path::open(port, Way::Open).await;
    assert_eq!(app.call(&access_token).await.status, StatusCode::OK);
    text(&client.refresh(&app, &refresh_token).await, "access_token");
    text(&client.redeem(&app, &waiting).await, "access_token");
    let back = returning.finish(&app).await;
    assert!(parameter(back.header("location"), "code").is_some());
    let away = browser.answer(&app, &page, "approve").await;
    assert_eq!(away.status, StatusCode::SEE_OTHER);
    path.close().await;
}
