//! Access tokens (RFC 9068): only what this server signed, for itself, as an access token, and not long ago.

use std::sync::{Arc, Mutex};

use aws_lc_rs::hmac;
use axum::http::StatusCode;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde_json::{Map, Value, json};

use super::{
    app::App,
    dev_provider::role,
    harness::{subject, token},
    login::{BASE, Client},
    provider::Mode,
    register::OTHER_KEY,
    tokens::{self, KEY, keys},
    upstream_login::start,
};
use crate::auth::{
    oauth::{
        secrets::{Keys, Purpose, random},
        upstream::Profile,
    },
    token_cache::now,
};

/// The parts of a token: header and claims.
fn parts(token: &str) -> (Value, Value) {
    let mut parts = token.split('.').map(|part| {
        let json = BASE64_URL_SAFE_NO_PAD.decode(part).unwrap();
        serde_json::from_slice(&json).unwrap_or_default()
    });
    (parts.next().unwrap(), parts.next().unwrap())
}

fn unsigned(header: &str, claims: &str) -> String {
    let part = |json: &str| BASE64_URL_SAFE_NO_PAD.encode(json);
    format!("{}.{}", part(header), part(claims))
}

fn signed(algorithm: hmac::Algorithm, key: &[u8], header: &str, claims: &str) -> String {
    let text = unsigned(header, claims);
    let tag = hmac::sign(&hmac::Key::new(algorithm, key), text.as_bytes());
    format!("{text}.{}", BASE64_URL_SAFE_NO_PAD.encode(tag))
}

/// A token with the right signature over whatever.
fn forged(header: &Value, claims: &Value) -> String {
    let key = keys().raw(Purpose::AccessToken).unwrap()[0];
    signed(
        hmac::HMAC_SHA256,
        &key,
        &header.to_string(),
        &claims.to_string(),
    )
}

/// A good token with one change; `null` takes a member away.
fn changed(part: &str, name: &str, value: Value) -> String {
    let (mut header, mut claims) = parts(&token("alice", "mcp:tools"));
    let part = if part == "header" {
        &mut header
    } else {
        &mut claims
    };
    match value {
        Value::Null => drop(part.as_object_mut().unwrap().remove(name)),
        value => part[name] = value,
    }
    forged(&header, &claims)
}

async fn assert_refused(app: &App, token: &str, what: &str) {
    let answer = app.call(token).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{what}");
    assert!(
        answer.challenge().contains(r#"error="invalid_token""#),
        "{what}"
    );
}

async fn is_good(app: &App, token: &str) -> bool {
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
async fn headers_that_play_tricks_are_refused() {
    let app = App::start().await;
    for (name, value) in [
        ("alg", json!(null)),
        ("alg", json!("none")),
        ("alg", json!("hs256")),
        ("alg", json!("HS384")),
        ("alg", json!("HS512")),
        ("alg", json!("RS256")),
        ("alg", json!("ES256")),
        ("alg", json!("EdDSA")),
        ("alg", json!(["HS256"])),
        ("typ", json!(null)),
        ("typ", json!("JWT")),
        ("typ", json!("rt+jwt")),
        ("typ", json!("")),
        ("crit", json!(["exp"])),
        ("crit", json!(["b64"])),
        ("crit", json!([])),
    ] {
        let what = format!("{name}: {value}");
        assert_refused(&app, &changed("header", name, value), &what).await;
    }
    let unchanged = changed("header", "typ", json!("at+jwt"));
    assert!(is_good(&app, &unchanged).await);
}

#[tokio::test]
async fn the_key_is_never_named_by_the_token() {
    let app = App::start().await;
    let (mut header, claims) = parts(&token("alice", "mcp:tools"));
    for (name, value) in [
        ("kid", json!("../../../../dev/null")),
        ("kid", json!("' UNION SELECT ''--")),
        ("kid", json!(0)),
        ("jku", json!("https://evil.example/keys")),
        ("x5u", json!("https://evil.example/keys")),
        ("jwk", json!({ "kty": "oct", "k": "AAAA" })),
    ] {
        header[name] = value;
        for key in [&b""[..], &[0; 3], &[0; 32]] {
            let (header, claims) = (header.to_string(), claims.to_string());
            let token = signed(hmac::HMAC_SHA256, key, &header, &claims);
            assert_refused(&app, &token, name).await;
        }
    }
}

#[tokio::test]
async fn only_the_key_for_access_tokens_signs_them() {
    let app = App::start().await;
    let (header, claims) = parts(&token("alice", "mcp:tools"));
    let (header, claims) = (header.to_string(), claims.to_string());
    let secret: Vec<u8> = (0..32).collect();
    let other = Keys::of(&[(32..64).collect()]).unwrap();
    let mut wrong = vec![
        KEY.as_bytes().to_vec(),
        secret,
        other.raw(Purpose::AccessToken).unwrap()[0].to_vec(),
    ];
    for purpose in [
        Purpose::Store,
        Purpose::Client,
        Purpose::Request,
        Purpose::Browser,
    ] {
        wrong.push(keys().raw(purpose).unwrap()[0].to_vec());
    }
    for (index, key) in wrong.iter().enumerate() {
        let token = signed(hmac::HMAC_SHA256, key, &header, &claims);
        assert_refused(&app, &token, &index.to_string()).await;
    }
    let key = keys().raw(Purpose::AccessToken).unwrap()[0];
    for algorithm in [hmac::HMAC_SHA384, hmac::HMAC_SHA512] {
        let token = signed(algorithm, &key, &header, &claims);
        assert_refused(&app, &token, &format!("{algorithm:?}")).await;
    }
}

#[tokio::test]
async fn a_token_with_parts_changed_or_missing_is_refused() {
    let app = App::start().await;
    let good = token("alice", "mcp:tools");
    let [header, claims, signature] = good.split('.').collect::<Vec<_>>().try_into().unwrap();
    let (head, mut wider) = parts(&good);
    wider["scope"] = json!("mcp:admin mcp:tools");
    let wider = format!(
        "{}.{signature}",
        unsigned(&head.to_string(), &wider.to_string())
    );
    let none = unsigned(
        r#"{"alg":"none","typ":"at+jwt"}"#,
        &parts(&good).1.to_string(),
    );
    for wrong in [
        wider,
        format!("{none}."),
        none,
        format!("{header}.{claims}"),
        format!("{header}.{claims}."),
        format!("{header}..{signature}"),
        format!(".{claims}.{signature}"),
        format!("{good}.{signature}"),
        format!("{good}="),
        format!("{header}.{claims}.{}", &signature[..42]),
        format!("{header}.{claims}.{}", "A".repeat(43)),
        "..".to_owned(),
        "x.y.z".to_owned(),
    ] {
        assert_refused(&app, &wrong, &wrong).await;
    }
    for position in (0..good.len()).filter(|position| !good[*position..].starts_with('.')) {
        let mut other = good.clone();
        let byte = if good[position..].starts_with('A') {
            "B"
        } else {
            "A"
        };
        other.replace_range(position..=position, byte);
        assert!(!is_good(&app, &other).await, "{position}");
    }
    assert!(is_good(&app, &good).await);
}

#[tokio::test]
async fn claims_that_are_not_ours_are_refused() {
    let app = App::start().await;
    let (now, resource) = (now(), format!("{BASE}/mcp"));
    for (name, value) in [
        ("iss", json!(null)),
        ("iss", json!("")),
        ("iss", json!(format!("{BASE}/"))),
        ("iss", json!("https://MCP.example.com")),
        ("iss", json!([BASE])),
        ("iss", json!("https://evil.example")),
        ("aud", json!(null)),
        ("aud", json!("")),
        ("aud", json!([])),
        ("aud", json!(BASE)),
        ("aud", json!(format!("{resource}/"))),
        ("aud", json!(format!("{resource}2"))),
        ("aud", json!("https://other.example/mcp")),
        ("exp", json!(null)),
        ("exp", json!(now)),
        ("exp", json!(now - 1)),
        ("exp", json!((now + 3600).to_string())),
        ("exp", json!(true)),
        ("exp", json!(-1)),
        ("exp", json!(1e300)),
        ("nbf", json!(now + 60)),
        ("iat", json!(now + 60)),
        ("grant", json!(null)),
        ("grant", json!("")),
        ("grant", json!(["x"])),
        ("grant", json!(random())),
    ] {
        let what = format!("{name}: {value}");
        assert_refused(&app, &changed("claims", name, value), &what).await;
    }
    let (header, claims) = parts(&token("alice", "mcp:tools"));
    let twice = claims
        .to_string()
        .replacen('{', r#"{"aud":"https://evil.example","#, 1);
    let key = keys().raw(Purpose::AccessToken).unwrap()[0];
    let twice = signed(hmac::HMAC_SHA256, &key, &header.to_string(), &twice);
    assert_refused(&app, &twice, "a claim twice").await;
    assert!(is_good(&app, &changed("claims", "nbf", json!(now))).await);
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
