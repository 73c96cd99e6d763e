//! Tokens that somebody made up (RFC 8725): whatever stands in them, without the right key they are nothing, and with it
//! only those that this server issues for itself.

use aws_lc_rs::hmac;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use super::{
    access_tokens::{assert_refused, changed_at, is_good, parts},
    app::App,
    harness::token,
    login::BASE,
    tokens::{KEY, keys},
};
use crate::auth::{
    oauth::secrets::{Keys, Purpose, random},
    token_cache::now,
};

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
    let other = Keys::of(&[(32..64).collect()], BASE).unwrap();
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
        Purpose::RefreshToken,
    ] {
        wrong.push(keys().raw(purpose).unwrap()[0].to_vec());
    }
    for (index, key) in wrong.iter().enumerate() {
        let token = signed(hmac::HMAC_SHA256, key, &header, &claims);
        assert_refused(&app, &token, &index.to_string()).await;
    }
    let key = keys().raw(Purpose::AccessToken).unwrap()[0];
    // The right key, and another algorithm, which the header names or does not.
    for (name, algorithm) in [("HS384", hmac::HMAC_SHA384), ("HS512", hmac::HMAC_SHA512)] {
        for header in [&header, &header.replace("HS256", name)] {
            let token = signed(algorithm, &key, header, &claims);
            assert_refused(&app, &token, header).await;
        }
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
        let other = changed_at(&good, position);
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
        ("exp", json!(now - 30)),
        ("exp", json!(now - 3600)),
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
