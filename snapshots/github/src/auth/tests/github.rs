//! GitHub as the provider: settings, the policy, and what GitHub's REST API may answer.

use std::{
    net::Ipv4Addr,
    sync::{Arc, Mutex},
};

use axum::{
    Router,
    http::{Method, StatusCode, Uri},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::auth::{
    Env,
    github::{GitHub, policy::Policy},
    oauth::upstream::{Login, Profile, Tokens, Trouble},
};

/// Answers of GitHub by method and path, and what it was asked.
#[derive(Clone, Default)]
struct Fake(Arc<Mutex<Inner>>);

#[derive(Default)]
struct Inner {
    answers: Vec<(String, u16, Value)>,
    asked: Vec<String>,
}

impl Fake {
    /// A GitHub at which alice has just logged in.
    async fn start() -> (Self, String) {
        let fake = Self::default();
        fake.say(
            "POST /login/oauth/access_token",
            200,
            json!({ "access_token": "gho_1", "token_type": "bearer" }),
        );
        fake.say("POST /applications/our-app/token", 200, owner("our-app", 1));
        fake.say(
            "GET /user",
            200,
            json!({ "id": 1, "login": "Alice", "name": "Alice A.", "email": "public@example.com" }),
        );
        let (other, primary) = ("other@example.com", "alice@example.com");
        fake.say(
            "GET /user/emails",
            200,
            json!([
                { "email": other, "primary": false, "verified": true },
                { "email": primary, "primary": true, "verified": true },
            ]),
        );
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let answers = fake.clone();
        let app = Router::new().fallback(move |method: Method, uri: Uri| {
            let answer = answers.answer(&format!("{method} {}", uri.path()));
            async { answer }
        });
        tokio::spawn(async move { axum::serve(listener, app).await });
        (fake, url)
    }

    fn say(&self, to: &str, status: u16, body: Value) {
        self.0
            .lock()
            .unwrap()
            .answers
            .push((to.to_owned(), status, body));
    }

    fn answer(&self, question: &str) -> Response {
        let mut inner = self.0.lock().unwrap();
        inner.asked.push(question.to_owned());
        // What was said last counts.
        let answer = inner.answers.iter().rev().find(|(to, ..)| to == question);
        let Some((_, status, body)) = answer else {
            return StatusCode::NOT_FOUND.into_response();
        };
        let status = StatusCode::from_u16(*status).unwrap();
        let left = body.get("left").and_then(Value::as_str).unwrap_or("9");
        let headers = [("x-ratelimit-remaining", left.to_owned())];
        (status, headers, body.to_string()).into_response()
    }

    fn was_asked(&self, question: &str) -> bool {
        self.0
            .lock()
            .unwrap()
            .asked
            .iter()
            .any(|asked| asked == question)
    }
}

/// What GitHub says about a token.
fn owner(app: &str, id: u64) -> Value {
    json!({ "app": { "client_id": app }, "user": { "id": id, "login": "Alice" } })
}

fn read(settings: &[(&str, &str)]) -> Result<GitHub, String> {
    let base = [
        ("AUTH_CLIENT_ID", "our-app"),
        ("AUTH_CLIENT_SECRET", "s3cr3t"),
    ];
    let all = base.iter().chain(settings);
    let all = all.map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    let env = Env::of(all.collect::<Vec<_>>());
    let callback = "https://mcp.example.com/auth/callback";
    env.read(|env| GitHub::read(env, callback))
        .map_err(|problems| problems.to_string())
}

async fn start(policy: (&str, &str)) -> (Fake, GitHub) {
    let (fake, url) = Fake::start().await;
    let github = read(&[("GITHUB_URL", &url), ("GITHUB_API_URL", &url), policy]).unwrap();
    (fake, github)
}

async fn log_in(github: &GitHub) -> Result<(Tokens, Profile), Trouble> {
    github.exchange("code", "verifier", "").await
}

const ANYBODY: (&str, &str) = ("ALLOW_ANY_USER", "true");

#[test]
fn settings_that_cannot_work_are_told_all_at_once() {
    for (settings, expected) in [
        (
            &[][..],
            &[
                "GITHUB_ALLOWED_USERS",
                "GITHUB_ALLOWED_ORGS",
                "GITHUB_ALLOWED_TEAMS",
                "ALLOW_ANY_USER",
            ][..],
        ),
        (
            &[ANYBODY, ("GITHUB_ALLOWED_USERS", "alice")],
            &["ALLOW_ANY_USER"],
        ),
        (
            &[("GITHUB_ALLOWED_TEAMS", "no-slash"), ("AUTH_CLIENT_ID", "")],
            &["GITHUB_ALLOWED_TEAMS", "AUTH_CLIENT_ID"],
        ),
        (
            &[("GITHUB_ALLOWED_ORGS", "../user")],
            &["GITHUB_ALLOWED_ORGS"],
        ),
        (
            &[("GITHUB_ALLOWED_USERS", "id:alice")],
            &["GITHUB_ALLOWED_USERS"],
        ),
        (
            &[ANYBODY, ("GITHUB_URL", "https://github.example.com")],
            &["GITHUB_API_URL"],
        ),
        (
            &[ANYBODY, ("GITHUB_URL", "http://github.example.com")],
            &["GITHUB_URL"],
        ),
        (
            &[ANYBODY, ("AUTH_CLIENT_SECRET", "")],
            &["AUTH_CLIENT_SECRET"],
        ),
    ] {
        let problems = read(settings).err().unwrap();
        for expected in expected {
            assert!(problems.contains(expected), "{expected}: {problems}");
        }
        assert!(!problems.contains("s3cr3t"));
    }
}

#[tokio::test]
async fn no_more_is_asked_for_than_is_needed() {
    let login = Login {
        state: "s",
        challenge: "c",
        nonce: "n",
    };
    for (settings, expected) in [
        (&[("GITHUB_ALLOWED_USERS", "alice")][..], "user:email"),
        (&[("GITHUB_ALLOWED_ORGS", "acme")], "user:email read:org"),
        (
            &[("GITHUB_ALLOWED_TEAMS", "acme/devs")],
            "user:email read:org",
        ),
        (
            &[ANYBODY, ("AUTH_UPSTREAM_SCOPES", "repo gist")],
            "repo gist",
        ),
    ] {
        let url = read(settings)
            .unwrap()
            .authorization_url(&login)
            .await
            .ok()
            .unwrap();
        assert_eq!(
            url.as_str().split('?').next(),
            Some("https://github.com/login/oauth/authorize")
        );
        assert!(
            url.query_pairs()
                .any(|(name, value)| name == "scope" && value == expected),
            "{url}"
        );
        assert!(!url.as_str().contains("nonce"));
    }
}

#[test]
fn the_issuer_of_the_callback_is_known_for_the_public_github() {
    let enterprise = [
        ("GITHUB_URL", "https://github.example.com"),
        ("GITHUB_API_URL", "https://github.example.com/api/v3"),
        ANYBODY,
    ];
    for (settings, expected) in [
        (&[ANYBODY][..], Some("https://github.com/login/oauth")),
        (&enterprise, None),
    ] {
        assert_eq!(read(settings).ok().unwrap().issuer(), expected);
    }
}

#[test]
fn accounts_are_let_in_by_name_in_any_case_or_by_number() {
    let settings = [(
        "GITHUB_ALLOWED_USERS".to_owned(),
        "Alice, id:7 bob_corp".to_owned(),
    )];
    let policy = Env::of(settings).read(Policy::read).unwrap();
    for (login, id, expected) in [
        ("alice", "1", true),
        ("ALICE", "1", true),
        ("bob_corp", "2", true),
        ("renamed", "7", true),
        ("7", "8", false),
        ("alic", "1", false),
        ("alice2", "1", false),
        ("", "1", false),
    ] {
        assert_eq!(policy.allows(login, id), expected, "{login} {id}");
    }
    assert!(!policy.asks_for_members());
}

#[tokio::test]
async fn a_person_is_their_number_and_their_verified_primary_address() {
    let (fake, github) = start(ANYBODY).await;
    let (_, profile) = log_in(&github).await.ok().unwrap();
    assert_eq!((profile.id.as_str(), profile.account()), ("1", "Alice"));
    assert_eq!(profile.email.as_deref(), Some("alice@example.com"));
    assert_eq!(profile.claims["email_verified"], json!(true));
    for emails in [
        json!([{ "email": "alice@example.com", "primary": true, "verified": false }]),
        json!([{ "email": "alice@example.com", "primary": false, "verified": true }]),
        json!([]),
    ] {
        fake.say("GET /user/emails", 200, emails);
        let (_, profile) = log_in(&github).await.ok().unwrap();
        assert!(profile.email.is_none() && !profile.claims.contains_key("email"));
    }
    // A GitHub App may lack the permission.
    fake.say(
        "GET /user/emails",
        403,
        json!({ "message": "Resource not accessible by integration" }),
    );
    assert!(log_in(&github).await.is_ok());
}

#[tokio::test]
async fn a_token_of_another_app_is_not_believed() {
    let (fake, github) = start(ANYBODY).await;
    for (status, answer, expected) in [
        (404, json!({}), "Refused"),
        (422, json!({}), "Unavailable"),
        (200, owner("another-app", 1), "Refused"),
        (
            200,
            json!({ "app": { "client_id": "our-app" }, "user": null }),
            "Refused",
        ),
        // `/user` says 1.
        (200, owner("our-app", 2), "Refused"),
        (401, json!({}), "Broken"),
        (200, json!("nonsense"), "Broken"),
        (
            200,
            json!({ "app": { "client_id": "our-app" }, "user": { "login": "Alice" } }),
            "Broken",
        ),
        (503, json!({}), "Unavailable"),
    ] {
        fake.say("POST /applications/our-app/token", status, answer.clone());
        assert_trouble(log_in(&github).await, expected);
    }
}

#[tokio::test]
async fn members_are_let_in_once_they_have_joined() {
    for (policy, question) in [
        (
            ("GITHUB_ALLOWED_ORGS", "none acme"),
            "GET /user/memberships/orgs/acme",
        ),
        (
            ("GITHUB_ALLOWED_TEAMS", "none/x,acme/Devs"),
            "GET /orgs/acme/teams/devs/memberships/Alice",
        ),
    ] {
        let (fake, github) = start(policy).await;
        assert_trouble(log_in(&github).await, "Forbidden { account: \"Alice\" }");
        for (status, state, expected) in [
            (200, "pending", Some("Forbidden")),
            (403, "active", Some("Broken")),
            (502, "active", Some("Unavailable")),
            (429, "active", Some("Unavailable")),
            (401, "active", Some("Refused")),
            (302, "active", Some("Broken")),
            (200, "active", None),
        ] {
            fake.say(question, status, json!({ "state": state }));
            match expected {
                Some(expected) => assert_trouble(log_in(&github).await, expected),
                None => assert!(log_in(&github).await.is_ok()),
            }
        }
        assert!(fake.was_asked(question));
        // The rate limits: nothing is known about the member.
        for limited in [
            json!({ "left": "0" }),
            json!({ "message": "You have exceeded a secondary rate limit. Wait." }),
        ] {
            fake.say(question, 403, limited);
            assert_trouble(log_in(&github).await, "Unavailable");
        }
    }
}

#[tokio::test]
async fn a_check_asks_for_the_token_and_the_policy_again() {
    let (fake, github) = start(("GITHUB_ALLOWED_ORGS", "acme")).await;
    let membership = "GET /user/memberships/orgs/acme";
    fake.say(membership, 200, json!({ "state": "active" }));
    let (tokens, profile) = log_in(&github).await.ok().unwrap();
    let checked = github.check(&tokens, &profile).await.ok().unwrap();
    assert_eq!(checked.email, profile.email);
    assert_eq!(checked.claims, profile.claims);
    fake.say(membership, 404, json!({}));
    assert_trouble(github.check(&tokens, &profile).await, "Forbidden");
    fake.say(membership, 200, json!({ "state": "active" }));
    fake.say("POST /applications/our-app/token", 200, owner("our-app", 2));
    assert_trouble(github.check(&tokens, &profile).await, "Refused");
    fake.say("POST /applications/our-app/token", 404, json!({}));
    assert_trouble(github.check(&tokens, &profile).await, "Refused");
}

#[tokio::test]
async fn expiring_tokens_are_refreshed_and_not_lost() {
    let (fake, github) = start(ANYBODY).await;
    let expiring = |n: u64| json!({ "access_token": format!("ghu_{n}"), "refresh_token": format!("ghr_{n}"), "expires_in": 28800 });
    fake.say("POST /login/oauth/access_token", 200, expiring(1));
    let (tokens, profile) = log_in(&github).await.ok().unwrap();
    fake.say("POST /login/oauth/access_token", 200, expiring(2));
    let (tokens, outcome) = github.refresh(&tokens).await.ok().unwrap();
    assert_eq!(tokens.refresh_token.as_deref(), Some("ghr_2"));
    assert!(outcome.is_ok() && github.check(&tokens, &profile).await.is_ok());
    fake.say(
        "POST /login/oauth/access_token",
        200,
        json!({ "error": "bad_refresh_token" }),
    );
    assert_trouble(github.refresh(&tokens).await, "Refused");
}

#[tokio::test]
async fn giving_a_token_back_leaves_the_other_logins_of_the_person_alone() {
    let (fake, github) = start(ANYBODY).await;
    let (tokens, _) = log_in(&github).await.ok().unwrap();
    for (status, expected) in [
        (204, None),
        (404, None),
        (422, None),
        (401, Some("Broken")),
        (500, Some("Unavailable")),
    ] {
        fake.say("DELETE /applications/our-app/token", status, json!({}));
        match expected {
            Some(expected) => assert_trouble(github.revoke(&tokens).await, expected),
            None => assert!(github.revoke(&tokens).await.is_ok()),
        }
    }
    assert!(!fake.was_asked("DELETE /applications/our-app/grant"));
}

fn assert_trouble<T>(answer: Result<T, Trouble>, expected: &str) {
    let Err(trouble) = answer else {
        panic!("it worked instead of {expected}");
    };
    let shown = format!("{trouble:?}");
    assert!(shown.starts_with(expected), "{expected}: {shown}");
    assert!(!shown.contains("gho_"));
}
