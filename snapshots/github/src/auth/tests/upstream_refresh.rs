//! What becomes of a login when the provider is asked again later: it may say no, have changed its mind, be silent.

use std::{sync::Arc, time::Duration};

use axum::http::StatusCode;
use serde_json::{Value, json};
use tokio::time::Instant;

use super::{
    app::App,
    clock::pass,
    dev_provider::{
        role::{CHECK, TOKEN},
        settings::NEITHER,
    },
    login::{Client, post_form},
    provider::{Mode, TestProvider},
    upstream_login::{server, start},
};
/// So long that the provider is asked again.
const A_WHILE: Duration = Duration::from_secs(6 * 60);

/// A login, and what its client holds.
struct Session {
    client: Client,
    access_token: String,
    refresh_token: String,
}

impl Session {
    /// A login whose tokens of the provider live so long, in seconds.
    async fn begin(provider: &TestProvider, app: &App, lifetime: Option<u64>) -> Self {
        provider.logins().lifetime = lifetime;
        let client = Client::register(app).await;
        let tokens = client.log_in(app).await;
        let text = |name: &str| tokens[name].as_str().unwrap().to_owned();
        Self {
            client,
            access_token: text("access_token"),
            refresh_token: text("refresh_token"),
        }
    }

    async fn refresh(&self, app: &App) -> (StatusCode, Value) {
        let answer = self.client.refresh(app, &self.refresh_token).await;
        (answer.status, answer.json())
    }

    async fn call(&self, app: &App) -> StatusCode {
        app.call(&self.access_token).await.status
    }

    /// Nothing of the login works any more, here and there.
    async fn assert_over(&self, provider: &TestProvider, app: &App) {
        assert_eq!(self.refresh(app).await.1["error"], "invalid_grant");
        assert_eq!(self.call(app).await, StatusCode::UNAUTHORIZED);
        assert_eq!(provider.tokens(), 0);
    }
}

/// How long the provider's tokens may live: for ever or for long, so that it is asked about them, or so short that
/// they have to be refreshed.
const LIFETIMES: [Option<u64>; 3] = [None, Some(3600), Some(30)];

#[tokio::test]
async fn whom_the_policy_does_not_let_in_any_more_is_out_at_the_next_refresh() {
    for lifetime in LIFETIMES {
        let (provider, app) = start().await;
        let session = Session::begin(&provider, &app, lifetime).await;
        let stricter = server(&provider, &[NEITHER]).await;
        assert_eq!(session.call(&stricter).await, StatusCode::OK, "for a while");
        pass(A_WHILE).await;
        let (status, answer) = session.refresh(&stricter).await;
        assert_eq!(
            (status, &answer["error"]),
            (StatusCode::BAD_REQUEST, &json!("invalid_grant"))
        );
        session.assert_over(&provider, &stricter).await;
        // Nobody comes back by a server that has not heard of the rule.
        session
            .assert_over(&provider, &server(&provider, &[]).await)
            .await;
    }
}

#[tokio::test]
async fn a_login_that_the_provider_has_ended_is_over_here_too() {
    for lifetime in LIFETIMES {
        let (provider, app) = start().await;
        let session = Session::begin(&provider, &app, lifetime).await;
        provider.revoke_everything();
        pass(A_WHILE).await;
        let (status, answer) = session.refresh(&app).await;
        assert_eq!(
            (status, &answer["error"]),
            (StatusCode::BAD_REQUEST, &json!("invalid_grant"))
        );
        session
            .assert_over(&provider, &server(&provider, &[]).await)
            .await;
    }
}

#[tokio::test]
async fn a_refresh_survives_a_provider_that_is_out_of_order() {
    let bad = [
        Mode::Page(500),
        Mode::Page(200),
        Mode::Huge,
        Mode::Redirect,
        Mode::Error(503, "invalid_grant"),
        Mode::Error(400, "temporarily_unavailable"),
        Mode::Error(401, "invalid_client"),
    ];
    for (path, lifetime) in [(CHECK, Some(3600)), (TOKEN, Some(30))] {
        let (provider, app) = start().await;
        let session = Session::begin(&provider, &app, lifetime).await;
        for mode in &bad {
            if path == CHECK && matches!(mode, Mode::Error(401, _)) {
                // There it is the token that is not accepted.
                continue;
            }
            pass(A_WHILE).await;
            provider.behave(path, mode.clone());
            let answer = session.client.refresh(&app, &session.refresh_token).await;
            assert_eq!(
                answer.status,
                StatusCode::SERVICE_UNAVAILABLE,
                "{}",
                answer.body
            );
            assert_eq!(answer.json()["error"], "temporarily_unavailable");
            assert!(!answer.header("retry-after").is_empty());
            assert_eq!(session.call(&app).await, StatusCode::OK);
        }
        provider.recover();
        pass(A_WHILE).await;
        assert_eq!(
            session.refresh(&app).await.0,
            StatusCode::OK,
            "nothing was consumed"
        );
    }
}

#[tokio::test]
async fn new_tokens_are_kept_though_the_provider_cannot_say_whose_they_are() {
    for mode in [Mode::Page(503), Mode::Page(200), Mode::Redirect] {
        let (provider, app) = start().await;
        let session = Session::begin(&provider, &app, Some(30)).await;
        pass(A_WHILE).await;
        provider.behave(CHECK, mode);
        let (status, _) = session.refresh(&app).await;
        assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
        provider.recover();
        // The provider's old refresh token is spent.
        pass(A_WHILE).await;
        assert_eq!(session.refresh(&app).await.0, StatusCode::OK);
    }
}

#[tokio::test]
async fn a_silent_provider_holds_a_refresh_up_for_ten_seconds_and_consumes_nothing() {
    let (provider, app) = start().await;
    let session = Session::begin(&provider, &app, Some(30)).await;
    pass(A_WHILE).await;
    provider.behave(TOKEN, Mode::Silent);
    tokio::time::pause();
    let started = Instant::now();
    assert_eq!(
        session.refresh(&app).await.0,
        StatusCode::SERVICE_UNAVAILABLE
    );
    assert!(started.elapsed() < Duration::from_secs(11));
    tokio::time::resume();
    provider.recover();
    pass(A_WHILE).await;
    assert_eq!(session.refresh(&app).await.0, StatusCode::OK);
}

#[tokio::test]
async fn of_many_refreshes_one_asks_the_provider_and_its_new_token_is_kept() {
    let (provider, app) = start().await;
    let mut session = Session::begin(&provider, &app, Some(30)).await;
    let app = Arc::new(app);
    // Each of the provider's refresh tokens works once.
    for _ in 0..3 {
        pass(A_WHILE).await;
        provider.calls();
        let tries = (0..10).map(|_| {
            let (app, client) = (app.clone(), session.client.clone());
            let token = session.refresh_token.clone();
            tokio::spawn(async move { client.refresh(&app, &token).await })
        });
        for task in tries.collect::<Vec<_>>() {
            let answer = task.await.unwrap();
            assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
            let token = answer.json()["refresh_token"].as_str().unwrap().to_owned();
            session.refresh_token = token;
        }
        let calls = provider.calls();
        let asked = calls.iter().filter(|call| call.ends_with(TOKEN)).count();
        assert_eq!(asked, 1, "{calls:?}");
    }
}

#[tokio::test]
async fn calls_ask_the_provider_now_and_then_and_its_silence_ends_nothing() {
    let (provider, app) = start().await;
    let session = Session::begin(&provider, &app, Some(3600)).await;
    provider.calls();
    for _ in 0..3 {
        assert_eq!(session.call(&app).await, StatusCode::OK);
    }
    assert!(provider.calls().is_empty(), "it was asked a moment ago");
    pass(A_WHILE).await;
    provider.behave(CHECK, Mode::Page(503));
    for asks in [true, false, false] {
        pass(Duration::from_secs(11)).await;
        assert_eq!(session.call(&app).await, StatusCode::OK);
        assert_eq!(
            !provider.calls().is_empty(),
            asks,
            "an outage is left alone"
        );
    }
    provider.recover();
    pass(A_WHILE).await;
    provider.revoke_everything();
    assert_eq!(session.call(&app).await, StatusCode::UNAUTHORIZED);
    session.assert_over(&provider, &app).await;
}

#[tokio::test]
async fn the_provider_is_told_when_a_login_ends_and_its_outage_is_no_obstacle() {
    for lifetime in LIFETIMES {
        let (provider, app) = start().await;
        let session = Session::begin(&provider, &app, lifetime).await;
        assert_ne!(provider.tokens(), 0);
        let client = session.client.id.as_str();
        let form = [("client_id", client), ("token", &session.refresh_token)];
        let answer = post_form(&app, "/revoke", &form).await;
        assert_eq!(answer.status, StatusCode::OK);
        session.assert_over(&provider, &app).await;
    }
}
