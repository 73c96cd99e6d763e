//! A login whose provider misbehaves: what the client is told, what the person reads, what the log says.

use std::{sync::Arc, time::Duration};

use axum::http::StatusCode;
use serde_json::json;
use tokio::time::Instant;

use super::{
    app::{Answer, App},
    dev_provider::{
        CLIENT_SECRET,
        role::{PERSON, TOKEN},
    },
    log::Log,
    login::{BASE, Client, REDIRECT, Returning, parameter},
    provider::{ELSEWHERE, Mode, TestProvider, WORDS},
};

/// A server whose provider is in the hands of the test.
pub async fn start() -> (TestProvider, App) {
    let provider = TestProvider::start().await;
    let app = server(&provider, &[]).await;
    (provider, app)
}

/// A server with this provider and some settings more.
pub async fn server(provider: &TestProvider, more: &[(&str, &str)]) -> App {
    let settings = provider.settings();
    let settings = settings.iter().map(|(name, value)| (&**name, &**value));
    let settings: Vec<_> = settings.chain(more.iter().copied()).collect();
    App::with(&settings).await
}

/// Somebody who has just logged in at the provider.
pub async fn returning(app: &App) -> Returning {
    Client::register(app).await.log_in_upstream(app).await
}

/// The client got this error, in the words of this server, and nothing else.
pub fn assert_told(answer: &Answer, expected: &str) {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{answer:?}");
    let back = answer.header("location");
    assert!(back.starts_with(REDIRECT), "{back}");
    assert_eq!(
        parameter(back, "error").as_deref(),
        Some(expected),
        "{back}"
    );
    assert_eq!(parameter(back, "state").as_deref(), Some("client state &?"));
    assert_eq!(parameter(back, "iss").as_deref(), Some(BASE));
    assert_eq!(back.matches("iss=").count(), 1);
    assert_eq!(parameter(back, "code"), None);
    assert!(!format!("{answer:?}").contains(WORDS), "{answer:?}");
}

/// The log tells the owner something, but no secret, and nothing that the provider made up.
pub fn assert_logged(log: &str, expected: &str, returning: &Returning) {
    assert!(log.contains(expected), "{expected}: {log}");
    let code = parameter(&format!("{BASE}{}", returning.callback), "code");
    let code = code.filter(|code| !code.is_empty());
    for secret in [Some(CLIENT_SECRET), Some(WORDS), code.as_deref()] {
        assert!(!secret.is_some_and(|secret| log.contains(secret)), "{log}");
    }
}

#[tokio::test]
async fn whatever_the_token_endpoint_says_the_client_learns_whose_fault_it_is() {
    let (provider, app) = start().await;
    let log = Log::capture();
    let bound = Mode::Changed(Arc::new(|answer| answer["token_type"] = json!("DPoP")));
    for (mode, error, logged) in [
        (Mode::Page(500), "temporarily_unavailable", "status 500"),
        (Mode::Page(429), "temporarily_unavailable", "status 429"),
        (
            Mode::Error(503, "invalid_grant"),
            "temporarily_unavailable",
            "status 503",
        ),
        (Mode::Page(200), "server_error", "neither JSON nor a form"),
        (Mode::Page(404), "server_error", "status 404"),
        (Mode::Huge, "server_error", "longer than"),
        (Mode::Redirect, "server_error", "status 307"),
        (bound, "server_error", "not a bearer token"),
        // GitHub says so with 200, others with 400.
        (
            Mode::Error(200, "bad_verification_code"),
            "access_denied",
            "bad_verification_code",
        ),
        (
            Mode::Error(400, "invalid_grant"),
            "access_denied",
            "invalid_grant",
        ),
        (
            Mode::Error(200, "incorrect_client_credentials"),
            "server_error",
            "AUTH_CLIENT_SECRET",
        ),
        (
            Mode::Error(401, "invalid_client"),
            "server_error",
            "AUTH_CLIENT_SECRET",
        ),
    ] {
        let returning = returning(&app).await;
        provider.behave(TOKEN, mode);
        provider.calls();
        let answer = returning.clone().finish(&app).await;
        assert_told(&answer, error);
        assert_logged(&log.take(), logged, &returning);
        // The code is worth one try, and nothing is followed.
        assert_eq!(provider.calls(), [format!("POST {TOKEN}")]);
        provider.recover();
        let again = returning.finish(&app).await;
        assert_eq!(again.status, StatusCode::BAD_REQUEST, "the login is over");
    }
}

#[tokio::test]
async fn without_a_word_on_who_it_is_nobody_is_let_in() {
    let (provider, app) = start().await;
    let log = Log::capture();
    for (mode, error, logged) in [
        (Mode::Page(502), "temporarily_unavailable", "status 502"),
        (Mode::Page(200), "server_error", "not a JSON object"),
        (Mode::Page(404), "server_error", "status 404"),
        (Mode::Huge, "server_error", "longer than"),
        (Mode::Redirect, "server_error", "status 307"),
        (
            Mode::Error(200, "token_revoked"),
            "access_denied",
            "token_revoked",
        ),
    ] {
        let returning = returning(&app).await;
        provider.behave(PERSON, mode);
        provider.calls();
        let answer = returning.clone().finish(&app).await;
        assert_told(&answer, error);
        assert_logged(&log.take(), logged, &returning);
        assert!(
            !provider
                .calls()
                .iter()
                .any(|call| call.ends_with(ELSEWHERE))
        );
        provider.recover();
    }
}

#[tokio::test]
async fn a_provider_that_never_answers_is_waited_for_ten_seconds() {
    let (provider, app) = start().await;
    let returning = returning(&app).await;
    provider.behave(TOKEN, Mode::Silent);
    tokio::time::pause();
    let started = Instant::now();
    let answer = returning.finish(&app).await;
    assert_told(&answer, "temporarily_unavailable");
    assert!(started.elapsed() < Duration::from_secs(11));
}

#[tokio::test]
async fn errors_that_a_browser_brings_back_are_told_in_other_words() {
    let (provider, app) = start().await;
    let log = Log::capture();
    for (brought, error) in [
        ("error=access_denied", "access_denied"),
        ("error=access_denied&code=good", "access_denied"),
        ("error=temporarily_unavailable", "temporarily_unavailable"),
        ("error=server_error", "server_error"),
        ("error=invalid_scope", "server_error"),
        ("error=%3Cscript%3E%0D%0Aset-cookie:%20a=b", "server_error"),
        ("code=", "server_error"),
        ("nothing=here", "server_error"),
    ] {
        let mut returning = returning(&app).await;
        let state = parameter(&format!("{BASE}{}", returning.callback), "state").unwrap();
        returning.callback = format!(
            "/auth/callback?{brought}&state={state}&error_description={WORDS}&error_uri=https://{WORDS}/"
        );
        provider.calls();
        let answer = returning.clone().finish(&app).await;
        assert_told(&answer, error);
        assert!(!answer.headers.contains_key("a"), "{answer:?}");
        assert_logged(&log.take(), "", &returning);
        assert!(provider.calls().is_empty(), "{brought}: no code is tried");
    }
}

#[tokio::test]
async fn somebody_who_is_not_let_in_reads_which_account_that_was() {
    let (provider, app) = start().await;
    let log = Log::capture();
    provider.log_in_as("bob");
    let returning = returning(&app).await;
    let page = returning.clone().finish(&app).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    assert!(page.body.contains(">bob"), "{}", page.body);
    assert_logged(
        &log.take(),
        "refused by the access policy account=\"bob",
        &returning,
    );
    assert!(!page.body.contains("code="), "{}", page.body);
    // The person decides when the client is told.
    let (_, link) = page.body.split_once("href=\"").unwrap();
    let back = link.split_once('"').unwrap().0.replace("&amp;", "&");
    let mut told = page;
    told.status = StatusCode::SEE_OTHER;
    told.headers.insert("location", back.parse().unwrap());
    assert_told(&told, "access_denied");
    let again = returning.finish(&app).await;
    assert_eq!(again.status, StatusCode::BAD_REQUEST, "the login is over");
    // Another account may try, with the same client.
    provider.log_in_as("alice");
    Client::register(&app).await.log_in(&app).await;
}
