//! `mcp-auth new` without a terminal: what it writes, and what it says about it.

mod support;

use std::{fs, process::Stdio};

use support::{Ran, Sandbox, YES, new, tree};

#[test]
fn new_writes_a_project_and_says_what_to_do_next() {
    let sandbox = Sandbox::new("new");
    let ran = new(&sandbox, &[]).succeeds();
    assert_eq!(ran.stdout, "", "there is no result to print");
    for words in [
        "created weather",
        "cd weather",
        "cargo run --example mint-token",
        "cargo run",
    ] {
        assert!(ran.stderr.contains(words), "{}", ran.stderr);
    }
    assert!(!ran.stderr.contains('\u{1b}'), "colours without a terminal");
    assert_eq!(sandbox.names(), ["weather"]);
    assert!(
        sandbox
            .read("weather/Cargo.toml")
            .contains("name = \"weather\"")
    );
}

#[test]
fn the_folder_gives_the_name_unless_it_is_given() {
    let sandbox = Sandbox::new("folder");
    let yes = ["--auth", "jwt", "--without", "git", "--yes"];
    sandbox
        .run(["new", "a/b/weather-api/"].iter().chain(&yes))
        .succeeds();
    assert!(
        sandbox
            .read("a/b/weather-api/Cargo.toml")
            .contains("name = \"weather-api\"")
    );
    sandbox
        .run(["new", "My Server", "--name", "mine"].iter().chain(&yes))
        .succeeds();
    assert!(
        sandbox
            .read("My Server/Cargo.toml")
            .contains("name = \"mine\"")
    );
    sandbox
        .run(["new", "--name", "bare"].iter().chain(&yes))
        .succeeds();
    assert!(sandbox.path("bare/Cargo.toml").exists());
    fs::create_dir(sandbox.path("here")).unwrap();
    let mut inside = sandbox.command();
    inside
        .current_dir(sandbox.path("here"))
        .args(["new", "."])
        .args(yes);
    Ran::of(&inside.output().unwrap()).succeeds();
    assert!(sandbox.read("here/Cargo.toml").contains("name = \"here\""));
    sandbox
        .run(["new", "missing/../x"].iter().chain(&yes))
        .fails(2, &["goes up"]);
}

#[test]
fn an_empty_folder_is_filled() {
    let sandbox = Sandbox::new("empty");
    fs::create_dir(sandbox.path("weather")).unwrap();
    new(&sandbox, &[]).succeeds();
    assert!(sandbox.path("weather/src/main.rs").exists());
    assert_eq!(sandbox.names(), ["weather"]);
}

#[test]
fn a_dry_run_shows_everything_and_writes_nothing() {
    let sandbox = Sandbox::new("dry-run");
    let listed = new(&sandbox, &["--dry-run"]).succeeds();
    assert!(
        listed.stdout.contains("+ src/main.rs") && listed.stdout.contains("+ .mcp-auth/base/  ")
    );
    assert!(listed.stderr.contains("nothing was written"));
    let diff = new(&sandbox, &["--dry-run", "--diff"]).succeeds().stdout;
    assert!(diff.contains("--- /dev/null\n+++ b/Cargo.toml\n"), "{diff}");
    let every = new(&sandbox, &["--dry-run", "-v"]).succeeds().stdout;
    assert!(every.contains("+ .mcp-auth/base/src/main.rs"), "{every}");
    assert_eq!(sandbox.names(), [""; 0]);
}

#[test]
fn the_json_of_a_dry_run_is_the_plan() {
    let sandbox = Sandbox::new("json");
    let planned = new(&sandbox, &["--dry-run", "--json", "--diff"])
        .succeeds()
        .json();
    assert_eq!(
        (planned["schema"].as_u64(), planned["outcome"].as_str()),
        (Some(1), Some("planned"))
    );
    assert_eq!(sandbox.names(), [""; 0]);
    let created = new(&sandbox, &["--json"]).succeeds().json();
    assert_eq!(
        (created["outcome"].as_str(), created["git"].as_str()),
        (Some("created"), Some("not wanted"))
    );
    let paths = |document: &serde_json::Value| -> Vec<String> {
        document["changes"]
            .as_array()
            .unwrap()
            .iter()
            .map(|change| change["path"].as_str().unwrap().into())
            .collect()
    };
    assert_eq!(paths(&planned), paths(&created));
    assert_eq!(
        paths(&created),
        tree(&sandbox.path("weather"))
            .into_keys()
            .collect::<Vec<_>>()
    );
    let main = planned["changes"]
        .as_array()
        .unwrap()
        .iter()
        .find(|change| change["path"] == "src/main.rs")
        .unwrap();
    assert_eq!(
        (main["kind"].as_str(), main["class"].as_str()),
        (Some("create"), Some("merged"))
    );
    assert!(main["diff"].as_str().unwrap().contains("+++ b/src/main.rs"));
}

#[test]
fn the_equivalent_command_gives_the_same_project() {
    let sandbox = Sandbox::new("equivalent");
    let flags = [
        "new",
        "it's here",
        "--name",
        "x",
        "--auth",
        "jwt",
        "--preset",
        "keycloak",
        "--scopes",
        "a:b (c)",
        "--port",
        "81",
        "--description",
        "don't $HOME `id` \"x\"\n!",
        "--without",
        "docker,git",
        "--with",
        "ci",
    ];
    let planned = sandbox
        .run(flags.iter().chain(&["--dry-run", "--json"]))
        .succeeds()
        .json();
    let command = planned["equivalent_command"].as_str().unwrap();
    let binary = env!("CARGO_BIN_EXE_mcp-auth");
    let script = command.replacen("mcp-auth", &format!("'{binary}'"), 1) + " --json";
    let output = std::process::Command::new("sh")
        .args(["-c", &script])
        .current_dir(sandbox.path(""))
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let created = Ran::of(&output).succeeds().json();
    assert_eq!(created["answers"], planned["answers"]);
    assert_eq!(created["changes"], planned["changes"]);
    assert_eq!(sandbox.names(), ["it's here"]);
}

#[test]
fn extras_can_be_added_and_left_out() {
    let sandbox = Sandbox::new("extras");
    let create = |name: &str, flags: &[&str]| {
        sandbox
            .run(["new", name, "--auth", "jwt", "--yes"].iter().chain(flags))
            .succeeds()
    };
    create("all", &[]);
    create("none", &["--without", "docker,ci", "--without", "git"]);
    for path in ["Dockerfile", ".dockerignore", ".github/workflows/ci.yml"] {
        assert!(sandbox.path("all").join(path).exists(), "{path}");
        assert!(!sandbox.path("none").join(path).exists(), "{path}");
    }
    sandbox
        .run([
            "new",
            "x",
            "--auth",
            "jwt",
            "--with",
            "ci",
            "--without",
            "ci",
        ])
        .fails(2, &["exclude each other"]);
}

#[test]
fn the_same_answers_give_the_same_bytes_wherever_and_whenever() {
    let (one, two) = (Sandbox::new("same"), Sandbox::new("same"));
    new(&one, &[]).succeeds();
    let mut elsewhere = two.command();
    elsewhere.args(YES).envs([
        ("TZ", "Asia/Tokyo"),
        ("LANG", "tr_TR.UTF-8"),
        ("HOME", "/nonexistent"),
        ("CI", "1"),
    ]);
    Ran::of(&elsewhere.output().unwrap()).succeeds();
    assert_eq!(tree(&one.path("weather")), tree(&two.path("weather")));
}
