//! Google as the provider: settings, the policy, and what the authorization endpoint is told.

use serde_json::{Value, json};

use super::fake_upstream::{FakeUpstream, NONCE, assert_trouble};
use crate::auth::{
    Env,
    google::{Google, Policy},
    oauth::upstream::Login,
};

fn of(settings: &[(&str, &str)]) -> Env {
    let base = [
        ("AUTH_CLIENT_ID", "our-id"),
        ("AUTH_CLIENT_SECRET", "s3cr3t"),
    ];
    let all = base.iter().chain(settings);
    let all = all.map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Env::of(all.collect::<Vec<_>>())
}

fn read(settings: &[(&str, &str)]) -> Result<Google, String> {
    let callback = "https://mcp.example.com/auth/callback";
    let google = of(settings).read(|env| Google::read(env, callback));
    google.map_err(|problems| problems.to_string())
}

const DOMAIN: (&str, &str) = ("GOOGLE_ALLOWED_DOMAINS", "example.com");

#[test]
fn settings_that_cannot_work_are_told_all_at_once() {
    for (settings, expected) in [
        (
            &[][..],
            &[
                "GOOGLE_ALLOWED_DOMAINS",
                "GOOGLE_ALLOWED_EMAILS",
                "ALLOW_ANY_USER",
            ][..],
        ),
        (&[DOMAIN, ("ALLOW_ANY_USER", "true")], &["ALLOW_ANY_USER"]),
        (
            &[("GOOGLE_ALLOWED_DOMAINS", "alice@example.com")],
            &["GOOGLE_ALLOWED_DOMAINS"],
        ),
        (
            &[("GOOGLE_ALLOWED_EMAILS", "example.com")],
            &["GOOGLE_ALLOWED_EMAILS"],
        ),
        (
            &[
                ("GOOGLE_ISSUER", "http://google.example"),
                ("AUTH_CLIENT_ID", ""),
            ],
            &["GOOGLE_ISSUER", "AUTH_CLIENT_ID", "GOOGLE_ALLOWED_DOMAINS"],
        ),
        (
            &[DOMAIN, ("AUTH_CLIENT_SECRET", "")],
            &["AUTH_CLIENT_SECRET"],
        ),
        (
            &[DOMAIN, ("AUTH_UPSTREAM_SCOPES", "email")],
            &["AUTH_UPSTREAM_SCOPES"],
        ),
    ] {
        let problems = read(settings).err().unwrap();
        for expected in expected {
            assert!(problems.contains(expected), "{expected}: {problems}");
        }
    }
    let google = read(&[DOMAIN]).unwrap();
    assert_eq!(google.issuer(), Some("https://accounts.google.com"));
}

#[test]
fn people_are_let_in_by_organization_or_by_verified_address() {
    let settings = [
        DOMAIN,
        ("GOOGLE_ALLOWED_EMAILS", "Bob@gmail.com, carol@gmail.com"),
    ];
    let policy = of(&settings).read(Policy::read).unwrap();
    for (claims, expected) in [
        (json!({ "hd": "example.com" }), true),
        (json!({ "hd": "EXAMPLE.com" }), true),
        (json!({ "hd": "sub.example.com" }), false),
        (json!({ "hd": "notexample.com" }), false),
        (json!({ "hd": ["example.com"] }), false),
        // An address of the domain is not an account of the organization.
        (
            json!({ "email": "alice@example.com", "email_verified": true }),
            false,
        ),
        (
            json!({ "email": "bob@GMAIL.com", "email_verified": true }),
            true,
        ),
        (
            json!({ "email": "bob@gmail.com", "email_verified": false }),
            false,
        ),
        (
            json!({ "email": "bob@gmail.com", "email_verified": "true" }),
            false,
        ),
        (json!({ "email": "bob@gmail.com" }), false),
        (
            json!({ "email": "bob@gmail.com.evil.example", "email_verified": true }),
            false,
        ),
        (json!({}), false),
    ] {
        let said = serde_json::from_value(claims.clone()).unwrap();
        assert_eq!(policy.allows(&said), expected, "{claims}");
    }
}

#[tokio::test]
async fn a_login_is_checked_against_the_policy_every_time() {
    let upstream = FakeUpstream::start().await;
    let issuer = upstream.url();
    let google = read(&[DOMAIN, ("GOOGLE_ISSUER", &issuer)]).unwrap();
    assert_trouble(
        google.exchange("code", "verifier", NONCE).await,
        "Forbidden { account: \"alice@example.com\" }",
    );
    upstream.identify(|claims| claims["hd"] = json!("example.com"));
    let (tokens, profile) = google
        .exchange("code", "verifier", NONCE)
        .await
        .ok()
        .unwrap();
    assert_eq!(
        (profile.id.as_str(), profile.account()),
        ("alice-1", "alice@example.com")
    );
    assert!(google.check(&tokens, &profile).await.is_ok());
    upstream.identify(|claims| claims["hd"] = Value::Null);
    assert!(google.allows(&profile));
    let (newer, _) = google.refresh(&tokens).await.ok().unwrap();
    assert_trouble(google.check(&newer, &profile).await, "Forbidden");
    upstream.identify(|claims| claims["hd"] = json!("example.com"));
    let (newer, _) = google.refresh(&tokens).await.ok().unwrap();
    assert!(google.check(&newer, &profile).await.is_ok());
    upstream.say("/userinfo", 503, json!({}));
    assert_trouble(google.check(&tokens, &profile).await, "Unavailable");
    assert!(google.revoke(&tokens).await.is_ok());
}

#[tokio::test]
async fn google_is_asked_for_a_refresh_token_and_a_domain() {
    let upstream = FakeUpstream::start().await;
    let issuer = ("GOOGLE_ISSUER", &*upstream.url());
    let login = Login {
        state: "s",
        challenge: "c",
        nonce: "n",
    };
    for (policy, hint) in [
        (&[DOMAIN][..], Some("example.com")),
        (&[("GOOGLE_ALLOWED_DOMAINS", "a.example b.example")], None),
        (&[DOMAIN, ("GOOGLE_ALLOWED_EMAILS", "bob@gmail.com")], None),
        (&[("ALLOW_ANY_USER", "true")], None),
    ] {
        let google = read(&[policy, &[issuer]].concat()).unwrap();
        let url = google.authorization_url(&login).await.ok().unwrap();
        let value = |name: &str| {
            let pair = url.query_pairs().find(|(found, _)| found == name);
            pair.map(|(_, value)| value.into_owned())
        };
        assert_eq!(value("access_type").as_deref(), Some("offline"));
        assert_eq!(value("prompt").as_deref(), Some("consent"));
        assert_eq!(value("nonce").as_deref(), Some("n"));
        assert_eq!(value("hd").as_deref(), hint);
    }
}
