//! Tokens that are rightly signed and almost good: times, issuer, audience, subject, scopes.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::{
    app::App,
    harness::{ES256, claims, now},
    jwt::assert_refused,
};

/// The answer to a rightly signed token whose claims were changed.
async fn with_claims(app: &App, change: impl FnOnce(&mut Value)) -> StatusCode {
    let mut claims = claims("alice", "mcp:tools");
    change(&mut claims);
    app.call(&ES256.sign(&ES256.header(), &claims)).await.status
}

/// The answer to rightly signed claims in which `exp` is written like this.
async fn with_expiry(app: &App, expiry: &str) -> StatusCode {
    let mut claims = claims("alice", "mcp:tools");
    claims["exp"] = json!("EXPIRY");
    let claims = claims.to_string().replace("\"EXPIRY\"", expiry);
    app.call(&ES256.sign_text(&ES256.header().to_string(), &claims))
        .await
        .status
}

#[tokio::test]
async fn a_token_that_is_too_long_is_refused_although_it_is_good() {
    let app = App::start().await;
    let padded = |length| with_claims(&app, move |claims| claims["x"] = json!("x".repeat(length)));
    assert_eq!(padded(11_000).await, StatusCode::OK);
    assert_eq!(padded(13_000).await, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_token_must_expire_at_a_time_that_is_a_number() {
    let app = App::start().await;
    for expiry in [
        "\"9999999999\"",
        "true",
        "null",
        "[9999999999]",
        "{}",
        "-1",
        "0",
        "1e400",
        "1e300",
        "99999999999999999999999999",
        "-99999999999999999999",
    ] {
        assert_eq!(
            with_expiry(&app, expiry).await,
            StatusCode::UNAUTHORIZED,
            "{expiry}"
        );
    }
    for expiry in [format!("{}.5", now() + 60), "9e9".to_owned()] {
        assert_eq!(with_expiry(&app, &expiry).await, StatusCode::OK, "{expiry}");
    }
    let without = |claims: &mut Value| drop(claims.as_object_mut().unwrap().remove("exp"));
    assert_eq!(with_claims(&app, without).await, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn clocks_may_differ_by_the_leeway_and_no_more() {
    let app = App::start().await;
    for (claim, offset, expected) in [
        ("exp", -25, StatusCode::OK),
        ("exp", -35, StatusCode::UNAUTHORIZED),
        ("nbf", 25, StatusCode::OK),
        ("nbf", 40, StatusCode::UNAUTHORIZED),
        ("iat", 25, StatusCode::OK),
        ("iat", 40, StatusCode::UNAUTHORIZED),
    ] {
        let time = now().checked_add_signed(offset).unwrap();
        let status = with_claims(&app, |claims| claims[claim] = json!(time)).await;
        assert_eq!(status, expected, "{claim} {offset}");
    }
    assert_eq!(
        with_claims(&app, |claims| claims["nbf"] = json!("0")).await,
        StatusCode::UNAUTHORIZED
    );
}

#[tokio::test]
async fn a_remembered_token_still_expires() {
    let app = App::with(&[("AUTH_LEEWAY_SECONDS", "0")]).await;
    let mut claims = claims("alice", "mcp:tools");
    claims["exp"] = json!(now() + 2);
    let token = ES256.sign(&ES256.header(), &claims);
    assert_eq!(app.call(&token).await.status, StatusCode::OK);
    tokio::time::sleep(std::time::Duration::from_millis(2100)).await;
    assert_refused(&app, &token, "expired").await;
}

#[tokio::test]
async fn the_issuer_must_be_the_configured_one_to_the_byte() {
    let app = App::start().await;
    for issuer in [
        json!("https://login.example.com"),
        json!("https://login.example.com//"),
        json!("https://LOGIN.example.com/"),
        json!("https://login.example.com:443/"),
        json!("https://evil.example/"),
        json!(["https://login.example.com/"]),
        json!(""),
        Value::Null,
    ] {
        let status = with_claims(&app, |claims| claims["iss"] = issuer.clone()).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED, "{issuer}");
    }
}

#[tokio::test]
async fn the_audience_must_be_this_server_exactly() {
    let app = App::start().await;
    let ours = "https://mcp.example.com/mcp";
    for audience in [json!(ours), json!(["https://other.example", ours])] {
        assert_eq!(
            with_claims(&app, |claims| claims["aud"] = audience).await,
            StatusCode::OK
        );
    }
    for audience in [
        json!("https://mcp.example.com/mcp/"),
        json!("https://mcp.example.com"),
        json!("https://mcp.example.com/mcp2"),
        json!("https://mcp.example.com.evil.example/mcp"),
        json!("http://mcp.example.com/mcp"),
        json!("*"),
        json!(""),
        json!([]),
        json!([[ours]]),
        json!({ "0": ours }),
        Value::Null,
    ] {
        let status = with_claims(&app, |claims| claims["aud"] = audience.clone()).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED, "{audience}");
    }
}

#[tokio::test]
async fn other_audiences_can_be_configured() {
    let app = App::with(&[("AUTH_AUDIENCE", "api://one, api://two")]).await;
    assert_eq!(
        with_claims(&app, |claims| claims["aud"] = json!("api://two")).await,
        StatusCode::OK
    );
    assert_eq!(
        with_claims(&app, |_| {}).await,
        StatusCode::UNAUTHORIZED,
        "the default no longer holds"
    );
}

#[tokio::test]
async fn claims_that_stand_twice_are_refused() {
    let app = App::start().await;
    let claims = claims("alice", "mcp:tools").to_string();
    for twice in [
        r#""sub":"eve","#,
        r#""exp":9999999999,"#,
        r#""aud":"x","#,
        r#""x":{"y":1,"y":2},"#,
    ] {
        let claims = claims.replacen('{', &format!("{{{twice}"), 1);
        assert_refused(
            &app,
            &ES256.sign_text(&ES256.header().to_string(), &claims),
            twice,
        )
        .await;
    }
    assert_refused(
        &app,
        &ES256.sign_text(&ES256.header().to_string(), "[]"),
        "an array",
    )
    .await;
}

#[tokio::test]
async fn scopes_are_found_wherever_providers_put_them() {
    let app = App::with(&[("AUTH_SCOPES_CLAIM", "realm_access.roles")]).await;
    for (claim, value) in [
        ("scope", json!("x mcp:tools")),
        ("scope", json!(["x", "mcp:tools"])),
        ("scp", json!("mcp:tools")),
        ("scp", json!(["mcp:tools"])),
        ("realm_access", json!({ "roles": ["mcp:tools"] })),
        ("realm_access", json!({ "roles": { "mcp:tools": {} } })),
        ("realm_access.roles", json!("mcp:tools")),
    ] {
        let status = with_claims(&app, |claims| {
            claims["scope"] = json!("");
            claims[claim] = value.clone();
        });
        assert_eq!(status.await, StatusCode::OK, "{claim}: {value}");
    }
    for value in [
        json!("mcp:toolsx"),
        json!("mcp"),
        json!(["mcp tools"]),
        json!(true),
        json!("MCP:TOOLS"),
        json!({ "mcp:tools": false }),
    ] {
        let status = with_claims(&app, |claims| claims["scope"] = value.clone());
        assert_eq!(status.await, StatusCode::FORBIDDEN, "{value}");
    }
}

#[tokio::test]
async fn a_token_without_a_subject_stands_for_its_client() {
    let app = App::start().await;
    let mut claims = claims("", "mcp:tools");
    for subject in [json!(""), json!(42), Value::Null] {
        claims["sub"] = subject;
        assert_refused(&app, &ES256.sign(&ES256.header(), &claims), "no subject").await;
    }
    claims.as_object_mut().unwrap().remove("sub");
    let answer = app.call(&ES256.sign(&ES256.header(), &claims)).await;
    assert_eq!(answer.json()["subject"], "test-client");
    claims["client_id"] = Value::Null;
    assert_refused(&app, &ES256.sign(&ES256.header(), &claims), "nobody").await;
}

#[tokio::test]
async fn the_service_learns_who_calls() {
    let app = App::start().await;
    let mut claims = claims("alice", "mcp:tools b a");
    claims["name"] = json!("Alice Liddell");
    claims["email"] = json!("alice@example.com");
    let seen = app.call(&ES256.sign(&ES256.header(), &claims)).await.json();
    assert_eq!(seen["client_id"], "test-client");
    assert_eq!(seen["scopes"], json!(["a", "b", "mcp:tools"]));
    assert_eq!(seen["name"], "Alice Liddell");
    assert_eq!(seen["email"], "alice@example.com");
}
