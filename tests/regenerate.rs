//! `mcp-auth regenerate` as a program: what each flag does, and how it ends.

mod support;

use std::fs;

use support::{
    Sandbox,
    conflict::{NEW, README, conflict, renamed},
    differences, generate,
    regenerate::{abort, project, regenerate, renew, state},
    tree,
};

const MANIFEST: &str = "weather/Cargo.toml";

#[test]
fn a_project_that_is_new_has_nothing_to_do() {
    let sandbox = Sandbox::new("nothing");
    project(&sandbox, "weather", &["--auth", "jwt"]);
    let before = tree(&sandbox.path("weather"));
    for more in [&[][..], &["--dry-run"], &["--check"], &["--auth", "jwt"]] {
        regenerate(&sandbox, "weather", more).succeeds();
        assert_eq!(tree(&sandbox.path("weather")), before, "{more:?}");
    }
}

#[test]
fn another_option_gives_what_new_would_have_given() {
    for (from, to) in [("jwt", "google"), ("google", "custom"), ("proxy", "github")] {
        let sandbox = Sandbox::new("option");
        project(&sandbox, "weather", &["--auth", from]);
        regenerate(&sandbox, "weather", &["--auth", to]).succeeds();
        let expected = generate(&sandbox, "wanted", &["--name", "weather", "--auth", to]);
        let mut is = tree(&sandbox.path("weather"));
        is.retain(|path, _| !path.starts_with(".git/") && !path.starts_with(".mcp-auth/undo/"));
        assert_eq!(
            differences(&tree(&expected), &is),
            [""; 0],
            "{from} to {to}"
        );
    }
}

#[test]
fn a_dry_run_shows_all_of_it_and_writes_nothing() {
    let sandbox = conflict("dry");
    let before = tree(&sandbox.path("weather"));
    let ran = renamed(&sandbox, &["--dry-run", "--diff"]);
    assert_eq!(ran.code, Some(3), "as without --dry-run");
    for words in [
        "README.md",
        "Cargo.toml",
        "+description = \"Rain and wind\"",
    ] {
        assert!(ran.stdout.contains(words), "{words}: {ran:#?}");
    }
    let flags = ["--dry-run", "--json", "--conflict", "mine"];
    let ran = renamed(&sandbox, &flags).succeeds();
    let document = ran.json();
    assert_eq!(
        (&document["command"], &document["outcome"]),
        (&"regenerate".into(), &"planned".into())
    );
    assert_eq!(tree(&sandbox.path("weather")), before);
}

#[test]
fn a_check_finds_what_would_change() {
    let sandbox = Sandbox::new("check");
    project(&sandbox, "weather", &["--auth", "jwt"]);
    let check =
        |more: &[&str]| sandbox.run(["regenerate", "weather", "--check"].iter().chain(more));
    check(&[]).succeeds();
    assert_eq!(check(&NEW).code, Some(5));
    let own = sandbox.read("weather/src/tools.rs") + "// mine\n";
    sandbox.write("weather/src/tools.rs", &own);
    check(&[]).succeeds();
    let bearer = sandbox.read("weather/src/auth/bearer.rs") + "// mine\n";
    sandbox.write("weather/src/auth/bearer.rs", &bearer);
    let ran = check(&["--json"]);
    assert_eq!(
        ran.code,
        Some(5),
        "what belongs to the templates has drifted"
    );
    assert_eq!(ran.json()["outcome"], "checked");
}

#[test]
fn outside_of_a_generated_project_it_says_what_makes_one() {
    let sandbox = Sandbox::new("outside");
    fs::create_dir(sandbox.path("empty")).unwrap();
    sandbox.run(["regenerate", "empty"]).fails(
        1,
        &[
            "mcp-auth.toml",
            "mcp-auth new",
            "mcp-auth add",
            "mcp-auth adopt",
        ],
    );
    sandbox
        .run(["regenerate", "missing"])
        .fails(1, &["missing is not there"]);
}

#[test]
fn the_project_is_found_from_a_folder_inside() {
    let sandbox = Sandbox::new("inside");
    project(&sandbox, "weather", &["--auth", "jwt"]);
    regenerate(&sandbox, "weather/src/auth", &NEW).succeeds();
    assert!(sandbox.read(MANIFEST).contains("Rain and wind"));
}

#[test]
fn what_was_deleted_stays_so_until_it_is_restored() {
    let sandbox = Sandbox::new("deleted");
    generate(&sandbox, "weather", &["--auth", "jwt"]);
    let dockerfile = sandbox.path("weather/Dockerfile");
    let before = fs::read(&dockerfile).unwrap();
    fs::remove_file(&dockerfile).unwrap();
    let ran = regenerate(&sandbox, "weather", &[]).succeeds();
    assert!(
        ran.stderr.contains("Dockerfile"),
        "it is told once: {ran:#?}"
    );
    let ran = regenerate(&sandbox, "weather", &[]).succeeds();
    assert!(
        ran.stderr.contains("there is nothing new for weather"),
        "{ran:#?}"
    );
    assert!(!dockerfile.exists());
    let wrong = ["--restore", "README.md", "--restore", "src/magic.rs"];
    regenerate(&sandbox, "weather", &wrong)
        .fails(2, &["README.md is there", "src/magic.rs is none"]);
    regenerate(&sandbox, "weather", &["--restore", "Dockerfile"]).succeeds();
    assert_eq!(fs::read(&dockerfile).unwrap(), before);
    assert!(!sandbox.read("weather/mcp-auth.toml").contains("deleted"));
}

#[test]
fn a_regeneration_can_be_taken_back_once() {
    let sandbox = Sandbox::new("abort");
    project(&sandbox, "weather", &["--auth", "jwt"]);
    let before = state(&sandbox.path("weather"));
    regenerate(&sandbox, "weather", &["--auth", "google"]).succeeds();
    sandbox
        .run(["regenerate", "weather", "--abort", "--dry-run"])
        .succeeds();
    abort(&sandbox, "weather").succeeds();
    assert_eq!(state(&sandbox.path("weather")), before);
    abort(&sandbox, "weather").fails(1, &["no regeneration to take back"]);
}

#[test]
fn what_was_changed_since_is_not_taken_back() {
    let sandbox = Sandbox::new("since");
    project(&sandbox, "weather", &["--auth", "jwt"]);
    regenerate(&sandbox, "weather", &NEW).succeeds();
    sandbox.write(README, "mine");
    abort(&sandbox, "weather").fails(1, &["README.md was changed since"]);
    assert_eq!(sandbox.read(README), "mine");
}

#[test]
fn only_what_fixes_a_weakness_can_be_taken() {
    let sandbox = Sandbox::new("security");
    project(&sandbox, "weather", &["--auth", "jwt"]);
    let readme = sandbox.read(README);
    let body = sandbox.read("weather/src/auth/body.rs");
    let ran = renew(&sandbox, "weather", &["--check"]);
    assert_eq!(ran.code, Some(5));
    assert!(ran.stdout.contains("advisory: "), "{ran:#?}");
    renew(&sandbox, "weather", &["--security-only"]).succeeds();
    assert_eq!(sandbox.read(README), readme);
    assert_ne!(sandbox.read("weather/src/auth/body.rs"), body);
    renew(&sandbox, "weather", &["--allow-dirty"]).succeeds();
    assert_ne!(sandbox.read(README), readme);
    // the set is remembered
    regenerate(&sandbox, "weather", &["--check"]).succeeds();
    let flags = ["--security-only", "--auth", "google"];
    assert_eq!(renew(&sandbox, "weather", &flags).code, Some(2));
}

#[test]
fn an_addition_is_not_taken_back_as_a_regeneration() {
    let sandbox = Sandbox::new("addition");
    support::existing::server(&sandbox, "dice");
    support::existing::add(&sandbox, "dice", &[]).succeeds();
    abort(&sandbox, "dice").fails(1, &["addition", "mcp-auth add dice --undo"]);
}

#[test]
fn what_was_regenerated_in_one_package_is_not_taken_back_in_another() {
    let sandbox = Sandbox::new("packages");
    sandbox.write(
        "all/Cargo.toml",
        "[workspace]\nmembers = [\"one\", \"two\"]\nresolver = \"3\"\n",
    );
    for name in ["one", "two"] {
        support::existing::server(&sandbox, &format!("all/{name}"));
        let manifest = format!("all/{name}/Cargo.toml");
        let text = sandbox
            .read(&manifest)
            .replace("\"dice\"", &format!("\"{name}\""));
        sandbox.write(&manifest, &text);
    }
    for name in ["all/one", "all/two"] {
        support::existing::add(&sandbox, name, &[]).succeeds();
    }
    let before = state(&sandbox.path("all/one"));
    regenerate(&sandbox, "all/one", &["--auth", "github"]).succeeds();
    abort(&sandbox, "all/two").fails(1, &["the last regeneration was not in two"]);
    abort(&sandbox, "all/one").succeeds();
    assert_eq!(state(&sandbox.path("all/one")), before);
}
