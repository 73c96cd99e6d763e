//! What `mcp-auth add` refuses, with which words and exit code, and that nothing was written then.

mod support;

use std::fs;

use support::existing::{self, add, commit, git, server, state, undo};
use support::{Ran, Sandbox};

#[test]
fn uncommitted_changes_in_edited_files_are_refused() {
    let sandbox = Sandbox::new("dirty");
    // the repository is above the project
    server(&sandbox, "all/dice");
    commit(&sandbox, "all");
    sandbox.write("all/dice/src/dice.rs", "// not edited by us\n");
    add(&sandbox, "all/dice", &["--dry-run"]).succeeds();
    let main = sandbox.read("all/dice/src/main.rs");
    sandbox.write("all/dice/src/main.rs", &format!("// mine\n{main}"));
    let before = state(&sandbox.path("all"));
    let ran = add(&sandbox, "all/dice", &["--dry-run"]).succeeds();
    assert!(ran.stderr.contains("would be refused"), "{}", ran.stderr);
    add(&sandbox, "all/dice", &[]).fails(4, &["src/main.rs has changes", "--allow-dirty"]);
    assert_eq!(state(&sandbox.path("all")), before);
    git(&sandbox, "all", &["add", "dice/src/main.rs"]);
    add(&sandbox, "all/dice", &[]).succeeds();
    undo(&sandbox, "all/dice").succeeds();
    sandbox.write("all/dice/src/main.rs", &format!("// mine again\n{main}"));
    add(&sandbox, "all/dice", &["--allow-dirty"]).succeeds();
}

#[test]
fn files_in_conflict_are_refused() {
    let sandbox = Sandbox::new("conflict");
    server(&sandbox, "dice");
    commit(&sandbox, "dice");
    let main = sandbox.read("dice/src/main.rs");
    git(&sandbox, "dice", &["checkout", "--quiet", "-b", "other"]);
    sandbox.write("dice/src/main.rs", &main.replace("Rolls", "Throws"));
    git(&sandbox, "dice", &["commit", "--quiet", "-am", "other"]);
    git(&sandbox, "dice", &["checkout", "--quiet", "-"]);
    sandbox.write("dice/src/main.rs", &main.replace("Rolls", "Casts"));
    git(&sandbox, "dice", &["commit", "--quiet", "-am", "mine"]);
    git(&sandbox, "dice", &["merge", "--quiet", "other"]);
    sandbox.write("dice/src/main.rs", &main);
    add(&sandbox, "dice", &[]).fails(4, &["src/main.rs has changes"]);
}

#[test]
fn nothing_that_is_there_is_overwritten() {
    let sandbox = Sandbox::new("overwrite");
    server(&sandbox, "dice");
    sandbox.write("dice/AUTHENTICATION.md", "mine");
    sandbox.write("dice/examples/mint-token.rs", "fn main() {}\n");
    fs::write(sandbox.path("dice/.env.example"), b"NAME=\xff\n").unwrap();
    let before = state(&sandbox.path("dice"));
    add(&sandbox, "dice", &[]).fails(
        1,
        &[
            "AUTHENTICATION.md is there",
            "mint-token.rs is there",
            ".env.example is there",
            "nothing was written",
        ],
    );
    assert_eq!(state(&sandbox.path("dice")), before);
}

#[test]
fn what_cannot_be_a_place_is_explained() {
    let sandbox = Sandbox::new("places");
    server(&sandbox, "dice");
    sandbox.write("empty/notes.txt", "");
    let cases: [(&[&str], i32, &str); 7] = [
        (&["nowhere"], 1, "nowhere is not there"),
        (
            &["dice/src/main.rs"],
            1,
            "neither a folder nor a Cargo.toml",
        ),
        (&["dice", "--run", "x"], 2, "--verify"),
        (
            &["dice", "--undo", "--auth", "jwt"],
            2,
            "cannot be used with",
        ),
        (&["dice"], 2, "--auth <jwt|github|google|proxy|custom>"),
        (
            &["dice", "--auth", "jwt", "--preset", "nope"],
            2,
            "no preset nope",
        ),
        (
            &["dice", "--auth", "jwt", "--port", "0", "--scopes", "a\"b"],
            2,
            "--port 0",
        ),
    ];
    for (args, code, words) in cases {
        sandbox
            .run(["add"].iter().chain(args))
            .fails(code, &[words]);
    }
    for place in ["dice/Cargo.toml", "dice/src", "dice"] {
        add(&sandbox, place, &["--dry-run"]).succeeds();
    }
    sandbox.write("dice/Cargo.toml", "[package\n");
    add(&sandbox, "dice", &[]).fails(1, &["cargo cannot read this project", "Cargo.toml"]);
}

#[test]
fn outside_of_any_project_the_way_out_is_named() {
    // below the repository of these tests there is always a Cargo.toml above
    let outside = std::env::temp_dir().join(format!("mcp-auth-outside-{}", std::process::id()));
    fs::create_dir_all(&outside).unwrap();
    let sandbox = Sandbox::new("outside");
    let output = sandbox
        .command()
        .current_dir(&outside)
        .args(["add", "--auth", "jwt"])
        .output()
        .unwrap();
    Ran::of(&output).fails(1, &["there is no Cargo.toml", "mcp-auth new <DIR>"]);
    fs::remove_dir(&outside).unwrap();
}

#[cfg(unix)]
mod unix {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    #[test]
    fn links_and_read_only_files_are_refused() {
        let sandbox = Sandbox::new("links");
        server(&sandbox, "dice");
        fs::rename(sandbox.path("dice/src/main.rs"), sandbox.path("main.rs")).unwrap();
        symlink(sandbox.path("main.rs"), sandbox.path("dice/src/main.rs")).unwrap();
        let before = state(&sandbox.path(""));
        add(&sandbox, "dice", &[]).fails(1, &["src/main.rs is a symbolic link"]);
        assert_eq!(state(&sandbox.path("")), before);
        fs::rename(sandbox.path("main.rs"), sandbox.path("dice/src/main.rs")).unwrap();
        fs::set_permissions(
            sandbox.path("dice/Cargo.toml"),
            fs::Permissions::from_mode(0o444),
        )
        .unwrap();
        add(&sandbox, "dice", &[]).fails(1, &["Cargo.toml is read-only"]);
        assert_eq!(state(&sandbox.path("dice")).len(), 5);
    }

    #[test]
    fn without_cargo_it_says_so() {
        let sandbox = Sandbox::new("no-cargo");
        server(&sandbox, "dice");
        let output = sandbox
            .command()
            .args(existing::words("dice"))
            .env("PATH", "/nowhere")
            .output()
            .unwrap();
        Ran::of(&output).fails(1, &["cargo is not installed", "rustup"]);
    }

    #[test]
    fn without_git_it_goes_on_with_a_note() {
        let sandbox = Sandbox::new("no-git");
        server(&sandbox, "dice");
        commit(&sandbox, "dice");
        let cargo = std::env::var("CARGO").unwrap();
        fs::create_dir(sandbox.path("bin")).unwrap();
        let script = format!("#!/bin/sh\nexec '{cargo}' \"$@\"\n");
        super::program(&sandbox, "bin/cargo", &script);
        let output = sandbox
            .command()
            .args(existing::words("dice"))
            .env("PATH", sandbox.path("bin"))
            .output()
            .unwrap();
        let ran = Ran::of(&output).succeeds();
        assert!(
            ran.stderr.contains("git is not installed"),
            "{}",
            ran.stderr
        );
    }
}

#[cfg(unix)]
fn program(sandbox: &Sandbox, path: &str, script: &str) {
    use std::os::unix::fs::PermissionsExt;
    sandbox.write(path, script);
    fs::set_permissions(sandbox.path(path), fs::Permissions::from_mode(0o755)).unwrap();
}
