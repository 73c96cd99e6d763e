//! The way to the provider and back: what the browser takes along, and that only the browser which approved comes back,
//! once.

use axum::{
    body::Body,
    http::{Request, StatusCode},
};

use super::{
    app::App,
    login::{BASE, Browser, Client, Returning, authorize, field, parameter},
};

/// A browser on its way back, and the client's request.
async fn returning(app: &App) -> (Returning, Client) {
    let client = Client::register(app).await;
    (client.log_in_upstream(app).await, client)
}

fn state(returning: &Returning) -> String {
    parameter(&format!("{BASE}{}", returning.callback), "state").unwrap()
}

#[tokio::test]
async fn the_provider_learns_nothing_of_the_client_and_pkce_is_this_servers_own() {
    let app = App::start().await;
    let client = Client::register(&app).await;
    let mut browser = Browser::default();
    let page = browser.consent(&app, &client.request()).await;
    let away = browser.answer(&app, &page, "approve").await;
    let address = away.header("location");
    let get = |name: &str| parameter(address, name).unwrap_or_default();
    assert_eq!(get("response_type"), "code");
    assert_eq!(get("client_id"), "dev-client");
    assert_eq!(get("redirect_uri"), format!("{BASE}/auth/callback"));
    assert_eq!(get("code_challenge_method"), "S256");
    assert_eq!((get("code_challenge").len(), get("state").len()), (43, 43));
    let own = client.request();
    assert_ne!(get("code_challenge"), own[5].1);
    assert!(!address.contains(&client.id) && !get("state").contains("client state"));
    // Some providers refuse it, and it is not their business.
    assert_eq!(parameter(address, "resource"), None);
    assert!(!get("scope").contains("mcp:"));
    assert_eq!(away.header("referrer-policy"), "no-referrer");
    // Nothing is the same the next time.
    let page = browser.consent(&app, &client.request()).await;
    let again = browser.answer(&app, &page, "approve").await;
    for name in ["state", "code_challenge", "nonce"] {
        let other = parameter(again.header("location"), name);
        assert!(
            other.is_none() || other != parameter(address, name),
            "{name}"
        );
    }
}

#[tokio::test]
async fn nobody_comes_back_before_approving() {
    let app = App::start().await;
    let client = Client::register(&app).await;
    let mut browser = Browser::default();
    let page = browser.consent(&app, &client.request()).await;
    assert_eq!(browser.cookies.len(), 1, "no cookie of a login yet");
    for state in [
        field(&page, "request"),
        field(&page, "csrf"),
        "client+state+%26%3F".into(),
    ] {
        for outcome in ["code=x", "error=access_denied", ""] {
            let path = format!("/auth/callback?state={state}&{outcome}");
            let answer = browser.get(&app, &path).await;
            assert_eq!(
                (answer.status, answer.header("location")),
                (StatusCode::BAD_REQUEST, "")
            );
        }
    }
    let away = browser.answer(&app, &page, "approve").await;
    assert_eq!(away.status, StatusCode::SEE_OTHER);
    assert_eq!(browser.cookies.len(), 2);
}

#[tokio::test]
async fn only_the_cookie_of_this_login_brings_somebody_back() {
    let app = App::start().await;
    let (victim, _) = returning(&app).await;
    let (attacker, _) = returning(&app).await;
    let login = |of: &Returning| {
        let mut cookies = of.browser.cookies.iter();
        cookies
            .find(|(name, _)| name.starts_with("__Host-mcp-login-"))
            .unwrap()
            .clone()
    };
    let (name, value) = login(&victim);
    let (other_name, other_value) = login(&attacker);
    assert!(name != other_name && value != other_value);
    let consent = victim.browser.cookies[0].1.clone();
    let bare = name.strip_prefix("__Host-").unwrap();
    for cookie in [
        String::new(),
        format!("{other_name}={other_value}"),
        format!("{name}={other_value}"),
        format!("{name}={consent}"),
        format!("{name}="),
        format!("{name}={}", &value[1..]),
        format!("{name}={}", "A".repeat(43)),
        format!("{bare}={value}"),
        format!("{}={value}", name.to_ascii_uppercase()),
    ] {
        for path in [
            victim.callback.clone(),
            // The attacker's own code for the victim's login, and an end to it.
            format!("/auth/callback?state={}&code=x", state(&victim)),
            format!(
                "/auth/callback?state={}&error=access_denied",
                state(&victim)
            ),
            format!(
                "/auth/callback?state={}&iss=https%3A%2F%2Fevil.example",
                state(&victim)
            ),
            format!("/auth/callback?state={}", state(&victim)),
        ] {
            let request = Request::get(path).header("cookie", &cookie);
            let answer = app.send(request.body(Body::empty()).unwrap()).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{cookie}");
            assert_eq!(answer.header("location"), "", "{cookie}");
            assert_eq!(answer.header("x-frame-options"), "DENY");
        }
    }
    // None of that has used the login up.
    let request = Request::get(&victim.callback).header("cookie", format!("{name}={value}"));
    let back = app.send(request.body(Body::empty()).unwrap()).await;
    assert!(
        parameter(back.header("location"), "code").is_some(),
        "{back:?}"
    );
}

#[tokio::test]
async fn a_login_that_was_begun_for_somebody_else_does_not_end_in_their_browser() {
    let app = App::start().await;
    // The attacker approves in their own browser, logs in, and sends the last link to a victim, who has approved too.
    let (attacker, _) = returning(&app).await;
    let (mut victim, _) = returning(&app).await;
    let own = std::mem::replace(&mut victim.callback, attacker.callback.clone());
    let answer = victim.clone().finish(&app).await;
    assert_eq!(
        (answer.status, answer.header("location")),
        (StatusCode::FORBIDDEN, "")
    );
    victim.callback = own;
    for returning in [victim, attacker] {
        let back = returning.finish(&app).await;
        assert!(
            parameter(back.header("location"), "code").is_some(),
            "{back:?}"
        );
    }
}

#[tokio::test]
async fn afterwards_the_cookie_of_the_login_is_gone_and_the_state_is_used_up() {
    let app = App::start().await;
    let (returning, client) = returning(&app).await;
    let back = returning.clone().finish(&app).await;
    let cookie = back.header("set-cookie");
    let (name, _) = returning.browser.cookies[1].clone();
    assert!(cookie.starts_with(&format!("{name}=;")), "{cookie}");
    for part in ["Max-Age=0", "Path=/", "Secure", "HttpOnly"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    // With the old cookies.
    let answer = returning.finish(&app).await;
    assert_eq!(
        (answer.status, answer.header("location")),
        (StatusCode::BAD_REQUEST, "")
    );
    let code = parameter(back.header("location"), "code").unwrap();
    assert_eq!(client.redeem(&app, &code).await.status, StatusCode::OK);
}

#[tokio::test]
async fn without_tls_on_the_own_computer_the_cookies_have_plain_names() {
    let base = "http://localhost:8000";
    let app = App::with(&[("BASE_URL", base)]).await;
    let client = Client::register(&app).await;
    let mut browser = Browser::default();
    let mut request = client.request();
    request.retain(|(name, _)| *name != "resource");
    let go = browser.get(&app, &authorize(&request)).await;
    let page = go.header("location").strip_prefix(base).unwrap().to_owned();
    let page = browser.get(&app, &page).await;
    let away = browser.answer(&app, &page, "approve").await;
    for (answer, name) in [(&page, "mcp-consent="), (&away, "mcp-login-")] {
        let cookie = answer.header("set-cookie");
        assert!(
            cookie.starts_with(name) && !cookie.contains("Secure"),
            "{cookie}"
        );
        assert!(
            cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"),
            "{cookie}"
        );
    }
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
