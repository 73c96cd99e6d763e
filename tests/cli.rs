//! The commands besides `new`, and what all of them have in common: help, colours, quiet, closed pipes.

mod support;

use std::process::Stdio;

use support::{Sandbox, new};

#[test]
fn help_shows_examples_and_exit_codes() {
    let sandbox = Sandbox::new("help");
    let help = sandbox.run(["--help"]).succeeds();
    assert!(
        help.stdout.contains("Examples:") && help.stdout.contains("Exit codes:"),
        "{}",
        help.stdout
    );
    for command in [
        "new",
        "add",
        "regenerate",
        "adopt",
        "templates",
        "list",
        "secret",
        "completions",
        "man",
    ] {
        let help = sandbox.run([command, "--help"]).succeeds();
        assert!(help.stdout.contains("Usage: mcp-auth"), "{command}");
        assert!(help.stderr.is_empty());
    }
    assert_eq!(
        sandbox.run(["--version"]).succeeds().stdout,
        format!("mcp-auth {}\n", env!("CARGO_PKG_VERSION"))
    );
    sandbox.run([""; 0]).fails(2, &["Usage"]);
}

#[test]
fn list_shows_every_option_and_preset() {
    let sandbox = Sandbox::new("list");
    let table = sandbox.run(["list"]).succeeds().stdout;
    let document = sandbox.run(["list", "--json"]).succeeds().json();
    for option in document["options"].as_array().unwrap() {
        assert!(table.contains(option["name"].as_str().unwrap()));
        for preset in option["presets"].as_array().unwrap() {
            assert!(table.contains(preset["name"].as_str().unwrap()), "{preset}");
        }
    }
    assert!(table.contains("auth0") && table.contains("api-keys *") && table.contains("docker"));
}

#[test]
fn completions_and_manual_pages_come_from_the_same_words() {
    let sandbox = Sandbox::new("pages");
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = sandbox.run(["completions", shell]).succeeds().stdout;
        assert!(script.contains("dry-run"), "{shell}");
    }
    assert!(sandbox.run(["man"]).succeeds().stdout.starts_with(".ie"));
    sandbox.run(["man", "--dir", "pages"]).succeeds();
    assert!(sandbox.read("pages/mcp-auth-new.1").contains("preset"));
}

#[test]
fn secret_prints_another_key_each_time() {
    let sandbox = Sandbox::new("secret");
    let secret = || sandbox.run(["secret"]).succeeds().stdout;
    let (one, other) = (secret(), secret());
    assert_ne!(one, other);
    for secret in [one, other] {
        let secret = secret.strip_suffix('\n').unwrap();
        // 32 bytes as padded base64.
        assert_eq!(secret.len(), 44);
        assert!(secret.ends_with('=') && !secret.ends_with("=="));
    }
}

#[test]
fn quiet_says_nothing_but_errors() {
    let sandbox = Sandbox::new("quiet");
    let ran = new(&sandbox, &["-q"]).succeeds();
    assert_eq!((ran.stdout.as_str(), ran.stderr.as_str()), ("", ""));
    new(&sandbox, &["-q"]).fails(1, &["not empty"]);
}

#[test]
fn colours_can_be_forced_and_forbidden() {
    let sandbox = Sandbox::new("colours");
    assert!(
        sandbox
            .run(["list", "--color", "always"])
            .succeeds()
            .stdout
            .contains("\u{1b}[")
    );
    assert!(!sandbox.run(["list"]).succeeds().stdout.contains('\u{1b}'));
    assert!(
        !sandbox
            .run(["list", "--color", "never"])
            .succeeds()
            .stdout
            .contains('\u{1b}')
    );
}

#[test]
fn a_closed_reader_is_no_panic() {
    let sandbox = Sandbox::new("pipe");
    for args in [
        &["list"][..],
        &["list", "--json"],
        &["completions", "bash"],
        &["man"],
        &["--help"],
    ] {
        let mut child = sandbox
            .command()
            .args(args)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!(
            (output.status.code(), output.stderr.as_slice()),
            (Some(0), &b""[..]),
            "{args:?}"
        );
    }
}
