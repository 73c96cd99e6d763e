//! `mcp-auth add --undo`: the way back, and what git sees of it.

mod support;

use std::fs;

use support::Sandbox;
use support::existing::{add, commit, git, server, state, undo};

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
    undo(&sandbox, "dice").succeeds();
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
            "AUTHENTICATION.md is gone",
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
    two_packages(&sandbox);
    let before = state(&sandbox.path("all"));
    add(&sandbox, "all", &["--package", "one"]).succeeds();
    let between = state(&sandbox.path("all"));
    add(&sandbox, "all", &["--package", "two"]).succeeds();
    undo(&sandbox, "all").succeeds();
    assert_eq!(state(&sandbox.path("all")), between);
    undo(&sandbox, "all").succeeds();
    assert_eq!(state(&sandbox.path("all")), before);
}

#[test]
fn a_lock_file_that_cargo_wrote_since_stays() {
    for there in [false, true] {
        let sandbox = Sandbox::new(&format!("lock-{there}"));
        server(&sandbox, "dice");
        if there {
            sandbox.write("dice/Cargo.lock", "# mine\n");
        }
        add(&sandbox, "dice", &[]).succeeds();
        sandbox.write("dice/Cargo.lock", "# newer\n");
        let ran = undo(&sandbox, "dice").succeeds();
        assert!(
            ran.stderr
                .contains("Cargo.lock was changed since and stays"),
            "{}",
            ran.stderr
        );
        assert_eq!(sandbox.read("dice/Cargo.lock"), "# newer\n");
    }
}

#[test]
fn what_git_took_back_is_passed_over() {
    let sandbox = Sandbox::new("stash");
    two_packages(&sandbox);
    commit(&sandbox, "all");
    let before = state(&sandbox.path("all"));
    add(&sandbox, "all", &["--package", "one"]).succeeds();
    git(&sandbox, "all", &["add", "."]);
    git(&sandbox, "all", &["commit", "--quiet", "-m", "one"]);
    add(&sandbox, "all", &["--package", "two"]).succeeds();
    git(&sandbox, "all", &["stash", "-u", "--quiet"]);
    undo(&sandbox, "all").succeeds();
    let mut after = state(&sandbox.path("all"));
    after.retain(|path, _| !path.starts_with(sandbox.path("all/.mcp-auth")));
    assert_eq!(after, before);
    undo(&sandbox, "all").fails(1, &["no addition to take back"]);
}

#[test]
fn an_addition_to_another_package_is_not_taken_back_from_this_one() {
    let sandbox = Sandbox::new("other");
    two_packages(&sandbox);
    let before = state(&sandbox.path("all"));
    add(&sandbox, "all", &["--package", "one"]).succeeds();
    let between = state(&sandbox.path("all"));
    for path in ["all/two", "all/two/src"] {
        undo(&sandbox, path).fails(
            1,
            &[
                "the last addition is in all/one, not in all/two",
                "mcp-auth add all/one --undo",
            ],
        );
    }
    assert_eq!(state(&sandbox.path("all")), between);
    undo(&sandbox, "all/one/src").succeeds();
    assert_eq!(state(&sandbox.path("all")), before);
}

fn two_packages(sandbox: &Sandbox) {
    sandbox.write(
        "all/Cargo.toml",
        "[workspace]\nresolver = \"3\"\nmembers = [\"one\", \"two\"]\n",
    );
    for name in ["one", "two"] {
        server(sandbox, &format!("all/{name}"));
        let manifest = sandbox.read(&format!("all/{name}/Cargo.toml"));
        sandbox.write(
            &format!("all/{name}/Cargo.toml"),
            &manifest.replace("dice", name),
        );
    }
}
