mod fake;
mod projects;

use self::fake::{Fake, GOOD, ISSUER, OTHER, Wrong};
use super::{
    checks::{ACCEPTED, MADE_UP, METADATA, NO_TOKEN, OTHER as FOR_OTHERS, TOOLS},
    *,
};

fn verdict(wrong: Wrong) -> Verdict {
    verdict_with(wrong, Ok(GOOD.into()), Ok(OTHER.into()))
}

fn verdict_with(
    wrong: Wrong,
    good_token: Result<String, String>,
    other_token: Result<String, String>,
) -> Verdict {
    let fake = Fake::start(wrong);
    let target = Target::new(None, fake.port, Some("/mcp")).unwrap();
    let checks = Checks {
        client: &Client::new(),
        target: &target,
        issuers: Some(&[ISSUER.to_owned()]),
        good_token,
        other_token,
    };
    Verdict {
        checks: checks.run(),
    }
}

/// The checks that fail, with the reason; ports are random, so they are left out.
fn failures(wrong: Wrong) -> Vec<(&'static str, String)> {
    let failed = verdict(wrong).checks.into_iter().filter_map(|check| {
        let Outcome::Failed(why) = check.outcome else {
            return None;
        };
        let digits = |character: char| character.is_ascii_digit();
        let parts = why.split("localhost:").enumerate();
        let parts = parts.map(|(at, part)| {
            if at == 0 {
                part
            } else {
                part.trim_start_matches(digits)
            }
        });
        Some((check.name, parts.collect::<Vec<_>>().join("HERE")))
    });
    failed.collect()
}

fn assert_fails(wrong: Wrong, expected: &[(&str, &str)]) {
    let failures = failures(wrong);
    let failures: Vec<_> = failures
        .iter()
        .map(|(name, why)| (*name, why.as_str()))
        .collect();
    assert_eq!(failures, expected, "{wrong:?}");
}

#[test]
fn a_protected_server_passes_every_check() {
    let verdict = verdict(Wrong::Nothing);
    assert!(verdict.is_good());
    let passed = |check: &Check| check.outcome == Outcome::Passed;
    assert!(verdict.checks.iter().all(passed), "{verdict:?}");
    assert_eq!(verdict.checks.len(), 6);
}

#[test]
fn a_server_that_answers_without_a_token_fails() {
    let failures = failures(Wrong::Open);
    let names: Vec<_> = failures.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, [NO_TOKEN, MADE_UP, FOR_OTHERS]);
    assert!(
        failures[0]
            .1
            .starts_with("the answer is not 401 but 200: {"),
        "{failures:?}"
    );
}

#[test]
fn a_401_without_the_right_challenge_fails() {
    let everywhere = |why| [(NO_TOKEN, why), (MADE_UP, why), (FOR_OTHERS, why)];
    let none = "the 401 has no WWW-Authenticate with Bearer";
    assert_fails(Wrong::NoChallenge, &everywhere(none));
    assert_fails(Wrong::OtherScheme, &everywhere(none));
    assert_fails(
        Wrong::NoMetadataUrl,
        &everywhere("the challenge has no resource_metadata"),
    );
    assert_fails(
        Wrong::OtherMetadataUrl,
        &everywhere(
            "the challenge has resource_metadata=\"http://HERE/.well-known/oauth-protected-resource\", \
             not \"http://HERE/.well-known/oauth-protected-resource/mcp\"",
        ),
    );
}

#[test]
fn an_error_code_without_a_token_fails() {
    let why = "the challenge has error=\"invalid_token\", although no token was sent";
    assert_fails(Wrong::ErrorWithoutToken, &[(NO_TOKEN, why)]);
}

#[test]
fn a_bad_token_without_an_error_code_fails() {
    let why = "the challenge has no error";
    assert_fails(
        Wrong::NoErrorForBadToken,
        &[(MADE_UP, why), (FOR_OTHERS, why)],
    );
}

#[test]
fn missing_metadata_fails() {
    let url = "http://HERE/.well-known/oauth-protected-resource/mcp";
    assert_fails(
        Wrong::NoMetadata,
        &[(METADATA, &format!("{url} answers text/plain 404: not here"))],
    );
    assert_fails(
        Wrong::MetadataIsHtml,
        &[(
            METADATA,
            &format!("{url} answers text/html 200: <h1>Welcome</h1>"),
        )],
    );
}

#[test]
fn metadata_of_another_resource_or_issuer_fails() {
    assert_fails(
        Wrong::OtherResource,
        &[(
            METADATA,
            "its resource is \"http://HERE\", not \"http://HERE/mcp\"",
        )],
    );
    assert_fails(
        Wrong::OtherIssuer,
        &[(
            METADATA,
            "its authorization_servers are [\"https://a.example\"], not [\"https://login.example.com\"]",
        )],
    );
    assert_fails(
        Wrong::NoIssuer,
        &[(
            METADATA,
            "its authorization_servers are null, not [\"https://login.example.com\"]",
        )],
    );
}

#[test]
fn a_server_that_believes_any_token_fails() {
    let names: Vec<_> = failures(Wrong::Credulous)
        .into_iter()
        .map(|(name, _)| name)
        .collect();
    assert_eq!(names, [MADE_UP, FOR_OTHERS]);
    let names: Vec<_> = failures(Wrong::AcceptsOtherAudience)
        .into_iter()
        .map(|(name, _)| name)
        .collect();
    assert_eq!(names, [FOR_OTHERS]);
}

#[test]
fn a_good_token_that_does_not_help_fails() {
    let refused = "initialize is answered with 401: {}";
    assert_fails(Wrong::RefusesGoodToken, &[(ACCEPTED, refused)]);
    let forbidden = "initialize is answered with 403: Forbidden: Host header is not allowed";
    assert_fails(Wrong::Forbids, &[(ACCEPTED, forbidden)]);
    assert_fails(
        Wrong::Breaks,
        &[(ACCEPTED, "initialize is answered with 500")],
    );
}

#[test]
fn a_session_that_ends_at_once_fails() {
    let why = "notifications/initialized is answered with 404: session not found";
    assert_fails(Wrong::ForgetsSession, &[(TOOLS, why)]);
}

#[test]
fn what_cannot_be_tried_says_why() {
    let outcome = |verdict: &Verdict, name| {
        let mut checks = verdict.checks.iter();
        checks
            .find(|check| check.name == name)
            .unwrap()
            .outcome
            .clone()
    };
    let verdict = verdict_with(Wrong::NoTools, Ok(GOOD.into()), Err("there is none".into()));
    assert!(verdict.is_good());
    assert_eq!(
        outcome(&verdict, TOOLS),
        Outcome::NotTried("it has no tools".into())
    );
    assert_eq!(
        outcome(&verdict, FOR_OTHERS),
        Outcome::NotTried("there is none".into())
    );
    let verdict = verdict_with(Wrong::Nothing, Err("no login".into()), Ok(OTHER.into()));
    assert!(!verdict.is_good());
    assert_eq!(
        outcome(&verdict, ACCEPTED),
        Outcome::Failed("no login".into())
    );
}

#[test]
fn a_verdict_is_plain_json() {
    let check = |name, outcome| Check { name, outcome };
    let verdict = Verdict {
        checks: vec![
            check("one", Outcome::Passed),
            check("two", Outcome::Failed("because".into())),
        ],
    };
    assert_eq!(
        serde_json::to_string(&verdict).unwrap(),
        r#"{"checks":[{"name":"one","outcome":"passed"},{"name":"two","outcome":"failed","why":"because"}]}"#
    );
}
