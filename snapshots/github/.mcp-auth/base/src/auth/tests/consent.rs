//! The answer to the consent page: it counts once, and the browser keeps what belongs to it out of reach.

use axum::http::StatusCode;

use super::{
    app::App,
    consent_form::show,
    login::{BASE, Browser, Client, REDIRECT, field, form_request, parameter},
};

#[tokio::test]
async fn who_clicks_twice_goes_on_and_two_tabs_work() {
    let app = App::start().await;
    let client = Client::register(&app).await;
    let mut browser = Browser::default();
    let one = browser.consent(&app, &client.request()).await;
    let two = browser.consent(&app, &client.request()).await;
    for page in [&one, &two] {
        let answer = browser.answer(&app, page, "approve").await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
    }
    let again = browser.answer(&app, &one, "approve").await;
    let back = browser.visit_provider(again.header("location")).await;
    let back = back.finish(&app).await;
    assert!(parameter(back.header("location"), "code").is_some());
}

#[tokio::test]
async fn deny_tells_the_client_and_cannot_be_taken_back() {
    let app = App::start().await;
    let client = Client::register(&app).await;
    let mut browser = Browser::default();
    let page = browser.consent(&app, &client.request()).await;
    let answer = browser.answer(&app, &page, "deny").await;
    let back = answer.header("location");
    assert!(back.starts_with(REDIRECT));
    assert_eq!(parameter(back, "error").as_deref(), Some("access_denied"));
    assert_eq!(parameter(back, "iss").as_deref(), Some(BASE));
    let answer = browser.answer(&app, &page, "approve").await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn cookies_are_out_of_reach() {
    let app = App::start().await;
    let client = Client::register(&app).await;
    let mut browser = Browser::default();
    let page = browser.consent(&app, &client.request()).await;
    let away = browser.answer(&app, &page, "approve").await;
    for answer in [page, away] {
        let cookie = answer.header("set-cookie");
        assert!(cookie.starts_with("__Host-"), "{cookie}");
        for part in [
            "HttpOnly",
            "Secure",
            "SameSite=Lax",
            "Path=/",
            "Max-Age=600",
        ] {
            assert!(cookie.contains(part), "{part}: {cookie}");
        }
        assert!(!cookie.contains("Domain"));
    }
}

#[tokio::test]
async fn only_a_button_is_an_answer_and_a_no_is_the_last() {
    let app = App::start().await;
    let mut own = show(&app).await;
    for answer in ["", "yes", "Approve", "approve "] {
        let form = [
            ("request", &*own.request),
            ("csrf", &own.csrf),
            ("answer", answer),
        ];
        let answer = own
            .browser
            .send(&app, form_request("/consent", &form))
            .await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    }
    let twice = [
        ("request", &*own.request),
        ("csrf", &own.csrf),
        ("answer", "deny"),
        ("answer", "approve"),
    ];
    let answer = own
        .browser
        .send(&app, form_request("/consent", &twice))
        .await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    // Not through an address, which other pages could lead to.
    let path = form_request("/", &twice[..3]).into_body();
    let query = axum::body::to_bytes(path, 1 << 16).await.unwrap();
    let path = format!(
        "/consent?{}&answer=approve",
        String::from_utf8_lossy(&query)
    );
    let page = own.browser.get(&app, &path).await;
    assert!(page.header("location").is_empty() && page.body.len() > 100);
    // The same request shown twice: both pages are good.
    let again = own
        .browser
        .get(&app, &format!("/consent?request={}", own.request))
        .await;
    assert_ne!(field(&again, "csrf"), own.csrf);
    assert_eq!(
        own.browser.answer(&app, &again, "approve").await.status,
        StatusCode::SEE_OTHER
    );
    let answer = own.browser.answer(&app, &own.page, "deny").await;
    assert!(answer.header("location").contains("error=access_denied"));
    for page in [&own.page, &again] {
        let answer = own.browser.answer(&app, page, "approve").await;
        assert_eq!(
            (answer.status, answer.header("location")),
            (StatusCode::BAD_REQUEST, "")
        );
    }
}
