//! The provider for trials is as strict as a real one: what works with it is no accident.

use reqwest::{Client, Response, StatusCode, Url, redirect::Policy};
use serde_json::Value;

use super::{
    dev_provider::{
        CLIENT_ID, CLIENT_SECRET,
        role::{AUTHORIZE, TOKEN},
        sha256,
    },
    login::parameter,
    provider::TestProvider,
};

const CALLBACK: &str = "https://mcp.example.com/auth/callback";
const VERIFIER: &str = "a-verifier-that-is-long-enough-for-all-the-rules";

fn http() -> Client {
    let client = Client::builder().redirect(Policy::none()).no_proxy();
    client.tls_certs_only([]).build().unwrap()
}

/// Changes one parameter of a good request, or takes it away.
fn with<'v>(good: &[(&'v str, &'v str)], name: &str, value: &'v str) -> Vec<(&'v str, &'v str)> {
    let others = good.iter().copied();
    let changed = others.map(|(known, old)| (known, if known == name { value } else { old }));
    changed.filter(|(_, value)| !value.is_empty()).collect()
}

/// The address where a browser begins.
fn page(provider: &TestProvider, name: &str, value: &str) -> Url {
    let challenge = sha256(VERIFIER);
    let good = [
        ("response_type", "code"),
        ("client_id", CLIENT_ID),
        ("redirect_uri", CALLBACK),
        ("state", "s"),
        ("code_challenge", &challenge),
        ("code_challenge_method", "S256"),
    ];
    let address = format!("{}{AUTHORIZE}", provider.base());
    Url::parse_with_params(&address, with(&good, name, value)).unwrap()
}

/// Where a browser is sent.
fn location(answer: &Response) -> String {
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    let location = answer.headers()["location"].to_str().unwrap();
    assert!(location.starts_with(CALLBACK), "{location}");
    location.to_owned()
}

async fn code(provider: &TestProvider) -> String {
    let answer = http().get(page(provider, "", "")).send().await.unwrap();
    parameter(&location(&answer), "code").unwrap()
}

/// Whether tokens are granted to a good request with one change.
async fn is_granted(provider: &TestProvider, code: &str, name: &str, value: &str) -> bool {
    let good = [
        ("grant_type", "authorization_code"),
        ("client_id", CLIENT_ID),
        ("client_secret", CLIENT_SECRET),
        ("code", code),
        ("redirect_uri", CALLBACK),
        ("code_verifier", VERIFIER),
    ];
    let address = format!("{}{TOKEN}", provider.base());
    let request = http().post(address).form(&with(&good, name, value));
    let answer = request.send().await.unwrap().text().await.unwrap();
    let answer: Value = serde_json::from_str(&answer).unwrap();
    assert_ne!(
        answer["access_token"].is_string(),
        answer["error"].is_string()
    );
    answer["access_token"].is_string()
}

#[tokio::test]
async fn a_code_is_good_once_for_the_client_that_began() {
    let provider = TestProvider::start().await;
    for (name, value) in [
        ("client_id", "another"),
        ("client_secret", "another"),
        ("client_secret", ""),
        ("code", "another"),
        (
            "redirect_uri",
            "https://mcp.example.com/another/auth/callback",
        ),
        ("redirect_uri", ""),
        ("code_verifier", "another"),
        ("code_verifier", ""),
        ("grant_type", "password"),
    ] {
        let code = code(&provider).await;
        assert!(
            !is_granted(&provider, &code, name, value).await,
            "{name}={value}"
        );
    }
    let code = code(&provider).await;
    assert!(is_granted(&provider, &code, "", "").await);
    assert!(
        !is_granted(&provider, &code, "", "").await,
        "the code is spent"
    );
}

#[tokio::test]
async fn requests_that_a_real_provider_would_refuse_are_refused() {
    let provider = TestProvider::start().await;
    for (name, value) in [
        ("client_id", "another"),
        ("redirect_uri", "https://mcp.example.com/another"),
        ("response_type", "token"),
        ("state", ""),
        ("code_challenge", ""),
        ("code_challenge_method", "plain"),
    ] {
        let answer = http().get(page(&provider, name, value)).send().await;
        assert_eq!(
            answer.unwrap().status(),
            StatusCode::BAD_REQUEST,
            "{name}={value}"
        );
    }
}

#[tokio::test]
async fn a_person_chooses_who_to_be_or_refuses() {
    let provider = TestProvider::start().await;
    provider.logins().at_once = None;
    let address = page(&provider, "", "");
    let shown = http().get(address.clone()).send().await.unwrap();
    let shown = shown.text().await.unwrap();
    assert!(shown.contains("value=\"alice\"") && shown.contains("value=\"bob\""));
    for (button, name) in [("alice", "code"), ("bob", "code"), ("", "error")] {
        let pressed = http().post(address.clone()).form(&[("person", button)]);
        let location = location(&pressed.send().await.unwrap());
        assert!(parameter(&location, name).is_some(), "{location}");
        assert_eq!(parameter(&location, "state").as_deref(), Some("s"));
    }
}
