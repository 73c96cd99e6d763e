//! Refresh tokens that come twice (OAuth 2.1 section 4.3.1): a retry is helped, a copy ends the login.

use std::time::Duration;

use axum::http::StatusCode;
use serde_json::Value;

use super::{
    app::App,
    clock::pass,
    login::{Client, post_form},
    provider::TestProvider,
    upstream_login::start,
};

/// A login, and what its client holds.
struct Session {
    provider: TestProvider,
    app: App,
    client: Client,
    access_token: String,
    refresh_token: String,
}

impl Session {
    async fn begin() -> Self {
        let (provider, app) = start().await;
        let client = Client::register(&app).await;
        let tokens = client.log_in(&app).await;
        Self {
            provider,
            app,
            client,
            access_token: text(&tokens, "access_token"),
            refresh_token: text(&tokens, "refresh_token"),
        }
    }

    /// The refresh token that this one gives.
    async fn refresh(&self, token: &str) -> String {
        let answer = self.client.refresh(&self.app, token).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        text(&answer.json(), "refresh_token")
    }

    async fn assert_refused(&self, token: &str) {
        let answer = self.client.refresh(&self.app, token).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{}", answer.body);
        assert_eq!(answer.json()["error"], "invalid_grant");
    }

    async fn assert_over(&self, newest: &str) {
        let answer = self.app.call(&self.access_token).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
        self.assert_refused(newest).await;
        assert_eq!(self.provider.tokens(), 0, "the provider was told");
    }
}

fn text(tokens: &Value, name: &str) -> String {
    tokens[name].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn within_thirty_seconds_a_second_use_gives_the_same_successor() {
    let session = Session::begin().await;
    let first = session.refresh_token.as_str();
    let second = session.refresh(first).await;
    for _ in 0..3 {
        pass(Duration::from_secs(9)).await;
        assert_eq!(session.refresh(first).await, second);
    }
    // A slow answer to the first does not matter to those who are further.
    let third = session.refresh(&second).await;
    assert_eq!(session.refresh(first).await, second);
    assert_eq!(session.refresh(&second).await, third);
    session.refresh(&third).await;
}

#[tokio::test]
async fn a_later_use_ends_the_whole_login_and_the_provider_is_told() {
    for generations in [1, 3] {
        let session = Session::begin().await;
        let mut newest = session.refresh_token.clone();
        for _ in 0..generations {
            newest = session.refresh(&newest).await;
        }
        assert!(session.provider.tokens() > 0);
        pass(Duration::from_secs(31)).await;
        session.assert_refused(&session.refresh_token).await;
        session.assert_over(&newest).await;
    }
}

#[tokio::test]
async fn a_later_use_by_a_client_that_is_another_ends_nothing() {
    let session = Session::begin().await;
    let newest = session.refresh(&session.refresh_token).await;
    pass(Duration::from_secs(31)).await;
    let other = Client::register(&session.app).await;
    let answer = other.refresh(&session.app, &session.refresh_token).await;
    assert_eq!(answer.json()["error"], "invalid_grant");
    session.refresh(&newest).await;
}

#[tokio::test]
async fn a_refresh_that_asks_for_too_much_uses_nothing_up() {
    let session = Session::begin().await;
    for (name, value, error) in [
        ("scope", "mcp:tools mcp:admin", "invalid_scope"),
        ("resource", "https://evil.example/mcp", "invalid_target"),
    ] {
        let form = [
            ("grant_type", "refresh_token"),
            ("client_id", &session.client.id),
            ("refresh_token", &session.refresh_token),
            (name, value),
        ];
        let answer = post_form(&session.app, "/token", &form).await;
        assert_eq!(answer.json()["error"], error);
    }
    pass(Duration::from_secs(31)).await;
    session.refresh(&session.refresh_token).await;
}

#[tokio::test]
async fn what_is_no_refresh_token_is_refused() {
    let session = Session::begin().await;
    let good = session.refresh_token.as_str();
    let other = if good.ends_with('A') { "B" } else { "A" };
    let changed = format!("{}{other}", &good[..good.len() - 1]);
    for bad in ["", "evil", &good[1..], &format!("{good}A"), &changed] {
        let answer = session.client.refresh(&session.app, bad).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{bad}");
    }
    session.assert_refused(&session.access_token).await;
    session.assert_refused(&session.client.id).await;
    session.refresh(good).await;
}

#[tokio::test]
async fn a_token_of_last_month_is_worth_nothing_however_alive_its_login_is() {
    const DAY: Duration = Duration::from_secs(24 * 60 * 60);
    let session = Session::begin().await;
    let second = session.refresh(&session.refresh_token).await;
    pass(20 * DAY).await;
    let third = session.refresh(&second).await;
    // Nobody remembers any more that the first one was used.
    pass(11 * DAY).await;
    session.assert_refused(&session.refresh_token).await;
    session.refresh(&third).await;
}
