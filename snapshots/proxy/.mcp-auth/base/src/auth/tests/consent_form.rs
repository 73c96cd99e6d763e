//! The form on the consent page (RFC 9700 section 4.7): only a page of this server, shown in this browser, for this
//! request, not too old, can say yes.

use axum::{
    body::Body,
    http::{Request, StatusCode},
};

use super::{
    access_tokens::changed_at,
    app::{Answer, App},
    client_ids::OTHER_KEY,
    login::{BASE, Browser, Client, authorize, field, form_request},
    tokens::keys,
};
use crate::auth::{oauth::authorize::AuthorizationRequest, token_cache::now};

/// A page in a browser, and what stands in its form.
pub struct Shown {
    pub browser: Browser,
    pub page: Answer,
    pub request: String,
    pub csrf: String,
}

/// The page of a new client in a new browser.
pub async fn show(app: &App) -> Shown {
    let client = Client::register(app).await;
    let mut browser = Browser::default();
    let page = browser.consent(app, &client.request()).await;
    let (request, csrf) = (field(&page, "request"), field(&page, "csrf"));
    Shown {
        browser,
        page,
        request,
        csrf,
    }
}

impl Shown {
    fn form(&self, request: &str, csrf: &str) -> Request<Body> {
        let form = [("request", request), ("csrf", csrf), ("answer", "approve")];
        form_request("/consent", &form)
    }

    async fn send(&mut self, app: &App, request: &str, csrf: &str) -> StatusCode {
        let form = self.form(request, csrf);
        self.browser.clone().send(app, form).await.status
    }

    /// After all attacks the page itself still works.
    async fn assert_still_works(mut self, app: &App) {
        let answer = self.browser.answer(app, &self.page, "approve").await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    }
}

#[tokio::test]
async fn the_proof_of_another_page_or_browser_is_no_proof() {
    let app = App::start().await;
    let mut own = show(&app).await;
    let foreign = show(&app).await;
    let (request, csrf) = (own.request.clone(), own.csrf.clone());
    // Another request, seen in the same browser.
    let client = Client::register(&app).await;
    let other = own.browser.consent(&app, &client.request()).await;
    let (nonce, proof) = csrf.split_once('.').unwrap();
    for wrong in [
        "",
        ".",
        "evil",
        &format!("{nonce}."),
        &format!(".{proof}"),
        &format!("{nonce}.{}", "A".repeat(43)),
        &format!("{}.{proof}", "A".repeat(43)),
        &format!("{csrf}A"),
        &csrf[1..],
        &foreign.csrf,
        &field(&other, "csrf"),
    ] {
        assert_eq!(
            own.send(&app, &request, wrong).await,
            StatusCode::FORBIDDEN,
            "{wrong}"
        );
    }
    for other in [&foreign.request, &field(&other, "request")] {
        assert_eq!(own.send(&app, other, &csrf).await, StatusCode::FORBIDDEN);
    }
    own.assert_still_works(&app).await;
}

#[tokio::test]
async fn the_cookie_must_be_the_one_that_came_with_the_page() {
    let app = App::start().await;
    let own = show(&app).await;
    let foreign = show(&app).await;
    let (name, value) = own.browser.cookies[0].clone();
    assert_eq!(name, "__Host-mcp-consent");
    let (id, proof) = value.split_once('.').unwrap();
    let foreign_value = &foreign.browser.cookies[0].1;
    for cookie in [
        String::new(),
        format!("{name}={foreign_value}"),
        format!("{name}={id}"),
        format!("{name}={id}."),
        format!("{name}={id}.{}", "A".repeat(43)),
        format!("{name}={}.{proof}", "A".repeat(43)),
        format!("mcp-consent={value}"),
        format!("__Secure-mcp-consent={value}"),
        format!("{name}x={value}"),
    ] {
        let mut form = own.form(&own.request, &own.csrf);
        form.headers_mut().insert("cookie", cookie.parse().unwrap());
        let answer = app.send(form).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{cookie}");
        assert_eq!(answer.header("location"), "");
        assert!(!answer.headers.contains_key("set-cookie"));
    }
    // Among others it is found.
    let mut form = own.form(&own.request, &own.csrf);
    let cookies = format!("a=b; {name}={value}; c=d");
    form.headers_mut()
        .insert("cookie", cookies.parse().unwrap());
    assert_eq!(app.send(form).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_form_from_a_page_of_another_site_is_refused() {
    let app = App::start().await;
    let own = show(&app).await;
    for headers in [
        &[("sec-fetch-site", "cross-site")][..],
        &[("sec-fetch-site", "same-site")],
        &[("sec-fetch-site", "none")],
        &[("sec-fetch-site", "")],
        &[("sec-fetch-site", "cross-site"), ("origin", BASE)],
        &[
            ("sec-fetch-site", "same-origin"),
            ("sec-fetch-site", "cross-site"),
        ],
        &[("origin", "https://evil.example")],
        &[("origin", "https://mcp.example.com.evil.example")],
        &[("origin", "https://mcp.example.com:8443")],
        &[("origin", "http://mcp.example.com")],
        &[("origin", "https://mcp.example.com/")],
        &[("origin", "")],
        &[("origin", BASE), ("origin", "https://evil.example")],
        &[
            ("origin", "https://evil.example"),
            ("sec-fetch-site", "same-origin"),
        ],
    ] {
        let mut form = own.form(&own.request, &own.csrf);
        for (name, value) in headers {
            form.headers_mut().append(*name, value.parse().unwrap());
        }
        let status = own.browser.clone().send(&app, form).await.status;
        assert_eq!(status, StatusCode::FORBIDDEN, "{headers:?}");
    }
    // A browser on a page that sends no referrer.
    let mut form = own.form(&own.request, &own.csrf);
    for (name, value) in [("sec-fetch-site", "same-origin"), ("origin", "null")] {
        form.headers_mut().insert(name, value.parse().unwrap());
    }
    let status = own.browser.clone().send(&app, form).await.status;
    assert_eq!(status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_page_that_was_open_for_ten_minutes_is_too_old() {
    let app = App::start().await;
    let mut own = show(&app).await;
    let csrf = own.csrf.clone();
    let sealed = |until: u64| {
        let mut request = AuthorizationRequest::open(&keys(), &own.request).unwrap();
        assert!((now() + 590..=now() + 600).contains(&request.until));
        request.until = until;
        request.seal(&keys()).unwrap()
    };
    let (past, future) = (sealed(now()), sealed(now() + 60));
    assert_eq!(own.send(&app, &past, &csrf).await, StatusCode::BAD_REQUEST);
    let answer = own
        .browser
        .get(&app, &format!("/consent?request={past}"))
        .await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert_eq!(own.send(&app, &future, &csrf).await, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_request_that_this_server_did_not_seal_is_refused() {
    let app = App::start().await;
    let mut own = show(&app).await;
    let client = Client::register(&app).await;
    let other = App::with(&[("AUTH_SIGNING_KEY", OTHER_KEY)]).await;
    let elsewhere = show(&other).await;
    let (request, csrf) = (own.request.clone(), own.csrf.clone());
    let changed = changed_at(&request, 30);
    for wrong in [
        "",
        "evil",
        &request[1..],
        &changed,
        &client.id,
        &elsewhere.request,
    ] {
        assert_eq!(
            own.send(&app, wrong, &csrf).await,
            StatusCode::BAD_REQUEST,
            "{wrong}"
        );
        let answer = own
            .browser
            .get(&app, &format!("/consent?request={wrong}"))
            .await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{wrong}");
        assert!(!answer.headers.contains_key("set-cookie"));
    }
    // Nor is it a client, though it is sealed with the same secret.
    let request = client.asking("client_id", &own.request);
    let answer = own.browser.get(&app, &authorize(&request)).await;
    assert_eq!(
        (answer.status, answer.header("location")),
        (StatusCode::BAD_REQUEST, "")
    );
    own.assert_still_works(&app).await;
}
