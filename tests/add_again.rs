//! `mcp-auth add` where it was before: only what is new is protected, with the authentication that is there.

mod support;

use support::Sandbox;
use support::existing::{add, server, state, undo};

const AGAIN: [&str; 4] = ["add", "dice", "--yes", "--no-check"];

/// The server, protected, with something put before this part of its main file.
fn grown(name: &str, part: &str, new: &str) -> Sandbox {
    let sandbox = Sandbox::new(name);
    server(&sandbox, "dice");
    add(&sandbox, "dice", &[]).succeeds();
    let main = sandbox.read("dice/src/main.rs");
    assert!(main.contains(part), "{main}");
    let main = main.replace(part, &format!("{new}{part}"));
    sandbox.write("dice/src/main.rs", &main);
    sandbox
}

const SECOND: &str = "    let more = StreamableHttpService::new(
        || Ok(dice::Dice),
        LocalSessionManager::default().into(),
        StreamableHttpServerConfig::default(),
    );
    let router = router.nest_service(\"/more\", more);
";

#[test]
fn a_mount_that_is_new_gets_the_authentication_that_is_there() {
    let sandbox = grown("again", "    let listener", SECOND);
    let before = state(&sandbox.path("dice"));
    let main = sandbox.read("dice/src/main.rs");
    let ran = sandbox.run(AGAIN).succeeds();
    for words in [
        "asks its callers for authentication here, too: 1 file (1 changed)",
        "src/main.rs:26  more becomes auth.protect(more)",
        "`auth` was read for the path \"/mcp\", and now it also protects what is mounted in line 26",
    ] {
        assert!(ran.stderr.contains(words), "{words}:\n{}", ran.stderr);
    }
    assert!(!ran.stderr.contains(".env"), "{}", ran.stderr);
    let expected = main.replace("\"/more\", more)", "\"/more\", auth.protect(more))");
    assert_eq!(sandbox.read("dice/src/main.rs"), expected);
    let changed: Vec<_> = state(&sandbox.path("dice"))
        .into_iter()
        .filter(|(path, entry)| !entry.1.is_empty() && before.get(path) != Some(entry))
        .filter(|(path, _)| !path.to_str().unwrap().contains(".mcp-auth/undo/"))
        .map(|(path, _)| path)
        .collect();
    assert_eq!(changed, [sandbox.path("dice/src/main.rs")]);
    let third = sandbox.run(AGAIN).succeeds();
    assert!(third.stderr.contains("nothing to do"), "{}", third.stderr);
    // one addition after the other
    undo(&sandbox, "dice").succeeds();
    assert_eq!(state(&sandbox.path("dice")), before);
}

#[test]
fn a_function_without_authentication_gets_its_own_and_no_second_module() {
    let other = "fn other() -> axum::Router {
    let service = StreamableHttpService::new(
        || Ok(dice::Dice),
        LocalSessionManager::default().into(),
        StreamableHttpServerConfig::default(),
    );
    axum::Router::new().nest_service(\"/other\", service)
}

";
    let sandbox = grown("again-other", "#[tokio::main]", other);
    let document = sandbox
        .run(AGAIN.iter().chain(&["--json"]))
        .succeeds()
        .json();
    assert_eq!(document["mounts"][0]["function"], "other");
    assert_eq!(document["changes"].as_array().unwrap().len(), 1);
    assert_eq!(document["answers"]["auth"], "jwt");
    let notes = document["notes"].to_string();
    assert!(notes.contains("has an `auth` of its own now"), "{notes}");
    let main = sandbox.read("dice/src/main.rs");
    assert_eq!(main.matches("mod auth;").count(), 1, "{main}");
    assert!(
        main.contains("    let auth = crate::auth::Auth::from_env_or_exit(\"/other\");\n"),
        "{main}"
    );
    assert_eq!(main.matches(".merge(auth.routes())").count(), 2, "{main}");
}

#[test]
fn an_authentication_that_is_handed_over_is_used() {
    let other = "fn other(auth: &auth::Auth) -> axum::Router {
    let service = StreamableHttpService::new(
        || Ok(dice::Dice),
        LocalSessionManager::default().into(),
        StreamableHttpServerConfig::default(),
    );
    axum::Router::new().nest_service(\"/other\", service)
}

";
    let sandbox = grown("again-handed", "#[tokio::main]", other);
    let main = sandbox.read("dice/src/main.rs");
    let ran = sandbox.run(AGAIN).succeeds();
    let words = "src/main.rs:10: `auth` was read elsewhere";
    assert!(ran.stderr.contains(words), "{}", ran.stderr);
    let expected = main.replace("\"/other\", service)", "\"/other\", auth.protect(service))");
    assert_eq!(sandbox.read("dice/src/main.rs"), expected);
}

#[test]
fn without_its_record_nobody_knows_what_is_there() {
    let sandbox = grown("again-unrecorded", "    let listener", SECOND);
    std::fs::remove_file(sandbox.path("dice/mcp-auth.toml")).unwrap();
    let ran = sandbox.run(AGAIN);
    assert_eq!(ran.code, Some(1));
    assert!(
        ran.stderr.contains("mcp-auth.toml is not there"),
        "{}",
        ran.stderr
    );
}

#[test]
fn another_authentication_is_refused() {
    let sandbox = Sandbox::new("again-other-option");
    server(&sandbox, "dice");
    add(&sandbox, "dice", &[]).succeeds();
    let before = state(&sandbox.path("dice"));
    for flags in [["--auth", "github"], ["--preset", "auth0"]] {
        let ran = sandbox.run(AGAIN.iter().chain(&flags));
        assert_eq!(ran.code, Some(1), "{}", ran.stderr);
        for words in [
            "this project has the authentication `jwt` already",
            "to have another one: mcp-auth regenerate dice --",
        ] {
            assert!(ran.stderr.contains(words), "{words}:\n{}", ran.stderr);
        }
    }
    let same = AGAIN.iter().chain(&["--auth", "jwt", "--preset", "oidc"]);
    assert!(
        sandbox
            .run(same)
            .succeeds()
            .stderr
            .contains("nothing to do")
    );
    assert_eq!(state(&sandbox.path("dice")), before);
}
