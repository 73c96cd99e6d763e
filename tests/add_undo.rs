//! `mcp-auth add --undo`: the way back, and what git sees of it.

#[path = "support/existing.rs"]
mod existing;
mod support;

use std::fs;

use existing::{add, commit, git, server, state, undo};
use support::Sandbox;

#[test]
fn undo_returns_every_byte_mode_and_folder() {
    let sandbox = Sandbox::new("undo");
    server(&sandbox, "dice");
    let windows = sandbox.read("dice/src/main.rs").replace('\n', "\r\n");
    sandbox.write("dice/src/main.rs", &format!("\u{feff}{windows}"));
    sandbox.write("dice/.env.example", "PORT=8000");
    sandbox.write("dice/Cargo.lock", "# none of ours\nversion = 4\n");
    make_executable(&sandbox, "dice/src/main.rs");
    commit(&sandbox, "dice");
    let before = state(&sandbox.path("dice"));
    add(&sandbox, "dice", &[]).succeeds();
    let after = state(&sandbox.path("dice"));
    assert_ne!(before, after);
    let main = sandbox.path("dice/src/main.rs");
    assert_eq!(before[&main].0, after[&main].0, "the edit keeps the mode");
    // what cargo does meanwhile
    sandbox.write("dice/Cargo.lock", "version = 4\n");
    let ran = undo(&sandbox, "dice").succeeds();
    assert!(
        ran.stderr.contains("Cargo.lock was changed since"),
        "{}",
        ran.stderr
    );
    assert_eq!(state(&sandbox.path("dice")), before);
    undo(&sandbox, "dice").fails(1, &["no addition to take back"]);
}

#[cfg(unix)]
fn make_executable(sandbox: &Sandbox, path: &str) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(sandbox.path(path), fs::Permissions::from_mode(0o750)).unwrap();
}

#[cfg(not(unix))]
fn make_executable(_: &Sandbox, _: &str) {}

#[test]
fn undo_touches_nothing_when_a_file_was_changed_since() {
    let sandbox = Sandbox::new("changed");
    server(&sandbox, "dice");
    add(&sandbox, "dice", &[]).succeeds();
    sandbox.write("dice/src/auth.rs", "mine");
    fs::remove_file(sandbox.path("dice/AUTHENTICATION.md")).unwrap();
    let before = state(&sandbox.path("dice"));
    undo(&sandbox, "dice").fails(
        1,
        &[
            "src/auth.rs was changed",
            "AUTHENTICATION.md was changed",
            "nothing was touched",
            ".mcp-auth/undo/1/",
        ],
    );
    assert_eq!(state(&sandbox.path("dice")), before);
}

#[test]
fn a_gitignore_is_made_where_git_is() {
    let sandbox = Sandbox::new("gitignore");
    server(&sandbox, "dice");
    commit(&sandbox, "dice");
    add(&sandbox, "dice", &[]).succeeds();
    assert!(sandbox.read("dice/.gitignore").contains(".env"));
    // the record of the addition is nothing to commit
    git(&sandbox, "dice", &["add", "."]);
    git(&sandbox, "dice", &["commit", "--quiet", "-m", "added"]);
    undo(&sandbox, "dice").succeeds();
    assert!(!sandbox.path("dice/.mcp-auth").exists());
}

#[test]
fn the_last_of_several_additions_is_taken_back_first() {
    let sandbox = Sandbox::new("several");
    sandbox.write(
        "all/Cargo.toml",
        "[workspace]\nresolver = \"3\"\nmembers = [\"one\", \"two\"]\n",
    );
    for name in ["one", "two"] {
        server(&sandbox, &format!("all/{name}"));
        let manifest = sandbox.read(&format!("all/{name}/Cargo.toml"));
        sandbox.write(
            &format!("all/{name}/Cargo.toml"),
            &manifest.replace("dice", name),
        );
    }
    let before = state(&sandbox.path("all"));
    add(&sandbox, "all", &["--package", "one"]).succeeds();
    let between = state(&sandbox.path("all"));
    add(&sandbox, "all", &["--package", "two"]).succeeds();
    undo(&sandbox, "all").succeeds();
    assert_eq!(state(&sandbox.path("all")), between);
    undo(&sandbox, "all").succeeds();
    assert_eq!(state(&sandbox.path("all")), before);
}
