//! The upstream as a stranger: whatever it answers, this server neither believes nonsense nor forgets whose
//! fault it is. A token endpoint in miniature says what the test wants.

use std::{
    net::Ipv4Addr,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{
    Router,
    body::Bytes,
    http::{HeaderMap, StatusCode, header::LOCATION},
    response::{IntoResponse, Response},
};
use reqwest::Url;
use tokio::net::TcpListener;

use crate::auth::{
    Env,
    oauth::upstream::{
        Login, Profile, Tokens, Trouble, any_user,
        registration::{ClientAuth, Registration, TokenEndpoint},
    },
};

const JSON: &str = "application/json; charset=utf-8";
const FORM: &str = "application/x-www-form-urlencoded; charset=utf-8";

/// What was asked: the `Authorization` header, and the form.
type Asked = Arc<Mutex<Vec<(Option<String>, String)>>>;

/// A token endpoint that gives one answer to everything.
async fn endpoint(answer: impl Fn() -> Response + Clone + Send + Sync + 'static) -> (Url, Asked) {
    let asked = Asked::default();
    let seen = asked.clone();
    let app = Router::new().fallback(move |headers: HeaderMap, body: Bytes| {
        let authorization = headers.get("authorization");
        let authorization = authorization.map(|value| value.to_str().unwrap().to_owned());
        let body = String::from_utf8(body.to_vec()).unwrap();
        seen.lock().unwrap().push((authorization, body));
        let answer = answer();
        async { answer }
    });
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let url = format!("http://{}/token", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, app).await });
    (Url::parse(&url).unwrap(), asked)
}

fn registration() -> Registration {
    let settings = [
        ("AUTH_CLIENT_ID", "our id"),
        ("AUTH_CLIENT_SECRET", "se:cret"),
    ];
    let settings = settings.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let callback = "https://mcp.example.com/auth/callback";
    Env::of(settings)
        .read(|env| Registration::read(env, callback, true))
        .unwrap()
}

fn at(address: &Url, auth: ClientAuth) -> TokenEndpoint<'_> {
    TokenEndpoint {
        address,
        auth,
        parameters: &[],
    }
}

async fn exchange(
    us: &Registration,
    status: u16,
    kind: &'static str,
    body: &str,
) -> Result<Tokens, Trouble> {
    let body = body.to_owned();
    let status = StatusCode::from_u16(status).unwrap();
    let answer = move || (status, [("content-type", kind)], body.clone()).into_response();
    let (address, _) = endpoint(answer).await;
    let endpoint = at(&address, ClientAuth::Basic);
    let granted = us.exchange(&endpoint, "code", "verifier").await;
    granted.map(|(tokens, _)| tokens)
}

fn tokens(refresh_token: Option<&str>) -> Tokens {
    Tokens {
        access_token: "old".to_owned(),
        refresh_token: refresh_token.map(str::to_owned),
        expires_at: None,
        id_claims: Default::default(),
        is_elsewhere: false,
    }
}

#[tokio::test]
async fn tokens_come_as_json_or_as_a_form() {
    let us = registration();
    let now = crate::auth::token_cache::now();
    for (kind, body) in [
        (
            JSON,
            r#"{"access_token":"a","refresh_token":"r","expires_in":3600,"token_type":"Bearer"}"#,
        ),
        (
            JSON,
            r#"{"access_token":"a","refresh_token":"r","expires_in":"3600","token_type":"bearer"}"#,
        ),
        (
            FORM,
            "access_token=a&refresh_token=r&expires_in=3600&token_type=bearer&scope=user%2Crepo",
        ),
        (
            "text/plain",
            "access_token=a&refresh_token=r&expires_in=3600",
        ),
    ] {
        let tokens = exchange(&us, 200, kind, body).await.ok().unwrap();
        assert_eq!(tokens.access_token, "a");
        assert_eq!(tokens.refresh_token.as_deref(), Some("r"));
        let expiry = tokens.expires_at.unwrap();
        assert!((now + 3600..now + 3620).contains(&expiry));
    }
    let forever = exchange(&us, 200, JSON, r#"{"access_token":"a"}"#)
        .await
        .ok()
        .unwrap();
    assert!(forever.refresh_token.is_none() && forever.expires_at.is_none());
}

#[tokio::test]
async fn errors_mean_what_they_mean_with_any_status() {
    let us = registration();
    for status in [200, 400, 401] {
        for (code, expected) in [
            ("invalid_grant", "Refused"),
            ("bad_verification_code", "Refused"),
            ("bad_refresh_token", "Refused"),
            ("temporarily_unavailable", "Unavailable"),
            ("invalid_client", "Broken"),
            ("incorrect_client_credentials", "Broken"),
            ("Not Found", "Broken"),
            ("", "Broken"),
        ] {
            let json = format!(r#"{{"error":"{code}","error_description":"secret text"}}"#);
            let form = format!("error={code}&error_description=secret+text");
            for (kind, body) in [(JSON, json), (FORM, form)] {
                assert_trouble(exchange(&us, status, kind, &body).await, expected);
            }
        }
    }
}

#[tokio::test]
async fn an_error_outweighs_a_token() {
    let us = registration();
    let both = r#"{"access_token":"a","error":"invalid_grant"}"#;
    assert_trouble(exchange(&us, 200, JSON, both).await, "Refused");
}

#[tokio::test]
async fn an_upstream_that_is_out_of_order_is_an_outage() {
    let us = registration();
    for status in [500, 502, 503, 504, 429] {
        let body = r#"{"error":"invalid_grant"}"#;
        assert_trouble(exchange(&us, status, JSON, body).await, "Unavailable");
    }
    let nobody = Url::parse("http://127.0.0.1:1/token").unwrap();
    let endpoint = at(&nobody, ClientAuth::Basic);
    let granted = registration().exchange(&endpoint, "c", "v").await;
    assert_trouble(granted.map(|(tokens, _)| tokens), "Unavailable");
}

#[tokio::test]
async fn nonsense_is_not_believed() {
    let us = registration();
    let huge = format!(r#"{{"access_token":"{}"}}"#, "x".repeat(64 * 1024));
    for (status, kind, body) in [
        (200, JSON, ""),
        (200, "text/html", "<html>access_token=a</html>"),
        (200, "text/html", "access_token=a"),
        (200, JSON, "[]"),
        (200, JSON, "access_token=a"),
        (200, JSON, "{}"),
        (200, JSON, r#"{"access_token":""}"#),
        (200, JSON, r#"{"access_token":7}"#),
        (200, JSON, r#"{"access_token":"a","access_token":"b"}"#),
        (200, JSON, r#"{"access_token":"a","token_type":"DPoP"}"#),
        (201, JSON, r#"{"access_token":"a"}"#),
        (404, JSON, r#"{"access_token":"a"}"#),
        (200, FORM, "nothing=here"),
        (200, JSON, &huge),
    ] {
        assert_trouble(exchange(&us, status, kind, body).await, "Broken");
    }
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let elsewhere = || (StatusCode::TEMPORARY_REDIRECT, [(LOCATION, "/elsewhere")]).into_response();
    let (address, asked) = endpoint(elsewhere).await;
    let endpoint = at(&address, ClientAuth::Post);
    let granted = registration().exchange(&endpoint, "c", "v").await;
    assert_trouble(granted.map(|(tokens, _)| tokens), "Broken");
    assert_eq!(asked.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn nobody_waits_longer_than_ten_seconds() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let silent = format!("http://{}/", listener.local_addr().unwrap());
    let silent = Url::parse(&silent).unwrap();
    let registration = registration();
    tokio::time::pause();
    let started = tokio::time::Instant::now();
    let endpoint = at(&silent, ClientAuth::Basic);
    let granted = registration.exchange(&endpoint, "c", "v").await;
    assert_trouble(granted.map(|(tokens, _)| tokens), "Unavailable");
    assert!(started.elapsed() < Duration::from_secs(11));
}

#[tokio::test]
async fn the_client_says_who_it_is_as_the_upstream_wants_it() {
    let granted = || ([("content-type", JSON)], r#"{"access_token":"a"}"#).into_response();
    let (address, asked) = endpoint(granted).await;
    for auth in [ClientAuth::Basic, ClientAuth::Post, ClientAuth::None] {
        let endpoint = at(&address, auth);
        assert!(registration().exchange(&endpoint, "c&d", "v").await.is_ok());
    }
    let form = "grant_type=authorization_code&code=c%26d\
                &redirect_uri=https%3A%2F%2Fmcp.example.com%2Fauth%2Fcallback&code_verifier=v";
    // `our+id:se%3Acret`
    let basic = "Basic b3VyK2lkOnNlJTNBY3JldA==".to_owned();
    assert_eq!(
        *asked.lock().unwrap(),
        [
            (Some(basic), form.to_owned()),
            (
                None,
                format!("{form}&client_id=our+id&client_secret=se%3Acret")
            ),
            (None, format!("{form}&client_id=our+id")),
        ]
    );
}

#[tokio::test]
async fn a_refresh_token_that_is_not_replaced_stays() {
    for (body, expected) in [
        (r#"{"access_token":"new"}"#, "kept"),
        (
            r#"{"access_token":"new","refresh_token":"rotated"}"#,
            "rotated",
        ),
    ] {
        let (address, _) = endpoint(move || body.into_response()).await;
        let endpoint = at(&address, ClientAuth::Basic);
        let refreshed = registration()
            .refresh(&endpoint, &tokens(Some("kept")))
            .await;
        let (tokens, _) = refreshed.ok().unwrap();
        assert_eq!(tokens.refresh_token.as_deref(), Some(expected));
    }
    let (address, asked) = endpoint(|| "".into_response()).await;
    let endpoint = at(&address, ClientAuth::Basic);
    let refreshed = registration().refresh(&endpoint, &tokens(None)).await;
    assert_trouble(refreshed.map(|(tokens, _)| tokens), "Refused");
    assert!(asked.lock().unwrap().is_empty());
}

#[tokio::test]
async fn the_browser_takes_along_what_it_needs() {
    let endpoint = Url::parse("https://login.example.com/authorize?tenant=7").unwrap();
    let login = Login {
        state: "s&t",
        challenge: "c",
        nonce: "n",
    };
    let added = [("prompt".to_owned(), "login".to_owned())];
    let url = registration().authorization_url(&endpoint, "openid email", &login, &added);
    assert_eq!(
        url.as_str(),
        "https://login.example.com/authorize?tenant=7&response_type=code&client_id=our+id\
         &redirect_uri=https%3A%2F%2Fmcp.example.com%2Fauth%2Fcallback&state=s%26t&code_challenge=c\
         &code_challenge_method=S256&scope=openid+email&nonce=n&prompt=login"
    );
    let url = registration().authorization_url(&endpoint, "", &login, &[]);
    assert!(!url.as_str().contains("nonce") && !url.as_str().contains("scope"));
}

#[test]
fn a_server_without_a_policy_does_not_start() {
    let read = |value: &str, has_policy| {
        let settings = [("ALLOW_ANY_USER".to_owned(), value.to_owned())];
        let choices = [("GITHUB_ALLOWED_USERS", "alice")];
        Env::of(settings).read(|env| any_user(env, has_policy, &choices))
    };
    assert!(!read("", true).unwrap() && read("true", false).unwrap());
    for (value, has_policy) in [("", false), ("false", false), ("true", true), ("yes", true)] {
        let problems = read(value, has_policy).unwrap_err().to_string();
        assert!(problems.contains("ALLOW_ANY_USER"), "{problems}");
    }
    let problems = read("", false).unwrap_err().to_string();
    assert!(
        problems.contains("GITHUB_ALLOWED_USERS=alice"),
        "{problems}"
    );
}

#[test]
fn an_account_is_called_what_its_owner_calls_it() {
    let profile = |login: Option<&str>, email: Option<&str>| Profile {
        id: "7".to_owned(),
        login: login.map(str::to_owned),
        name: None,
        email: email.map(str::to_owned),
        claims: Default::default(),
    };
    assert_eq!(
        profile(Some("alice"), Some("a@example.com")).account(),
        "alice"
    );
    assert_eq!(
        profile(None, Some("a@example.com")).account(),
        "a@example.com"
    );
    assert_eq!(profile(None, None).account(), "7");
}

/// The name of the trouble, and that its text has nothing in it that the upstream made up.
fn assert_trouble(granted: Result<Tokens, Trouble>, expected: &str) {
    let Err(trouble) = granted else {
        panic!("tokens were granted instead of {expected}");
    };
    let shown = format!("{trouble:?}");
    assert!(shown.starts_with(expected), "{shown}");
    assert!(!format!("{shown}{trouble}").contains("secret text"));
}
