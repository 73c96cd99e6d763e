//! Configuration: everything wrong is said at once, and nothing unsafe is accepted.

use super::app::App;
use crate::auth::Env;

async fn problems(settings: &[(&str, &str)]) -> String {
    App::read(settings)
        .await
        .err()
        .expect("these settings must not be accepted")
}

#[tokio::test]
async fn a_public_address_must_be_an_https_origin() {
    for base in [
        "http://mcp.example.com",
        "https://mcp.example.com/mcp",
        "https://mcp.example.com?x",
        "https://user@mcp.example.com",
        "ftp://mcp.example.com",
        "mcp.example.com",
        "http://localhost.evil.example",
        "http://127.0.0.1.evil.example",
    ] {
        assert!(
            problems(&[("BASE_URL", base)]).await.contains("BASE_URL"),
            "{base}"
        );
    }
    for base in [
        "http://localhost:8000",
        "http://127.0.0.1:8000",
        "http://[::1]:8000",
        "https://a.example/",
    ] {
        assert!(App::read(&[("BASE_URL", base)]).await.is_ok(), "{base}");
    }
}

#[tokio::test]
async fn all_problems_are_reported_together() {
    let text = problems(&[
        ("BASE_URL", "nonsense"),
        ("ALLOWED_ORIGINS", "also nonsense"),
    ])
    .await;
    assert!(
        text.contains("BASE_URL") && text.contains("ALLOWED_ORIGINS"),
        "{text}"
    );
}

#[tokio::test]
async fn origins_must_be_origins() {
    for origin in [
        "app.example.com",
        "null",
        "*",
        "file:///x",
        "https://a.example/path",
    ] {
        assert!(
            problems(&[("ALLOWED_ORIGINS", origin)])
                .await
                .contains("ALLOWED_ORIGINS"),
            "{origin}"
        );
    }
}

#[tokio::test]
async fn a_browser_extension_can_be_an_origin() {
    let extension = "chrome-extension://abcdefghijklmnop";
    assert!(App::read(&[("ALLOWED_ORIGINS", extension)]).await.is_ok());
}

#[tokio::test]
async fn passwords_in_addresses_are_not_shown() {
    let text = problems(&[("BASE_URL", "https://user:sesame@mcp.example.com")]).await;
    assert!(
        text.contains("BASE_URL") && !text.contains("sesame"),
        "{text}"
    );
}

#[tokio::test]
async fn quotes_around_a_value_do_not_count() {
    for quoted in ["'https://a.example'", "\"https://a.example\""] {
        assert!(App::read(&[("BASE_URL", quoted)]).await.is_ok(), "{quoted}");
    }
    assert!(
        App::read(&[("BASE_URL", "'https://a.example")])
            .await
            .is_err()
    );
}

#[test]
fn a_placeholder_is_not_a_setting() {
    for (name, placeholder) in [
        ("AUTH_ISSUER", "https://YOUR-TENANT.auth.example"),
        ("AUTH_ISSUER", "https://LOGIN.EXAMPLE.COM"),
        ("AUTH_CLIENT_ID", "YOUR-CLIENT-ID"),
        (
            "AUTH_ALLOWED_CLAIMS",
            "email_verified=true; groups=YOUR-GROUP",
        ),
        (
            "AUTH_AUTHORIZATION_URL",
            "https://LOGIN.EXAMPLE.COM/authorize",
        ),
        ("AUTH_TOKEN_URL", "https://LOGIN.EXAMPLE.COM/token"),
        ("AUTH_USERINFO_URL", "https://LOGIN.EXAMPLE.COM/userinfo"),
        (
            "AUTH_INTROSPECTION_URL",
            "https://LOGIN.EXAMPLE.COM/introspect",
        ),
        ("AUTH_REVOCATION_URL", "https://LOGIN.EXAMPLE.COM/revoke"),
        ("GITHUB_URL", "https://GITHUB.EXAMPLE.COM"),
        ("GITHUB_API_URL", "https://GITHUB.EXAMPLE.COM/api/v3"),
        ("GITHUB_ALLOWED_USERS", "alice YOUR-NAME"),
        ("GITHUB_ALLOWED_ORGS", "YOUR-ORGANIZATION"),
        ("GITHUB_ALLOWED_TEAMS", "YOUR-ORGANIZATION/YOUR-TEAM"),
        ("GOOGLE_ALLOWED_DOMAINS", "EXAMPLE.COM"),
        ("GOOGLE_ALLOWED_EMAILS", "SOMEBODY@EXAMPLE.COM"),
    ] {
        let env = Env::of([(name.to_owned(), placeholder.to_owned())]);
        let problems = env.read(|env| env.get(name)).err().unwrap();
        let expected = format!("{name} still holds the placeholder");
        assert!(problems.to_string().contains(&expected), "{problems}");
    }
}
