//! `mcp-auth add` without the compiler: what is edited and what is said.

mod support;

use support::Sandbox;
use support::existing::{add, server, state, undo};

#[test]
fn edits_as_little_as_possible_and_once() {
    let sandbox = Sandbox::new("once");
    server(&sandbox, "dice");
    let ran = add(&sandbox, "dice", &[]).succeeds();
    let main = sandbox.read("dice/src/main.rs");
    for line in [
        "mod auth;\nmod dice;\n",
        "    let auth = crate::auth::",
        "        .merge(auth.routes())\n        .nest_service(\"/mcp\", auth.protect(service)); // here\n",
    ] {
        assert!(main.contains(line), "{line} is missing in:\n{main}");
    }
    assert!(
        sandbox
            .read("dice/Cargo.toml")
            .contains("axum = \"0.8\" # the web\n")
    );
    for path in [
        "src/auth.rs",
        "AUTHENTICATION.md",
        ".env.example",
        "mcp-auth.toml",
    ] {
        assert!(sandbox.path("dice").join(path).exists(), "{path}");
    }
    for words in [
        "changed src/main.rs",
        "cd dice\n",
        "cp .env.example .env",
        "cargo run -p dice",
        "--undo",
    ] {
        assert!(ran.stderr.contains(words), "{words}:\n{}", ran.stderr);
    }
    let once = state(&sandbox.path("dice"));
    let again = add(&sandbox, "dice", &[]).succeeds();
    assert!(again.stderr.contains("nothing to do"), "{}", again.stderr);
    assert_eq!(state(&sandbox.path("dice")), once);
}

#[test]
fn a_dry_run_shows_everything_and_writes_nothing() {
    let sandbox = Sandbox::new("dry");
    server(&sandbox, "dice");
    let before = state(&sandbox.path("dice"));
    let ran = add(&sandbox, "dice", &["--dry-run", "--diff"]).succeeds();
    for words in [
        "src/main.rs:16  service becomes auth.protect(service)",
        "~ src/main.rs  changed, +5 -1",
        "+ src/auth.rs",
        "+        .nest_service(\"/mcp\", auth.protect(service)); // here",
        "+++ b/Cargo.toml",
    ] {
        assert!(ran.stdout.contains(words), "{words}:\n{}", ran.stdout);
    }
    assert!(
        !ran.stdout.contains("+++ b/src/auth.rs"),
        "new files only with -v"
    );
    assert!(ran.stderr.contains("nothing was written"));
    let ran = add(&sandbox, "dice", &["--dry-run", "--diff", "-v"]).succeeds();
    assert!(ran.stdout.contains("+++ b/src/auth.rs"));
    assert_eq!(state(&sandbox.path("dice")), before);
}

#[test]
fn one_document_says_what_was_done() {
    let sandbox = Sandbox::new("json");
    server(&sandbox, "dice");
    let planned = add(&sandbox, "dice", &["--json", "--dry-run"])
        .succeeds()
        .json();
    let added = add(&sandbox, "dice", &["--json", "--port", "9000"])
        .succeeds()
        .json();
    for (document, outcome) in [(&planned, "planned"), (&added, "added")] {
        assert_eq!(
            (&document["schema"], &document["command"]),
            (&1.into(), &"add".into())
        );
        assert_eq!(document["outcome"], outcome);
        assert_eq!(document["package"], "dice");
        let mount = &document["mounts"][0];
        assert_eq!(
            (&mount["file"], &mount["line"]),
            (&"src/main.rs".into(), &16.into())
        );
        assert_eq!(mount["path"]["known"], "/mcp");
        assert_eq!(mount["after"], "auth.protect(service)");
    }
    assert_eq!(
        added["equivalent_command"],
        "mcp-auth add dice --auth jwt --preset oidc --scopes mcp:tools --port 9000 --no-check --yes"
    );
    let notes = added["notes"].as_array().unwrap();
    assert!(
        notes
            .iter()
            .any(|note| note.as_str().unwrap().contains("was not checked")),
        "{notes:?}"
    );
    let again = add(&sandbox, "dice", &["--json"]).succeeds().json();
    assert_eq!(again["outcome"], "unchanged");
    let undone = sandbox
        .run(["add", "dice", "--undo", "--json"])
        .succeeds()
        .json();
    assert_eq!(undone["outcome"], "undone");
    let gone = sandbox.run(["add", "dice", "--undo", "--json"]);
    assert_eq!(
        (gone.code, &gone.json()["error"]["exit"]),
        (Some(1), &1.into())
    );
}

#[test]
fn a_member_of_a_workspace_gets_its_own_files() {
    let sandbox = Sandbox::new("member");
    sandbox.write(
        "all/Cargo.toml",
        "[workspace]\nresolver = \"3\"\nmembers = [\"servers/*\", \"other\"]\n",
    );
    server(&sandbox, "all/servers/dice");
    sandbox.write(
        "all/other/Cargo.toml",
        "[package]\nname = \"other\"\nversion = \"0.1.0\"\n",
    );
    sandbox.write("all/other/src/lib.rs", "");
    sandbox.write("all/servers/dice/.env.sample", "PORT=1\n");
    sandbox.write("all/.gitignore", "/target\n");
    let before = state(&sandbox.path("all"));
    let ran = add(&sandbox, "all", &[]).succeeds();
    let dice = sandbox.path("all/servers/dice");
    for path in [
        "src/auth.rs",
        "mcp-auth.toml",
        ".mcp-auth/base/src/auth.rs",
        "AUTHENTICATION.md",
    ] {
        assert!(dice.join(path).exists(), "{path}");
    }
    for path in [
        "servers/dice/.env.example",
        "servers/dice/.gitignore",
        "mcp-auth.toml",
    ] {
        assert!(!sandbox.path("all").join(path).exists(), "{path}");
    }
    assert!(
        sandbox
            .read("all/servers/dice/.env.sample")
            .starts_with("PORT=1\n")
    );
    let ignored = sandbox.read("all/.gitignore");
    assert!(ignored.starts_with("/target\n"), "{ignored}");
    for pattern in ["/.env", "/servers/dice/.env"] {
        assert!(ignored.lines().any(|line| line == pattern), "{ignored}");
    }
    assert!(
        ran.stderr
            .contains("cd all/servers/dice\n  cp .env.sample .env"),
        "{}",
        ran.stderr
    );
    // from inside, with the place spelled as it is seen from there
    undo(&sandbox, "all/servers/dice").succeeds();
    assert_eq!(state(&sandbox.path("all")), before);
    let at = [
        "--at",
        "all/servers/dice/src/main.rs:16",
        "--package",
        "dice",
    ];
    add(&sandbox, "all/servers/dice/src", &at).succeeds();
}

#[test]
fn quiet_says_nothing_but_errors() {
    let sandbox = Sandbox::new("quiet");
    server(&sandbox, "dice");
    let ran = add(&sandbox, "dice", &["-q"]).succeeds();
    assert_eq!((ran.stdout.as_str(), ran.stderr.as_str()), ("", ""));
    let ran = sandbox
        .run(["add", "dice", "--undo", "--yes", "-q"])
        .succeeds();
    assert_eq!((ran.stdout.as_str(), ran.stderr.as_str()), ("", ""));
}

#[test]
fn routes_of_the_login_may_not_be_there_already() {
    let sandbox = Sandbox::new("routes");
    server(&sandbox, "dice");
    let new = "axum::Router::new()";
    let routed = format!("{new}.route(\"/token\", axum::routing::get(token))");
    let main = sandbox.read("dice/src/main.rs").replace(new, &routed);
    sandbox.write("dice/src/main.rs", &main);
    let add = ["add", "dice", "--yes", "--no-check", "--auth"];
    let ran = sandbox.run(add.iter().chain(&["github"]));
    assert_eq!(ran.code, Some(1), "{}", ran.stderr);
    for words in ["src/main.rs:16 has the route `/token`", "rename it"] {
        assert!(ran.stderr.contains(words), "{words}:\n{}", ran.stderr);
    }
    for flags in [["jwt", "--dry-run"], ["github", "--force"]] {
        let ran = sandbox.run(add.iter().chain(&flags)).succeeds();
        let is_noted = ran.stderr.contains("has the route `/token`");
        assert_eq!(is_noted, flags[0] == "github");
    }
}

#[test]
fn limits_per_address_need_the_addresses() {
    let sandbox = Sandbox::new("addresses");
    server(&sandbox, "dice");
    let add = ["add", "dice", "--yes", "--no-check", "--dry-run", "--auth"];
    let said = |auth| {
        let ran = sandbox.run(add.iter().chain(&[auth])).succeeds();
        ran.stdout
            .contains("src/main.rs:18: the limits per address need the callers' addresses")
    };
    assert!(said("github") && said("proxy") && !said("jwt"));
    let main = sandbox.read("dice/src/main.rs");
    let known = "router.into_make_service_with_connect_info::<SocketAddr>())";
    let main = main.replace("router).await", &format!("{known}.await"));
    sandbox.write("dice/src/main.rs", &main);
    assert!(!said("github"));
}
