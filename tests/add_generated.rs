//! The slow gate for `add` (`cargo test --test add_generated -- --ignored --nocapture`): every shape is really edited, some
//! with cargo's checks before and after; then it builds without a warning, refuses callers without a token, lets those with
//! one in, and is given back as it was.

mod support;

use std::{
    panic::catch_unwind,
    path::{Path, PathBuf},
    process::Command,
    time::Instant,
};

use serde_json::Value;
use support::{
    Ran, Sandbox,
    add::{self, JWT, OTHERS},
    place::place,
    server::{Server, answer_on_stdio, credentials, token},
    snapshots,
};

/// What makes a server that also speaks stdio do so.
const STDIO: [(&str, &str); 2] = [
    ("stdio-and-http", "--stdio"),
    ("match-arm-full-paths", "stdio"),
];

/// Edited with cargo's checks before and after, as people do. All others are built afterwards anyway, and to check them
/// too is to compile each of their dependencies twice.
const CHECKED: [&str; 7] = [
    "bin-in-folder",
    "crlf-bom",
    "deny-lints",
    "optional-axum-feature",
    "simple-main",
    "stdio-and-http",
    "workspace-deps-member",
];

#[test]
#[ignore = "minutes: builds every shape"]
fn every_shape_is_protected_and_given_back() {
    let start = Instant::now();
    let only = std::env::var("SHAPE").ok();
    let mut runs: Vec<(String, &str, &[&str])> = add::shapes()
        .into_iter()
        .map(|shape| (shape, "jwt", &JWT[..]))
        .collect();
    for (folder, flags, shapes) in OTHERS {
        runs.extend(
            shapes
                .iter()
                .map(|shape| (shape.to_string(), *folder, *flags)),
        );
    }
    runs.retain(|(shape, _, _)| only.as_ref().is_none_or(|only| only == shape));
    let mut failed = Vec::new();
    for (shape, case, flags) in runs {
        let begun = Instant::now();
        let passed = catch_unwind(|| goes_through(&shape, case, flags)).is_ok();
        let word = if passed { "ok" } else { "FAILED" };
        println!(
            "{word} {shape} with {case}: {:.1} s",
            begun.elapsed().as_secs_f32()
        );
        failed.extend((!passed).then(|| format!("{shape} with {case}")));
    }
    println!("all shapes: {:.0} s", start.elapsed().as_secs_f32());
    assert_eq!(failed, [""; 0], "SHAPE=... tries one alone");
}

#[test]
#[ignore = "seconds, but it needs dependencies to be built"]
fn a_project_that_does_not_compile_is_refused_with_the_compilers_words() {
    let sandbox = seeded("refused-does-not-compile", "jwt");
    let before = add::entries(&sandbox.path(""));
    let ran = run(&sandbox, &["add", "--yes", "--auth", "jwt"]);
    ran.fails(1, &["mismatched types", "src/main.rs:19"]);
    unchanged("refused-does-not-compile", &sandbox, &before);
}

#[test]
#[ignore = "seconds, but it needs dependencies to be built"]
fn without_its_feature_a_gated_server_still_compiles() {
    for shape in ["optional-axum-feature", "feature-gated-double-mount"] {
        let sandbox = seeded(shape, "jwt");
        run(&sandbox, &["add", "--yes", "--auth", "jwt"]).succeeds();
        build(&sandbox, shape, &["check", "--no-default-features"]);
    }
}

/// Each with names, versions or places of its own: the shape, the snapshot of its dependencies, the option.
const SWITCHED: [(&str, &str, &str); 4] = [
    ("simple-main", "github", "github"),
    ("workspace-deps-member", "google", "google"),
    ("reqwest-012", "proxy", "proxy"),
    ("stdio-and-http", "custom-introspection", "custom"),
];

#[test]
#[ignore = "minutes, if dependencies are to be built"]
fn with_another_option_a_shape_still_compiles() {
    for (shape, case, option) in SWITCHED {
        let sandbox = seeded(shape, case);
        run(&sandbox, &["add", "--yes", "--no-check", "--auth", "jwt"]).succeeds();
        let is_member = shape == "workspace-deps-member";
        let folder = if is_member { "crates/server" } else { "." };
        let ran = run(&sandbox, &["regenerate", folder, "--yes", "--auth", option]);
        assert_eq!(ran.code, Some(0), "{shape} with {case}: {ran:#?}");
        build(&sandbox, shape, &["check", "--all-targets"]);
    }
}

fn goes_through(shape: &str, case: &str, flags: &[&str]) {
    let sandbox = seeded(shape, case);
    let before = add::entries(&sandbox.path(""));
    let unformatted = unformatted(&sandbox);
    let unchecked: &[&str] = match CHECKED.contains(&shape) {
        true => &[],
        false => &["--no-check"],
    };
    run(&sandbox, &[&["add", "--yes"], flags, unchecked].concat()).succeeds();
    let mut now = self::unformatted(&sandbox);
    // Editions sort imports differently, and an example has no line on which to say that it is left as it is.
    now.retain(|path| !path.contains("examples/") && !unformatted.contains(path));
    assert_eq!(now, [""; 0], "{shape}: cargo fmt has something to say");
    let binary = match shape {
        "bin-of-lib-mount" => build(&sandbox, shape, &["build", "--bin", "seed-bank-http"]),
        _ => build(&sandbox, shape, &["build"]),
    };
    let binary = binary.expect("a binary");
    answers(shape, flags[1], &sandbox, &binary);
    for (_, argument) in STDIO.iter().filter(|(speaks, _)| *speaks == shape) {
        let answer = answer_on_stdio(&binary, &sandbox.path(""), argument);
        assert!(answer.contains("\"result\""), "{shape} on stdio: {answer}");
    }
    run(&sandbox, &["add", "--undo", "--yes"]).succeeds();
    unchanged(shape, &sandbox, &before);
}

/// Refuses without a token and with one for somebody else, lets the right one in, tells where to get it.
fn answers(shape: &str, auth: &str, sandbox: &Sandbox, binary: &Path) {
    let place = place(shape);
    let (settings, _) = credentials(auth, "");
    let server = Server::start(binary, &sandbox.path(""), &settings);
    let base = server.base();
    let resource = format!("{base}{}", place.resource);
    let well_known = format!("/.well-known/oauth-protected-resource{}", place.resource);
    let well_known = well_known.trim_end_matches('/');
    let (_, good) = credentials(auth, &resource);
    for path in place.paths {
        let refused = server.initialize(path, None);
        let challenge = refused.header("WWW-Authenticate").unwrap_or_default();
        let expected = format!("resource_metadata=\"{base}{well_known}\"");
        assert_eq!(
            refused.status, 401,
            "{shape} {path} without a token: {refused:?}"
        );
        assert!(
            challenge.contains(&expected),
            "{shape} {path}: {challenge}, not {expected}"
        );
        let stranger = token("https://elsewhere.test/mcp");
        assert_eq!(
            server.initialize(path, Some(&stranger)).status,
            401,
            "{shape} {path}"
        );
        if let Some(good) = &good {
            let welcome = server.initialize(path, Some(good));
            assert_eq!(
                welcome.status, 200,
                "{shape} {path} with a token: {welcome:?}"
            );
        }
    }
    let metadata = server.get(well_known);
    assert_eq!(metadata.status, 200, "{shape}: {well_known}: {metadata:?}");
    let document: Value = serde_json::from_str(&metadata.body).unwrap();
    assert_eq!(document["resource"], resource.as_str(), "{shape}");
    if let Some(page) = place.open {
        let status = server.get(page).status;
        assert!((200..300).contains(&status), "{shape}: {page}: {status}");
    }
}

/// The shape with the lock file of a new project, so that all build the same dependencies.
fn seeded(shape: &str, case: &str) -> Sandbox {
    let sandbox = add::copy(shape);
    let lock = snapshots().join(case).join("Cargo.lock");
    std::fs::copy(lock, sandbox.path("Cargo.lock")).unwrap();
    sandbox
}

fn run(sandbox: &Sandbox, args: &[&str]) -> Ran {
    let mut command = sandbox.command();
    command.args(args).env("CARGO_TARGET_DIR", target_dir());
    Ran::of(&command.output().unwrap())
}

/// The files that `cargo fmt` would change.
fn unformatted(sandbox: &Sandbox) -> Vec<String> {
    let root = sandbox.path("");
    let mut command = Command::new(env!("CARGO"));
    command
        .args(["fmt", "--all", "--check", "--", "-l"])
        .current_dir(&root);
    let names = String::from_utf8(command.output().unwrap().stdout).unwrap();
    let inner = names
        .lines()
        .filter_map(|name| Path::new(name).strip_prefix(&root).ok());
    inner
        .map(|path| path.to_str().unwrap().to_owned())
        .collect()
}

/// Runs cargo, which may not warn; the first binary that it makes.
fn build(sandbox: &Sandbox, shape: &str, args: &[&str]) -> Option<PathBuf> {
    let mut command = Command::new(env!("CARGO"));
    command
        .args(args)
        .arg("--message-format=json")
        .current_dir(sandbox.path(""));
    let output = command
        .env("CARGO_TARGET_DIR", target_dir())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{shape}: cargo {args:?}: {said}");
    let lines = String::from_utf8(output.stdout).unwrap();
    let messages = lines
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap());
    let mut binary = None;
    for message in messages {
        let rendered = message["message"]["rendered"].as_str();
        assert_eq!(
            rendered,
            None,
            "{shape}: a warning of the compiler:\n{}",
            rendered.unwrap()
        );
        binary = binary.or(message["executable"].as_str().map(PathBuf::from));
    }
    binary
}

/// All but the lock file, in which cargo itself writes.
#[track_caller]
fn unchanged(
    shape: &str,
    sandbox: &Sandbox,
    before: &std::collections::BTreeMap<String, add::Entry>,
) {
    let mut differing = add::differing(before, &add::entries(&sandbox.path("")));
    differing.retain(|path| path != "Cargo.lock");
    assert_eq!(differing, [""; 0], "{shape} is not as it was");
}

/// The same as that of the snapshots: they share nearly every dependency.
fn target_dir() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("generated-target")
}
