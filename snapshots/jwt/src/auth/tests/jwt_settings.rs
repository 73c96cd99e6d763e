//! The settings of this option: nothing is guessed, and nothing unsafe is accepted.

use super::{
    app::App,
    harness::{ES256, ISSUER},
};

async fn assert_problem(settings: &[(&str, &str)], expected: &[&str]) {
    let problems = App::read(settings)
        .await
        .err()
        .expect("these settings must not be accepted");
    for expected in expected {
        assert!(problems.contains(expected), "{expected}: {problems}");
    }
}

#[tokio::test]
async fn the_issuer_is_required() {
    assert_problem(&[("AUTH_ISSUER", "")], &["AUTH_ISSUER is not set"]).await;
}

#[tokio::test]
async fn keys_come_from_one_place_only() {
    let jwks = ("AUTH_JWKS_URL", "https://login.example.com/keys");
    let secret = ("JWT_SECRET", "0123456789abcdef0123456789abcdef");
    assert_problem(&[jwks], &["AUTH_JWKS_URL and JWT_PUBLIC_KEY"]).await;
    assert_problem(&[secret], &["JWT_PUBLIC_KEY and JWT_SECRET"]).await;
    assert_problem(
        &[jwks, secret, ("JWT_PUBLIC_KEY", "")],
        &["AUTH_JWKS_URL and JWT_SECRET"],
    )
    .await;
}

#[tokio::test]
async fn addresses_of_keys_must_be_https_unless_loopback() {
    let no_key = ("JWT_PUBLIC_KEY", "");
    assert_problem(
        &[no_key, ("AUTH_JWKS_URL", "http://login.example.com/keys")],
        &["AUTH_JWKS_URL", "https"],
    )
    .await;
    assert_problem(
        &[no_key, ("AUTH_ISSUER", "http://login.example.com")],
        &["AUTH_ISSUER", "https"],
    )
    .await;
    assert_problem(
        &[no_key, ("AUTH_ISSUER", "login.example.com")],
        &["AUTH_ISSUER"],
    )
    .await;
    assert!(
        App::read(&[no_key, ("AUTH_JWKS_URL", "http://127.0.0.1:1/keys")])
            .await
            .is_ok()
    );
}

#[tokio::test]
async fn a_shared_secret_is_at_least_as_long_as_its_hash() {
    let no_key = ("JWT_PUBLIC_KEY", "");
    let long = "0123456789abcdef0123456789abcdef";
    assert_problem(
        &[no_key, ("JWT_SECRET", &long[1..])],
        &["JWT_SECRET is shorter"],
    )
    .await;
    assert_problem(
        &[no_key, ("JWT_SECRET", long), ("AUTH_ALGORITHMS", "HS512")],
        &["HS512"],
    )
    .await;
    assert!(
        App::read(&[no_key, ("JWT_SECRET", long), ("AUTH_ALGORITHMS", "HS256")])
            .await
            .is_ok()
    );
}

#[tokio::test]
async fn algorithms_must_go_with_the_key() {
    for (algorithms, expected) in [
        ("none", "`none` is not known"),
        ("HS256", "need JWT_SECRET"),
        ("ES256,HS512", "need JWT_SECRET"),
        ("RS256", "RS256 does not go with the key"),
        ("es256", "`es256` is not known"),
    ] {
        assert_problem(&[("AUTH_ALGORITHMS", algorithms)], &[expected]).await;
    }
}

#[tokio::test]
async fn a_public_key_may_be_text_or_a_file_but_not_private() {
    let one_line = ES256.public_pem.replace('\n', "\\n");
    assert!(App::read(&[("JWT_PUBLIC_KEY", &one_line)]).await.is_ok());
    let file = std::env::temp_dir().join(format!("{}-public-key-test.pem", std::process::id()));
    std::fs::write(&file, &ES256.public_pem).unwrap();
    let path = file.to_str().unwrap();
    assert!(App::read(&[("JWT_PUBLIC_KEY", path)]).await.is_ok());
    assert!(
        App::read(&[("JWT_PUBLIC_KEY", ""), ("JWT_PUBLIC_KEY_FILE", path)])
            .await
            .is_ok()
    );
    std::fs::remove_file(&file).unwrap();
    assert_problem(
        &[("JWT_PUBLIC_KEY", path)],
        &["JWT_PUBLIC_KEY names a file"],
    )
    .await;
    assert_problem(
        &[("JWT_PUBLIC_KEY", "-----BEGIN PUBLIC KEY-----\nx")],
        &["JWT_PUBLIC_KEY is not"],
    )
    .await;
    let private = "-----BEGIN PRIVATE KEY-----\\nx\\n-----END PRIVATE KEY-----";
    assert_problem(&[("JWT_PUBLIC_KEY", private)], &["private key"]).await;
}

#[tokio::test]
async fn the_leeway_is_bounded() {
    assert_problem(&[("AUTH_LEEWAY_SECONDS", "121")], &["AUTH_LEEWAY_SECONDS"]).await;
    assert_problem(&[("AUTH_LEEWAY_SECONDS", "1m")], &["AUTH_LEEWAY_SECONDS"]).await;
}

#[tokio::test]
async fn clients_learn_who_issues_tokens() {
    let app = App::start().await;
    let request = axum::http::Request::get("/.well-known/oauth-protected-resource/mcp");
    let document = app
        .send(request.body(axum::body::Body::empty()).unwrap())
        .await
        .json();
    assert_eq!(
        document["authorization_servers"],
        serde_json::json!([ISSUER])
    );
}

#[tokio::test]
async fn a_public_key_is_not_taken_for_a_shared_secret() {
    let settings = [
        ("JWT_PUBLIC_KEY", ""),
        ("JWT_SECRET", ES256.public_pem.as_str()),
    ];
    assert_problem(&settings, &["JWT_SECRET holds a key in PEM"]).await;
}

#[tokio::test]
async fn an_issuer_is_a_plain_address() {
    for issuer in [
        "https://user:sesame@login.example.com",
        "https://login.example.com?x",
        "https://login.example.com#x",
    ] {
        let settings = [("JWT_PUBLIC_KEY", ""), ("AUTH_ISSUER", issuer)];
        let problems = App::read(&settings).await.err().expect(issuer);
        assert!(problems.contains("AUTH_ISSUER must not hold"), "{problems}");
        assert!(!problems.contains("sesame"), "{problems}");
    }
}
