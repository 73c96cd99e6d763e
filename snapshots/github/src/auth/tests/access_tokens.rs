//! Access tokens (RFC 9068): what they say, and what else is none. `forged_tokens` makes some up.

use std::sync::{Arc, Mutex};

use axum::http::StatusCode;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde_json::{Map, Value, json};

use super::{
    app::App,
    client_ids::OTHER_KEY,
    dev_provider::role,
    harness::{subject, token},
    login::{BASE, Client},
    provider::Mode,
    tokens::{self, KEY},
    upstream_login::start,
};
use crate::auth::{oauth::upstream::Profile, token_cache::now};

/// The parts of a token: header and claims.
pub fn parts(token: &str) -> (Value, Value) {
    let mut parts = token.split('.').map(|part| {
        let json = BASE64_URL_SAFE_NO_PAD.decode(part).unwrap();
        serde_json::from_slice(&json).unwrap_or_default()
    });
    (parts.next().unwrap(), parts.next().unwrap())
}

/// The text with another character at this position.
pub fn changed_at(text: &str, position: usize) -> String {
    let other = if text[position..].starts_with('A') {
        "B"
    } else {
        "A"
    };
    let mut changed = text.to_owned();
    changed.replace_range(position..=position, other);
    changed
}

/// Refused as a bad token.
pub async fn assert_refused(app: &App, token: &str, what: &str) {
    let answer = app.call(token).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{what}");
    assert!(
        answer.challenge().contains(r#"error="invalid_token""#),
        "{what}"
    );
}

/// Let through.
pub async fn is_good(app: &App, token: &str) -> bool {
    app.call(token).await.status == StatusCode::OK
}

#[tokio::test]
async fn a_token_says_what_rfc_9068_wants() {
    let app = App::start().await;
    let client = Client::register(&app).await;
    let tokens = client.log_in(&app).await;
    let (header, claims) = parts(tokens["access_token"].as_str().unwrap());
    assert_eq!(header, json!({ "alg": "HS256", "typ": "at+jwt" }));
    let issued = claims["iat"].as_u64().unwrap();
    assert!((now() - 5..=now()).contains(&issued));
    let expected = json!({
        "iss": BASE, "aud": format!("{BASE}/mcp"), "sub": subject("1"), "client_id": client.id,
        "scope": "mcp:tools", "iat": issued, "exp": issued + 3600,
        "jti": claims["jti"], "grant": claims["grant"],
    });
    assert_eq!(claims, expected);
    let again = client.log_in(&app).await;
    let (_, others) = parts(again["access_token"].as_str().unwrap());
    assert_ne!(others["jti"], claims["jti"]);
    assert_ne!(others["grant"], claims["grant"]);
}

#[tokio::test]
async fn what_is_sealed_or_secret_for_other_uses_is_no_access_token() {
    let app = App::start().await;
    let client = Client::register(&app).await;
    let tokens = client.log_in(&app).await;
    let (_, claims) = parts(tokens["access_token"].as_str().unwrap());
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    for (what, wrong) in [
        ("refresh token", text(&tokens["refresh_token"])),
        ("client_id", client.id.clone()),
        ("code", client.code(&app).await),
        ("id of the grant", text(&claims["grant"])),
        ("jti", text(&claims["jti"])),
    ] {
        assert_refused(&app, &wrong, what).await;
    }
    let answer = client.refresh(&app, &text(&tokens["access_token"])).await;
    assert_eq!(answer.json()["error"], "invalid_grant");
}

#[tokio::test]
async fn the_token_of_the_provider_is_not_accepted_and_not_shown() {
    let (provider, app) = start().await;
    let seen = Arc::<Mutex<Vec<String>>>::default();
    let keep = seen.clone();
    let look = move |answer: &mut Value| {
        for name in ["access_token", "id_token"] {
            let token = answer[name].as_str().map(str::to_owned);
            keep.lock().unwrap().extend(token);
        }
    };
    provider.behave(role::TOKEN, Mode::Changed(Arc::new(look)));
    let tokens = Client::register(&app).await.log_in(&app).await;
    let upstream = seen.lock().unwrap().clone();
    assert!(!upstream.is_empty());
    for token in &upstream {
        assert_refused(&app, token, "the provider's").await;
        assert!(!tokens.to_string().contains(token));
        let (_, claims) = parts(tokens["access_token"].as_str().unwrap());
        assert!(!claims.to_string().contains(token));
    }
}

#[tokio::test]
async fn the_token_of_another_server_is_refused() {
    let app = App::start().await;
    let good = token("alice", "mcp:tools");
    // The same key and the same store, but another address.
    let elsewhere = App::with(&[("BASE_URL", "https://other.example")]).await;
    assert_refused(&elsewhere, &good, "another address").await;
    // The same address, but another key.
    let other = App::with(&[("AUTH_SIGNING_KEY", OTHER_KEY)]).await;
    assert_refused(&other, &good, "another key").await;
    // The key is being changed, and the old one still holds.
    let both = format!("{OTHER_KEY},{KEY}");
    let both = App::with(&[("AUTH_SIGNING_KEY", &both)]).await;
    assert!(is_good(&both, &good).await && is_good(&app, &good).await);
}

#[tokio::test]
async fn what_the_provider_says_about_somebody_is_no_right_here() {
    let app = App::start().await;
    let claims = json!({
        "sub": "evil", "client_id": "evil", "grant": "evil", "email": "evil",
        "scope": "mcp:admin", "scp": ["mcp:admin"], "scopes": "mcp:admin",
    });
    let profile = |claims: &Value| Profile {
        id: "7".to_owned(),
        login: None,
        name: Some("Alice".to_owned()),
        email: None,
        claims: claims.as_object().cloned().unwrap_or_else(Map::new),
    };
    let token = tokens::of(profile(&claims), "mcp:tools");
    // The second time from memory.
    for _ in 0..2 {
        let answer = app.call(&token).await;
        let caller = answer.json();
        assert_eq!(caller["subject"], subject("7"));
        assert_eq!(caller["client_id"], "test-client");
        assert_eq!(caller["scopes"], json!(["mcp:tools"]));
        assert_eq!(
            (&caller["name"], &caller["email"]),
            (&json!("Alice"), &Value::Null)
        );
    }
}
