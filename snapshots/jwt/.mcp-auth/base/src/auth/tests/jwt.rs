//! Tokens that are almost good: algorithms, signatures, headers.

use axum::http::StatusCode;
use jsonwebtoken::Algorithm;
use serde_json::{Value, json};

use super::{
    app::App,
    harness::{EDDSA, ES256, ES384, RS256, claims, sign_with_secret, token, unsigned},
};

const SECRET: &str = "0123456789abcdef0123456789abcdef";

pub async fn assert_refused(app: &App, token: &str, what: &str) {
    let answer = app.call(token).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{what}");
    assert!(
        answer.challenge().contains(r#"error="invalid_token""#),
        "{what}"
    );
}

/// The answer to a rightly signed token whose header was changed.
async fn with_header(app: &App, change: impl FnOnce(&mut Value)) -> StatusCode {
    let mut header = ES256.header();
    change(&mut header);
    app.call(&ES256.sign(&header, &claims("alice", "mcp:tools")))
        .await
        .status
}

#[tokio::test]
async fn unsigned_tokens_are_refused_however_none_is_written() {
    let app = App::start().await;
    for algorithm in ["none", "None", "NONE", "nOnE", ""] {
        let message = unsigned(
            &json!({ "alg": algorithm }).to_string(),
            &claims("alice", "mcp:tools").to_string(),
        );
        assert_refused(&app, &format!("{message}."), algorithm).await;
        assert_refused(&app, &format!("{message}.AAAA"), algorithm).await;
    }
}

#[tokio::test]
async fn the_public_key_is_not_a_shared_secret() {
    let app = App::start().await;
    let claims = claims("alice", "mcp:tools");
    let pem = &ES256.public_pem;
    for secret in [pem.as_str(), pem.trim(), &pem.replace('\n', "\\n")] {
        for algorithm in [Algorithm::HS256, Algorithm::HS384, Algorithm::HS512] {
            assert_refused(
                &app,
                &sign_with_secret(algorithm, secret.as_bytes(), &claims),
                "HMAC",
            )
            .await;
        }
    }
}

#[tokio::test]
async fn only_configured_algorithms_are_accepted() {
    let rs256 = [
        ("JWT_PUBLIC_KEY", RS256.public_pem.as_str()),
        ("AUTH_ALGORITHMS", "RS512,PS256"),
    ];
    let app = App::with(&rs256).await;
    assert_refused(
        &app,
        &RS256.sign(&RS256.header(), &claims("alice", "mcp:tools")),
        "RS256",
    )
    .await;
}

#[tokio::test]
async fn every_kind_of_key_verifies_its_own_tokens_and_no_others() {
    let keys = [&ES256, &ES384, &RS256, &EDDSA];
    for (mine, key) in keys.iter().enumerate() {
        let app = App::with(&[("JWT_PUBLIC_KEY", &key.public_pem)]).await;
        for (other, signer) in keys.iter().enumerate() {
            let claims = claims("alice", "mcp:tools");
            let answer = app.call(&signer.sign(&signer.header(), &claims)).await;
            assert_eq!(
                answer.status == StatusCode::OK,
                mine == other,
                "{mine} {other}"
            );
            // The same signature under the name of another algorithm.
            let confused = signer.sign(&keys[(other + 1) % 4].header(), &claims);
            assert_refused(&app, &confused, "confused").await;
        }
    }
}

#[tokio::test]
async fn a_shared_secret_verifies_hmac_and_nothing_else() {
    let app = App::with(&[("JWT_PUBLIC_KEY", ""), ("JWT_SECRET", SECRET)]).await;
    let claims = claims("alice", "mcp:tools");
    let good = sign_with_secret(Algorithm::HS256, SECRET.as_bytes(), &claims);
    assert_eq!(app.call(&good).await.status, StatusCode::OK);
    assert_refused(
        &app,
        &sign_with_secret(Algorithm::HS256, b"guess", &claims),
        "wrong secret",
    )
    .await;
    assert_refused(
        &app,
        &sign_with_secret(Algorithm::HS512, SECRET.as_bytes(), &claims),
        "HS512",
    )
    .await;
    assert_refused(&app, &token("alice", "mcp:tools"), "ES256").await;
}

#[tokio::test]
async fn broken_tokens_are_refused() {
    let app = App::start().await;
    let good = token("alice", "mcp:tools");
    let parts: Vec<&str> = good.split('.').collect();
    let flipped = if parts[2].starts_with('A') { "B" } else { "A" };
    for broken in [
        format!("{}.{}", parts[0], parts[1]),
        format!("{good}.{}", parts[2]),
        format!("{}..{}", parts[0], parts[2]),
        format!("{}.{}.", parts[0], parts[1]),
        format!("{}.{}.{flipped}{}", parts[0], parts[1], &parts[2][1..]),
        format!(
            "{}.{}.{}",
            parts[0],
            unsigned("", "{}").trim_start_matches('.'),
            parts[2]
        ),
        "...".to_owned(),
        "a.b.c".to_owned(),
        good[..good.len() - 2].to_owned(),
    ] {
        assert_refused(&app, &broken, &broken).await;
    }
}

#[tokio::test]
async fn unknown_critical_extensions_are_refused() {
    let app = App::start().await;
    for critical in [json!(["b64"]), json!(["exp"]), json!([])] {
        assert_eq!(
            with_header(&app, |header| header["crit"] = critical).await,
            StatusCode::UNAUTHORIZED
        );
    }
}

#[tokio::test]
async fn only_types_of_access_tokens_are_accepted() {
    let app = App::start().await;
    for typ in ["JWT", "jwt", "at+jwt", "AT+JWT", "application/at+jwt"] {
        assert_eq!(
            with_header(&app, |header| header["typ"] = json!(typ)).await,
            StatusCode::OK,
            "{typ}"
        );
    }
    let without = |header: &mut Value| drop(header.as_object_mut().unwrap().remove("typ"));
    assert_eq!(with_header(&app, without).await, StatusCode::OK);
    for typ in [
        "",
        "id+jwt",
        "logout+jwt",
        "dpop+jwt",
        "secevent+jwt",
        "application/jwt2",
        "JOSE",
    ] {
        let status = with_header(&app, |header| header["typ"] = json!(typ)).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED, "{typ}");
    }
}

#[tokio::test]
async fn keys_that_a_token_brings_along_are_ignored() {
    let app = App::start().await;
    let mut header = ES384.header();
    header["jwk"] = ES384.jwk("mine");
    header["jku"] = json!("https://evil.example/keys");
    header["x5u"] = json!("https://evil.example/cert");
    assert_refused(
        &app,
        &ES384.sign(&header, &claims("alice", "mcp:tools")),
        "jwk",
    )
    .await;
}
