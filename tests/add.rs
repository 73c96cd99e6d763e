//! `mcp-auth add` without the compiler: what is edited, what is refused, and the way back.

#[path = "support/existing.rs"]
mod existing;
mod support;

use std::fs;

use existing::{add, commit, git, server, state, undo};
use support::{Ran, Sandbox};

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
    // no repository, no .gitignore
    assert!(!sandbox.path("dice/.gitignore").exists());
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
