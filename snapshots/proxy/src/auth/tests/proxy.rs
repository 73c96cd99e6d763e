//! Any provider: settings, the grammar of the policy, and what makes a person.

use serde_json::{Value, json};

use super::fake_upstream::{FakeUpstream, NONCE, assert_trouble};
use crate::auth::{
    Env,
    oauth::upstream::Login,
    proxy::{
        Proxy,
        policy::{Policy, values_at},
    },
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

fn read(settings: &[(&str, &str)]) -> Result<Proxy, String> {
    let callback = "https://mcp.example.com/auth/callback";
    let proxy = of(settings).read(|env| Proxy::read(env, callback));
    proxy.map_err(|problems| problems.to_string())
}

fn policy(rules: &str) -> Result<Policy, String> {
    let policy = of(&[("AUTH_ALLOWED_CLAIMS", rules)]).read(Policy::read);
    policy.map_err(|problems| problems.to_string())
}

const ANYBODY: (&str, &str) = ("ALLOW_ANY_USER", "true");
const ISSUER: (&str, &str) = ("AUTH_ISSUER", "https://login.example.com");
const AUTHORIZE: (&str, &str) = (
    "AUTH_AUTHORIZATION_URL",
    "https://login.example.com/authorize",
);
const TOKEN: (&str, &str) = ("AUTH_TOKEN_URL", "https://login.example.com/token");
const USERINFO: (&str, &str) = ("AUTH_USERINFO_URL", "https://login.example.com/me");
const INTROSPECTION: (&str, &str) = (
    "AUTH_INTROSPECTION_URL",
    "https://login.example.com/introspect",
);

#[test]
fn settings_that_cannot_work_are_told_all_at_once() {
    for (settings, expected) in [
        (
            &[][..],
            &[
                "AUTH_ISSUER",
                "AUTH_TOKEN_URL",
                "AUTH_ALLOWED_CLAIMS",
                "ALLOW_ANY_USER",
            ][..],
        ),
        (
            &[ANYBODY, ISSUER, TOKEN],
            &["AUTH_ISSUER and AUTH_TOKEN_URL"],
        ),
        (
            &[ANYBODY, TOKEN],
            &[
                "AUTH_AUTHORIZATION_URL",
                "AUTH_USERINFO_URL or AUTH_INTROSPECTION_URL",
            ],
        ),
        (
            &[ANYBODY, AUTHORIZE, TOKEN, USERINFO, INTROSPECTION],
            &["AUTH_USERINFO_URL and AUTH_INTROSPECTION_URL"],
        ),
        (
            &[ANYBODY, AUTHORIZE, ("AUTH_TOKEN_URL", "http://x.example")],
            &["AUTH_TOKEN_URL must be https"],
        ),
        (
            &[ANYBODY, ("AUTH_ISSUER", "https://login.example.com?x")],
            &["AUTH_ISSUER"],
        ),
        (
            &[
                ANYBODY,
                ISSUER,
                ("AUTH_CLIENT_AUTH", "jwt"),
                ("AUTH_CLIENT_ID", ""),
            ],
            &["AUTH_CLIENT_AUTH", "AUTH_CLIENT_ID"],
        ),
        (
            &[ANYBODY, ISSUER, ("AUTH_CLIENT_SECRET", "")],
            &["AUTH_CLIENT_SECRET"],
        ),
        (
            &[
                ANYBODY,
                ISSUER,
                ("AUTH_AUTHORIZE_PARAMETERS", "a=b&state=x"),
            ],
            &["AUTH_AUTHORIZE_PARAMETERS", "`state`"],
        ),
        (
            &[ANYBODY, ISSUER, ("AUTH_AUTHORIZE_PARAMETERS", "prompt")],
            &["AUTH_AUTHORIZE_PARAMETERS"],
        ),
        (
            &[
                ANYBODY,
                ISSUER,
                ("AUTH_TOKEN_PARAMETERS", "grant_type=password"),
            ],
            &["AUTH_TOKEN_PARAMETERS", "`grant_type`"],
        ),
    ] {
        let problems = read(settings).err().unwrap();
        for expected in expected {
            assert!(problems.contains(expected), "{expected}: {problems}");
        }
        assert!(!problems.contains("s3cr3t"));
    }
    for settings in [
        &[ANYBODY, ISSUER][..],
        &[
            ANYBODY,
            ISSUER,
            ("AUTH_CLIENT_AUTH", "none"),
            ("AUTH_CLIENT_SECRET", ""),
        ],
        &[
            ANYBODY,
            AUTHORIZE,
            TOKEN,
            USERINFO,
            ("AUTH_REVOCATION_URL", "https://login.example.com/revoke"),
        ],
        &[ANYBODY, AUTHORIZE, TOKEN, INTROSPECTION],
    ] {
        assert_eq!(read(settings).unwrap().title(), "login.example.com");
    }
}

#[test]
fn rules_must_all_be_met_each_by_one_of_its_values() {
    for (rules, claims, expected) in [
        ("groups=staff", json!({ "groups": "staff" }), true),
        ("groups=staff", json!({ "groups": ["x", "staff"] }), true),
        (
            "groups=staff",
            json!({ "groups": ["Staff", "staff2", ["staff"]] }),
            false,
        ),
        ("groups=staff", json!({ "groups": "staff x" }), false),
        ("groups=a, b ,c", json!({ "groups": ["c"] }), true),
        (
            "groups=a;level=7",
            json!({ "groups": ["a"], "level": 7 }),
            true,
        ),
        (
            "groups=a; level=7;",
            json!({ "groups": ["a"], "level": "7" }),
            true,
        ),
        ("groups=a;level=7", json!({ "groups": ["a"] }), false),
        ("groups=a;level=7", json!({ "level": 7 }), false),
        ("verified=true", json!({ "verified": true }), true),
        ("verified=true", json!({ "verified": false }), false),
        (
            "realm_access.roles=admin",
            json!({ "realm_access": { "roles": ["admin"] } }),
            true,
        ),
        (
            "realm_access.roles=admin",
            json!({ "realm_access": ["roles", "admin"] }),
            false,
        ),
        (
            "orgs.name=acme",
            json!({ "orgs": [{ "name": "x" }, { "name": "acme" }] }),
            true,
        ),
        ("roles=admin", json!({ "roles": { "admin": {} } }), true),
        (
            "https://a.example/roles=admin",
            json!({ "https://a.example/roles": ["admin"] }),
            true,
        ),
        (r#"team="a,b; c""#, json!({ "team": "a,b; c" }), true),
        (r#"team="a,b; c",d"#, json!({ "team": "a" }), false),
        ("query=a=b", json!({ "query": "a=b" }), true),
        ("roles=admin", json!({ "roles": { "admin": false } }), false),
        ("roles=admin", json!({ "roles": { "admin": null } }), false),
        (
            "email=a@x.example",
            json!({ "email": "a@x.example" }),
            false,
        ),
        (
            "email=a@x.example",
            json!({ "email": "a@x.example", "email_verified": "true" }),
            true,
        ),
        (
            "email=a@x.example",
            json!({ "email": "a@x.example", "email_verified": true }),
            true,
        ),
        (
            "email=a@x.example",
            json!({ "email": "a@x.example", "email_verified": false }),
            false,
        ),
        (
            "email=a@x.example",
            json!({ "email": "a@x.example", "email_verified": "false" }),
            false,
        ),
        ("gone=null", json!({ "gone": null }), false),
    ] {
        let said = serde_json::from_value(claims.clone()).unwrap();
        assert_eq!(
            policy(rules).unwrap().allows(&said),
            expected,
            "{rules}: {claims}"
        );
    }
}

#[test]
fn rules_that_say_nothing_are_no_policy() {
    for rules in [
        "groups",
        "=x",
        "groups=",
        "groups=a,,b",
        ";",
        "a=\"b",
        "a=b\"c\"d",
        "a=\"\"",
        "\"a\"=b",
    ] {
        let problems = policy(rules).err().unwrap();
        assert!(
            problems.contains("AUTH_ALLOWED_CLAIMS"),
            "{rules}: {problems}"
        );
    }
    assert!(
        of(&[ANYBODY])
            .read(Policy::read)
            .unwrap()
            .allows(&Default::default())
    );
    assert!(
        of(&[ANYBODY, ("AUTH_ALLOWED_CLAIMS", "a=b")])
            .read(Policy::read)
            .is_err()
    );
}

#[test]
fn paths_look_into_lists() {
    let claims = serde_json::from_value(json!({ "a": [{ "b": [1, 2] }, { "b": 3 }, 4], "a.b": 5 }));
    let claims = claims.unwrap();
    assert_eq!(values_at(&claims, "a.b"), [5]);
    assert_eq!(values_at(&claims, "a").len(), 3);
    assert!(values_at(&claims, "a.c").is_empty() && values_at(&claims, "").is_empty());
}

#[tokio::test]
async fn a_provider_without_openid_connect_works_by_its_addresses() {
    let upstream = FakeUpstream::start().await;
    let url = upstream.url();
    let (authorize, token, userinfo) = (
        format!("{url}/authorize"),
        format!("{url}/token"),
        format!("{url}/userinfo"),
    );
    let proxy = read(&[
        ("AUTH_AUTHORIZATION_URL", &authorize),
        ("AUTH_TOKEN_URL", &token),
        ("AUTH_USERINFO_URL", &userinfo),
        ("AUTH_CLIENT_AUTH", "post"),
        ("AUTH_SUBJECT_CLAIM", "user.id"),
        ("AUTH_UPSTREAM_SCOPES", "identify guilds"),
        ("AUTH_AUTHORIZE_PARAMETERS", "prompt=login&x=a%26b"),
        (
            "AUTH_TOKEN_PARAMETERS",
            "audience=https%3A%2F%2Fapi.example.com",
        ),
        ("AUTH_ALLOWED_CLAIMS", "user.staff=true"),
    ])
    .unwrap();
    assert!(proxy.issuer().is_none());
    let login = Login {
        state: "s",
        challenge: "c",
        nonce: "n",
    };
    let address = proxy.authorization_url(&login).await.ok().unwrap();
    assert!(
        address
            .as_str()
            .ends_with("&scope=identify+guilds&prompt=login&x=a%26b"),
        "{address}"
    );
    upstream.say(
        "/userinfo",
        200,
        json!({ "username": "alice", "user": { "id": 7, "staff": true } }),
    );
    // An identity token that nobody can verify does not count.
    let (tokens, profile) = proxy
        .exchange("code", "verifier", NONCE)
        .await
        .ok()
        .unwrap();
    assert_eq!((profile.id.as_str(), profile.account()), ("7", "alice"));
    assert!(tokens.id_claims.is_empty());
    assert!(upstream.asked("/token")[0].ends_with(
        "&audience=https%3A%2F%2Fapi.example.com&client_id=our-id&client_secret=s3cr3t"
    ));
    for (user, expected) in [
        (
            json!({ "id": 7, "staff": false }),
            "Forbidden { account: \"alice\" }",
        ),
        (json!({ "id": 8, "staff": true }), "Refused"),
        (json!({ "id": 7.5, "staff": true }), "Broken"),
        (json!({ "id": "", "staff": true }), "Broken"),
        (json!({ "id": [7, 8], "staff": true }), "Broken"),
        (Value::Null, "Broken"),
    ] {
        upstream.say(
            "/userinfo",
            200,
            json!({ "username": "alice", "user": user }),
        );
        assert_trouble(proxy.check(&tokens, &profile).await, expected);
    }
    assert!(proxy.revoke(&tokens).await.is_ok());
}

#[tokio::test]
async fn a_provider_with_an_issuer_is_found_and_its_policy_asked_every_time() {
    let upstream = FakeUpstream::start().await;
    let issuer = upstream.url();
    let proxy = read(&[
        ("AUTH_ISSUER", &issuer),
        ("AUTH_ALLOWED_CLAIMS", "groups=staff"),
    ])
    .unwrap();
    assert_eq!(proxy.issuer(), Some(&*issuer));
    assert_trouble(proxy.exchange("code", "verifier", NONCE).await, "Forbidden");
    let groups = |groups: Value| json!({ "sub": "alice-1", "groups": groups });
    upstream.say("/userinfo", 200, groups(json!(["staff"])));
    let (tokens, profile) = proxy
        .exchange("code", "verifier", NONCE)
        .await
        .ok()
        .unwrap();
    assert_eq!(profile.id, "alice-1");
    let (tokens, outcome) = proxy.refresh(&tokens).await.ok().unwrap();
    assert!(outcome.is_ok() && proxy.allows(&profile));
    assert!(proxy.check(&tokens, &profile).await.is_ok());
    upstream.say("/userinfo", 200, groups(json!([])));
    assert_trouble(proxy.check(&tokens, &profile).await, "Forbidden");
    let (tokens, _) = proxy.refresh(&tokens).await.ok().unwrap();
    assert_trouble(proxy.check(&tokens, &profile).await, "Forbidden");
    assert!(proxy.revoke(&tokens).await.is_ok());
    assert_eq!(upstream.asked("/revoke").len(), 1);
}
