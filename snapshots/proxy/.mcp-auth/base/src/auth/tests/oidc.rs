//! Identity tokens, userinfo, refreshing and discovery: what an upstream may get wrong, by accident or not.

use std::time::Duration;

use serde_json::{Map, Value, json};

use super::fake_upstream::{FakeUpstream, NONCE, assert_trouble};
use crate::auth::{
    Env,
    oauth::upstream::{Login, Tokens, Trouble, registration::Registration},
    oidc::{
        Oidc, Signer, Source,
        id_token::ensure_continued,
        identity::{Claims, email, merged},
    },
    published::{discovery::Issuer, jwks::Jwks},
};

async fn oidc() -> (FakeUpstream, Oidc) {
    let upstream = FakeUpstream::start().await;
    let settings = [
        ("AUTH_CLIENT_ID", "our-id"),
        ("AUTH_CLIENT_SECRET", "s3cr3t"),
    ];
    let settings = settings.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let callback = "https://mcp.example.com/auth/callback";
    let registration = Env::of(settings)
        .read(|env| Registration::read(env, callback, true))
        .unwrap();
    let issuer = Issuer {
        name: upstream.url(),
        setting: "AUTH_ISSUER",
    };
    let http = registration.http.clone();
    let oidc = Oidc {
        registration,
        source: Source::of(issuer.clone(), http.clone()),
        signer: Some(Signer {
            names: vec![upstream.url()],
            keys: Jwks::new(issuer, http, Default::default()),
        }),
        auth: None,
        scopes: None,
        authorize_parameters: Vec::new(),
        token_parameters: Vec::new(),
    };
    (upstream, oidc)
}

async fn log_in(oidc: &Oidc) -> Result<(Tokens, Claims), Trouble> {
    oidc.exchange("code", "verifier", NONCE).await
}

/// New tokens, and who they are for.
async fn refresh(oidc: &Oidc, tokens: &Tokens) -> Result<(Tokens, Claims), Trouble> {
    let (tokens, outcome) = oidc.refresh(tokens).await?;
    outcome?;
    let claims = oidc.check(&tokens).await?;
    Ok((tokens, claims))
}

#[tokio::test]
async fn a_person_is_what_the_token_and_userinfo_say() {
    let (_, oidc) = oidc().await;
    let (tokens, claims) = log_in(&oidc).await.ok().unwrap();
    assert_eq!(tokens.id_claims["nonce"], json!(NONCE));
    assert_eq!(
        Value::Object(claims),
        json!({
            "sub": "alice-1", "name": "Alice", "email": "alice@example.com", "email_verified": true,
        })
    );
}

#[tokio::test]
async fn an_identity_token_must_be_right_in_every_respect() {
    type Change = fn(&mut Value);
    let changes: [(&str, Change); 15] = [
        ("issuer", |claims| {
            claims["iss"] = json!("https://evil.example")
        }),
        ("issuer with a slash", |claims| {
            claims["iss"] = json!(format!("{}/", claims["iss"].as_str().unwrap()));
        }),
        ("no issuer", |claims| claims["iss"] = Value::Null),
        ("audience", |claims| claims["aud"] = json!("our-id-2")),
        ("no audience", |claims| claims["aud"] = Value::Null),
        ("audiences without azp", |claims| {
            claims["aud"] = json!(["our-id", "other"])
        }),
        ("azp", |claims| claims["azp"] = json!("other")),
        ("azp of no use", |claims| claims["azp"] = json!(7)),
        ("expired", |claims| claims["exp"] = json!(1)),
        ("no expiry", |claims| claims["exp"] = Value::Null),
        ("issued in the future", |claims| {
            claims["iat"] = json!(99_999_999_999_u64)
        }),
        ("nonce", |claims| claims["nonce"] = json!("another")),
        ("no nonce", |claims| claims["nonce"] = Value::Null),
        ("nobody", |claims| claims["sub"] = Value::Null),
        ("no token", |claims| *claims = Value::Null),
    ];
    let (upstream, oidc) = oidc().await;
    for (what, change) in changes {
        upstream.identify(change);
        let answer = log_in(&oidc).await;
        assert!(matches!(answer, Err(Trouble::Broken(_))), "{what}");
    }
    upstream.identify(|claims| {
        claims["aud"] = json!(["our-id", "other"]);
        claims["azp"] = json!("our-id");
    });
    assert!(log_in(&oidc).await.is_ok());
    upstream.forge();
    assert_trouble(log_in(&oidc).await, "Broken");
}

#[tokio::test]
async fn tokens_that_are_not_identity_tokens_are_refused() {
    let (upstream, oidc) = oidc().await;
    // `{"alg":"none"}`, an access token's type, two parts, an unknown extension.
    for token in [
        "eyJhbGciOiJub25lIn0.e30.",
        "eyJhbGciOiJFUzI1NiIsInR5cCI6ImF0K2p3dCJ9.e30.AA",
        "e30.e30",
        "eyJhbGciOiJFUzI1NiIsImNyaXQiOlsieCJdfQ.e30.AA",
        "eyJhbGciOiJIUzI1NiJ9.e30.AA",
        "",
    ] {
        upstream.say(
            "/token",
            200,
            json!({ "access_token": "at", "id_token": token }),
        );
        assert_trouble(log_in(&oidc).await, "Broken");
    }
}

#[tokio::test]
async fn userinfo_about_another_person_is_not_used() {
    let (upstream, oidc) = oidc().await;
    for (status, answer, expected) in [
        (200, json!({ "sub": "bob-2" }), "Broken"),
        (200, json!({ "name": "nobody in particular" }), "Broken"),
        (200, json!(["nonsense"]), "Broken"),
        (
            200,
            json!({ "sub": "alice-1", "x": "x".repeat(70_000) }),
            "Broken",
        ),
        (403, json!({}), "Broken"),
        (302, json!({}), "Broken"),
        // Slack's way to say no.
        (
            200,
            json!({ "ok": false, "error": "token_revoked" }),
            "Refused",
        ),
        (
            200,
            json!({ "ok": false, "error": "ratelimited" }),
            "Broken",
        ),
        (500, json!({}), "Unavailable"),
    ] {
        upstream.say("/userinfo", status, answer);
        assert_trouble(log_in(&oidc).await, expected);
    }
}

#[tokio::test]
async fn what_userinfo_does_not_say_any_more_is_forgotten() {
    let (upstream, oidc) = oidc().await;
    upstream.say(
        "/userinfo",
        200,
        json!({ "sub": "alice-1", "groups": ["staff"] }),
    );
    let (tokens, claims) = log_in(&oidc).await.ok().unwrap();
    assert!(claims.contains_key("groups"));
    upstream.say("/userinfo", 200, json!({ "sub": "alice-1" }));
    let claims = oidc.check(&tokens).await.ok().unwrap();
    assert!(!claims.contains_key("groups") && claims.contains_key("email"));
}

#[tokio::test]
async fn an_access_token_for_another_service_is_no_obstacle() {
    let (upstream, oidc) = oidc().await;
    upstream.say("/userinfo", 401, json!({}));
    let (tokens, claims) = log_in(&oidc).await.ok().unwrap();
    assert_eq!(claims["email"], json!("alice@example.com"));
    // Nor later, and what the upstream says then counts.
    assert!(oidc.check(&tokens).await.is_ok());
    upstream.identify(|claims| claims["roles"] = json!(["reader"]));
    let (newer, claims) = refresh(&oidc, &tokens).await.ok().unwrap();
    assert_eq!(claims["roles"], json!(["reader"]));
    assert!(oidc.check(&newer).await.is_ok());
    assert_eq!(upstream.asked("/userinfo").len(), 1);
    upstream.say("/token", 400, json!({ "error": "invalid_grant" }));
    assert_trouble(refresh(&oidc, &newer).await, "Refused");
}

#[tokio::test]
async fn a_token_that_worked_and_does_not_any_more_ends_the_login() {
    let (upstream, oidc) = oidc().await;
    let (tokens, _) = log_in(&oidc).await.ok().unwrap();
    upstream.say("/userinfo", 401, json!({}));
    assert_trouble(oidc.check(&tokens).await, "Refused");
    assert_trouble(refresh(&oidc, &tokens).await, "Refused");
}

#[tokio::test]
async fn an_access_token_without_end_must_be_good_for_userinfo() {
    let (upstream, oidc) = oidc().await;
    upstream.say("/userinfo", 401, json!({}));
    let (tokens, _) = log_in(&oidc).await.ok().unwrap();
    upstream.grant_without_end();
    assert_trouble(log_in(&oidc).await, "Refused");
    assert_trouble(refresh(&oidc, &tokens).await, "Refused");
}

#[tokio::test]
async fn introspection_stands_in_for_userinfo() {
    let (upstream, oidc) = oidc().await;
    let url = upstream.url();
    let metadata = json!({
        "issuer": url, "jwks_uri": format!("{url}/keys"), "introspection_endpoint": format!("{url}/introspect"),
        "authorization_endpoint": format!("{url}/authorize"), "token_endpoint": format!("{url}/token"),
    });
    upstream.say("/.well-known/openid-configuration", 200, metadata);
    for (status, answer, expected) in [
        (200, json!({ "active": false }), "Refused"),
        (200, json!({ "active": "true" }), "Refused"),
        (200, json!({ "active": true, "sub": "bob-2" }), "Broken"),
        (401, json!({}), "Broken"),
        (503, json!({}), "Unavailable"),
    ] {
        upstream.say("/introspect", status, answer);
        assert_trouble(log_in(&oidc).await, expected);
    }
    upstream.say(
        "/introspect",
        200,
        json!({ "active": true, "username": "alice", "exp": 9 }),
    );
    let (tokens, claims) = log_in(&oidc).await.ok().unwrap();
    assert_eq!(claims["username"], json!("alice"));
    assert!(!claims.contains_key("active") && !claims.contains_key("exp"));
    // There is no revocation endpoint.
    assert!(oidc.revoke(&tokens).await.is_ok());
}

#[tokio::test]
async fn refreshing_continues_one_login() {
    let (upstream, oidc) = oidc().await;
    let (tokens, _) = log_in(&oidc).await.ok().unwrap();
    for (sub, nonce, is_good) in [
        ("alice-1", json!(NONCE), true),
        ("alice-1", Value::Null, true),
        ("bob-2", json!(NONCE), false),
        ("alice-1", json!("another"), false),
    ] {
        upstream.identify(|claims| {
            claims["sub"] = json!(sub);
            match nonce.clone() {
                Value::Null => drop(claims.as_object_mut().unwrap().remove("nonce")),
                nonce => claims["nonce"] = nonce,
            }
        });
        match refresh(&oidc, &tokens).await {
            Ok((tokens, _)) => {
                assert!(is_good);
                assert_eq!(tokens.id_claims["nonce"], json!(NONCE));
            }
            answer => {
                assert!(!is_good);
                assert_trouble(answer, "Broken");
            }
        }
    }
    // Most send no identity token then.
    upstream.identify(|claims| *claims = Value::Null);
    let (newer, _) = refresh(&oidc, &tokens).await.ok().unwrap();
    assert_eq!(newer.id_claims, tokens.id_claims);
}

#[tokio::test]
async fn new_tokens_are_not_lost_when_userinfo_is_out_of_order() {
    let (upstream, oidc) = oidc().await;
    let (tokens, _) = log_in(&oidc).await.ok().unwrap();
    upstream.say("/userinfo", 503, json!({}));
    let (newer, _) = oidc.refresh(&tokens).await.ok().unwrap();
    assert_eq!(newer.access_token, "at");
    assert_trouble(oidc.check(&newer).await, "Unavailable");
    upstream.say("/token", 400, json!({ "error": "invalid_grant" }));
    assert_trouble(refresh(&oidc, &tokens).await, "Refused");
    upstream.say("/token", 503, json!({}));
    assert_trouble(refresh(&oidc, &tokens).await, "Unavailable");
}

#[tokio::test]
async fn tokens_are_given_back() {
    let (upstream, oidc) = oidc().await;
    let (mut tokens, _) = log_in(&oidc).await.ok().unwrap();
    assert!(oidc.revoke(&tokens).await.is_ok());
    tokens.refresh_token = None;
    assert!(oidc.revoke(&tokens).await.is_ok());
    assert_eq!(
        upstream.asked("/revoke"),
        [
            "token=rt&token_type_hint=refresh_token",
            "token=at&token_type_hint=access_token",
        ]
    );
    upstream.say("/revoke", 400, json!({ "error": "invalid_token" }));
    assert!(oidc.revoke(&tokens).await.is_ok());
    upstream.say("/revoke", 400, json!({ "error": "unsupported_token_type" }));
    assert_trouble(oidc.revoke(&tokens).await, "Broken");
    upstream.say("/revoke", 503, json!({}));
    assert_trouble(oidc.revoke(&tokens).await, "Unavailable");
}

#[tokio::test]
async fn an_upstream_whose_metadata_is_wrong_is_not_used() {
    let login = Login {
        state: "s",
        challenge: "c",
        nonce: "n",
    };
    for (status, change) in [
        (500, json!({})),
        (200, json!({ "issuer": "https://evil.example" })),
        (
            200,
            json!({ "token_endpoint": "http://evil.example/token" }),
        ),
        (200, json!({ "token_endpoint": null })),
    ] {
        let (upstream, oidc) = oidc().await;
        let url = upstream.url();
        let mut metadata = json!({
            "issuer": url, "authorization_endpoint": format!("{url}/a"), "token_endpoint": format!("{url}/t"),
        });
        metadata
            .as_object_mut()
            .unwrap()
            .extend(change.as_object().unwrap().clone());
        upstream.say("/.well-known/openid-configuration", status, metadata);
        assert_trouble(oidc.authorization_url(&login).await, "Unavailable");
    }
}

#[tokio::test]
async fn metadata_is_asked_for_once_and_what_is_offered_is_used() {
    let (upstream, oidc) = oidc().await;
    let login = Login {
        state: "s",
        challenge: "c",
        nonce: "n",
    };
    for _ in 0..3 {
        let url = oidc.authorization_url(&login).await.ok().unwrap();
        assert!(
            url.as_str()
                .contains("scope=openid+profile+email+offline_access&nonce=n"),
            "{url}"
        );
    }
    assert_eq!(upstream.asked("/.well-known/openid-configuration").len(), 1);
}

#[tokio::test]
async fn old_metadata_is_used_while_newer_cannot_be_had() {
    let (upstream, oidc) = oidc().await;
    let metadata = "/.well-known/openid-configuration";
    assert!(oidc.source.endpoints().await.is_ok());
    upstream.say(metadata, 500, json!({}));
    for (seconds, fetches) in [(60, 1), (3600, 2), (1, 2), (6, 3), (6, 4)] {
        tokio::time::pause();
        tokio::time::advance(Duration::from_secs(seconds)).await;
        tokio::time::resume();
        assert!(oidc.source.endpoints().await.is_ok());
        assert_eq!(upstream.asked(metadata).len(), fetches);
    }
}

#[test]
fn claims_are_merged_only_for_one_person() {
    let of = |value: Value| -> Map<String, Value> { serde_json::from_value(value).unwrap() };
    let token = of(json!({ "sub": "a", "iss": "i", "email": "old" }));
    let fresh = merged(&token, of(json!({ "sub": "a", "email": "new" })), true)
        .ok()
        .unwrap();
    assert_eq!(fresh, of(json!({ "sub": "a", "email": "new" })));
    let verified = of(json!({ "sub": "a", "email": "old", "email_verified": true }));
    for (said, expected) in [("old", true), ("new", false)] {
        let claims = merged(&verified, of(json!({ "sub": "a", "email": said })), true);
        assert_eq!(
            claims.ok().unwrap().contains_key("email_verified"),
            expected
        );
    }
    // The type counts too.
    let number = of(json!({ "sub": 1 }));
    assert!(merged(&number, of(json!({ "sub": "1" })), true).is_err());
    assert!(merged(&Map::new(), of(json!({ "id": 7 })), true).is_ok());
    assert!(ensure_continued(&Map::new(), &token).is_ok());
    assert!(ensure_continued(&token, &of(json!({ "iss": "j", "sub": "a" }))).is_err());
}

#[test]
fn an_unverified_address_is_no_address() {
    for (verified, expected) in [
        (json!(true), true),
        (json!(false), false),
        (json!("false"), false),
        (Value::Null, false),
    ] {
        let claims =
            serde_json::from_value(json!({ "email": "a@b.example", "email_verified": verified }));
        assert_eq!(email(&claims.unwrap()).is_some(), expected);
    }
    let unsaid = serde_json::from_value(json!({ "email": "a@b.example" }));
    assert!(email(&unsaid.unwrap()).is_some());
}
