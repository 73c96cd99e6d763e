//! The consent form, and whose browser comes back from the provider.

use axum::body::Body;
use axum::http::{Request, StatusCode};

use super::{
    app::App,
    login::{BASE, Browser, Client, REDIRECT, field, form_request, parameter},
};

#[tokio::test]
async fn a_form_without_its_cookie_or_token_is_refused() {
    let app = App::start().await;
    let client = Client::register(&app).await;
    let mut browser = Browser::default();
    let page = browser.consent(&app, &client.request()).await;
    let other_page = Browser::default().consent(&app, &client.request()).await;
    let (request, csrf) = (field(&page, "request"), field(&page, "csrf"));
    let foreign = field(&other_page, "csrf");
    for csrf in ["", "x", "x.y", &foreign] {
        let form = [
            ("request", request.as_str()),
            ("csrf", csrf),
            ("answer", "approve"),
        ];
        let answer = browser.send(&app, form_request("/consent", &form)).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{csrf}");
    }
    let form = [
        ("request", request.as_str()),
        ("csrf", &csrf),
        ("answer", "approve"),
    ];
    let answer = Browser::default()
        .send(&app, form_request("/consent", &form))
        .await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN, "no cookie");
    for (header, value) in [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("origin", "https://evil.example"),
    ] {
        let mut request = form_request("/consent", &form);
        request.headers_mut().insert(header, value.parse().unwrap());
        let answer = browser.send(&app, request).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{header}: {value}");
    }
    // A browser on a page without referrer sends this.
    let mut request = form_request("/consent", &form);
    request
        .headers_mut()
        .insert("origin", "null".parse().unwrap());
    request
        .headers_mut()
        .insert("sec-fetch-site", "same-origin".parse().unwrap());
    let answer = browser.send(&app, request).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
}

#[tokio::test]
async fn a_page_is_answered_once_and_two_tabs_work() {
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
    assert_eq!(again.status, StatusCode::BAD_REQUEST);
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
async fn another_browser_cannot_finish_a_login() {
    let app = App::start().await;
    let client = Client::register(&app).await;
    let mut returning = client.log_in_upstream(&app).await;
    let own = returning.browser.clone();
    returning.browser = Browser::default();
    let answer = returning.clone().finish(&app).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    // Not even with an error, which would end the login of somebody else.
    let state = parameter(&format!("{BASE}{}", returning.callback), "state").unwrap();
    let path = format!("/auth/callback?state={state}&error=access_denied");
    let answer = app
        .send(Request::get(path).body(Body::empty()).unwrap())
        .await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    returning.browser = own;
    let back = returning.finish(&app).await;
    assert!(
        parameter(back.header("location"), "code").is_some(),
        "{back:?}"
    );
}

#[tokio::test]
async fn a_callback_works_once_however_many_come_at_once() {
    let app = std::sync::Arc::new(App::start().await);
    let client = Client::register(&app).await;
    let returning = client.log_in_upstream(&app).await;
    let tries = (0..10).map(|_| {
        let (app, returning) = (app.clone(), returning.clone());
        tokio::spawn(async move { returning.finish(&app).await.status })
    });
    let mut redirected = 0;
    for task in tries.collect::<Vec<_>>() {
        redirected += usize::from(task.await.unwrap() == StatusCode::SEE_OTHER);
    }
    assert_eq!(redirected, 1);
    let answer = returning.finish(&app).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn an_unknown_state_gets_a_page() {
    let app = App::start().await;
    for query in ["", "?state=x", "?state=x&code=y", "?state=x&state=y"] {
        let answer = Browser::default()
            .get(&app, &format!("/auth/callback{query}"))
            .await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{query}");
    }
}
