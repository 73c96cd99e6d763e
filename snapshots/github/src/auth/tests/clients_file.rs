//! `AUTH_CLIENTS_FILE`: clients that the owner enters. What a good file does, and what is said about a bad one.

use std::{env, fs, path::PathBuf};

use axum::http::{StatusCode, header::AUTHORIZATION};
use base64::{Engine, prelude::BASE64_STANDARD};

use super::{
    app::App,
    login::{Browser, Client, REDIRECT, authorize, form_request, parameter},
};
use crate::auth::oauth::secrets::{random, sha256};

const SECRET: &str = "the secret & the key";

/// A file that goes with the test.
struct File(PathBuf);

impl File {
    fn new(text: &str) -> Self {
        let path = env::temp_dir().join(format!("clients-{}.toml", random().unwrap()));
        fs::write(&path, text).unwrap();
        Self(path)
    }

    async fn read(&self, more: &[(&str, &str)]) -> Result<App, String> {
        let mut settings = more.to_vec();
        settings.push(("AUTH_CLIENTS_FILE", self.0.to_str().unwrap()));
        App::read(&settings).await
    }
}

impl Drop for File {
    fn drop(&mut self) {
        fs::remove_file(&self.0).unwrap();
    }
}

/// A public client that may ask for some scopes, and one with a secret.
fn good() -> File {
    let hash = sha256(SECRET.as_bytes())
        .map(|byte| format!("{byte:02X}"))
        .concat();
    File::new(&format!(
        r#"
        [[client]]
        id = "desk"
        name = "Weather Desk"
        redirect_uris = ["{REDIRECT}", "https://desk.example/cb"]
        scopes = ["mcp:tools"]

        [[client]]
        id = "robot one: 100%"
        name = "Robot"
        redirect_uris = ["{REDIRECT}"]
        secret_sha256 = "{hash}"
        "#
    ))
}

fn client(id: &str) -> Client {
    Client {
        id: id.to_owned(),
        verifier: random().unwrap(),
    }
}

#[tokio::test]
async fn a_client_of_the_file_logs_in_and_is_vouched_for() {
    let app = good().read(&[]).await.unwrap();
    let desk = client("desk");
    let page = Browser::default().consent(&app, &desk.request()).await;
    assert!(
        page.body.contains("<bdi>Weather Desk</bdi>"),
        "{}",
        page.body
    );
    assert!(!page.body.contains("not checked"), "{}", page.body);
    let tokens = desk.log_in(&app).await;
    let answer = app.call(tokens["access_token"].as_str().unwrap()).await;
    assert_eq!(answer.json()["client_id"], "desk");
    // Others can still register.
    Client::register(&app).await.log_in(&app).await;
    for (id, uri) in [
        ("desk", "https://evil.example/"),
        ("Desk", REDIRECT),
        ("desk ", REDIRECT),
    ] {
        let request = client(id).asking("redirect_uri", uri);
        let answer = Browser::default().get(&app, &authorize(&request)).await;
        assert_eq!(
            (answer.status, answer.header("location")),
            (StatusCode::BAD_REQUEST, "")
        );
    }
}

#[tokio::test]
async fn a_client_of_the_file_gets_no_more_scopes_than_it_says() {
    let app = good().read(&[]).await.unwrap();
    let request = client("desk").asking("scope", "mcp:tools mcp:admin");
    let answer = Browser::default().get(&app, &authorize(&request)).await;
    let error = parameter(answer.header("location"), "error");
    assert_eq!(error.as_deref(), Some("invalid_scope"));
    // The other one is not restricted.
    let request = client("robot one: 100%").asking("scope", "mcp:tools mcp:admin");
    Browser::default().consent(&app, &request).await;
    // What the file allows is not more than the server has, and what is usual is not more than the file allows.
    let text = format!(
        r#"client = [{{ id = "x", name = "x", redirect_uris = ["{REDIRECT}"], scopes = ["root"] }}]"#
    );
    let app = File::new(&text).read(&[]).await.unwrap();
    for scope in ["root", "mcp:tools"] {
        let request = client("x").asking("scope", scope);
        let answer = Browser::default().get(&app, &authorize(&request)).await;
        let error = parameter(answer.header("location"), "error");
        assert_eq!(error.as_deref(), Some("invalid_scope"));
    }
    let request = client("x").asking("scope", "");
    let page = Browser::default().consent(&app, &request).await;
    assert!(!page.body.contains("mcp:tools"), "{}", page.body);
}

#[tokio::test]
async fn a_client_of_the_file_shows_its_secret() {
    let app = good().read(&[]).await.unwrap();
    let robot = client("robot one: 100%");
    let code = robot.code(&app).await;
    assert_eq!(
        robot.redeem(&app, &code).await.status,
        StatusCode::UNAUTHORIZED
    );
    let form = [
        ("grant_type", "authorization_code"),
        ("code", &*code),
        ("code_verifier", &robot.verifier),
    ];
    let with = |text: &str| {
        let mut request = form_request("/token", &form);
        let value = format!("Basic {}", BASE64_STANDARD.encode(text));
        request
            .headers_mut()
            .insert(AUTHORIZATION, value.parse().unwrap());
        request
    };
    for wrong in ["robot+one%3A+100%25:wrong", "robot+one%3A+100%25:"] {
        assert_eq!(app.send(with(wrong)).await.status, StatusCode::UNAUTHORIZED);
    }
    // Id and secret are form-encoded in the header (RFC 6749 section 2.3.1).
    let answer = app
        .send(with("robot+one%3A+100%25:the+secret+%26+the%20key"))
        .await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
}

#[tokio::test]
async fn a_file_that_is_not_right_stops_the_start() {
    let entry = |line: &str| {
        let lines = [
            "id = 'a'",
            "name = 'A'",
            "redirect_uris = ['https://a.example/']",
        ];
        let name = line.split(' ').next().unwrap();
        let kept = lines.iter().filter(|line| !line.starts_with(name));
        let lines: Vec<_> = kept.copied().chain([line]).collect();
        format!("[[client]]\n{}", lines.join("\n"))
    };
    for (text, what) in [
        ("client = 7".to_owned(), "is not right"),
        ("[[client]]".to_owned(), "missing field"),
        ("[[clients]]".to_owned(), "unknown field"),
        ("nonsense".to_owned(), "is not right"),
        (entry("secret = 'hunter2'"), "unknown field"),
        (entry("id = ''"), "id is missing"),
        (entry("name = ' '"), "name is missing"),
        (entry("redirect_uris = []"), "redirect_uris are missing"),
        (
            entry("redirect_uris = ['http://a.example/']"),
            "must be https",
        ),
        (
            entry("redirect_uris = ['https://*.a.example/']"),
            "wildcard",
        ),
        (
            entry("redirect_uris = ['https://mcp.example.com/cb']"),
            "back to this server",
        ),
        (entry("secret_sha256 = 'hunter2'"), "64 hexadecimal digits"),
        (
            entry(&format!("secret_sha256 = '{}'", "x".repeat(64))),
            "64 hexadecimal digits",
        ),
        (
            entry(&format!("secret_sha256 = '{}'", "+1".repeat(32))),
            "64 hexadecimal digits",
        ),
        (format!("{0}\n{0}", entry("id = 'a'")), "twice"),
    ] {
        let file = File::new(&text);
        let problems = file
            .read(&[])
            .await
            .err()
            .unwrap_or_else(|| panic!("{text}"));
        assert!(problems.contains("AUTH_CLIENTS_FILE"), "{problems}");
        assert!(problems.contains(what), "{what}: {problems}");
        assert!(!problems.contains("hunter2"), "{problems}");
    }
    let problems = App::read(&[("AUTH_CLIENTS_FILE", "/does/not/exist")])
        .await
        .err()
        .unwrap();
    assert!(problems.contains("cannot be read"), "{problems}");
}

#[tokio::test]
async fn all_problems_are_told_at_once() {
    let file = File::new(
        "[[client]]\nid = 'one'\nname = 'One'\nredirect_uris = ['http://a.example/', 'ftp://a.example/']\n\
         [[client]]\nid = 'two'\nname = 'Two'\nredirect_uris = ['https://a.example/']\nsecret_sha256 = 'x'\n\
         [[client]]\nid = 'three'\nname = 'Three'\nredirect_uris = ['https://a.example/']",
    );
    let problems = file
        .read(&[("AUTH_SIGNING_KEY", "short")])
        .await
        .err()
        .unwrap();
    for part in [
        "`one`",
        "http://a.example/",
        "ftp://a.example/",
        "`two`",
        "AUTH_SIGNING_KEY",
    ] {
        assert!(problems.contains(part), "{part}: {problems}");
    }
    assert!(!problems.contains("`three`"), "{problems}");
}

#[tokio::test]
async fn an_entry_for_the_address_of_a_document_counts_instead_of_the_document() {
    // Nobody is there to fetch it from.
    let id = "https://client.example/oauth/client.json";
    let text =
        format!("client = [{{ id = '{id}', name = 'Pinned', redirect_uris = ['{REDIRECT}'] }}]");
    let file = File::new(&text);
    let app = file
        .read(&[("TEST_DOCUMENTS_FROM", "http://127.0.0.1:1")])
        .await
        .unwrap();
    let page = Browser::default()
        .consent(&app, &client(id).request())
        .await;
    assert!(page.body.contains("<bdi>Pinned</bdi>"), "{}", page.body);
    client(id).log_in(&app).await;
}
