//! `mcp-auth regenerate` where both sides changed the same: what each flag makes of it, and what git knows.

mod support;

use std::{fs, process::Command};

use support::{
    Sandbox,
    conflict::{DESCRIBED, MARKED, MINE, NEW, README, THEIRS, conflict, described, edit, renamed},
    differences, generate,
    regenerate::{abort, commit, git, project, regenerate},
    tree,
};

const MANIFEST: &str = "weather/Cargo.toml";

fn out_of_git(sandbox: &Sandbox, args: &[&str]) -> String {
    let output = Command::new("git")
        .args(args)
        .current_dir(sandbox.path("weather"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn without_somebody_to_ask_a_conflict_writes_nothing() {
    let sandbox = conflict("conflict");
    let before = tree(&sandbox.path("weather"));
    renamed(&sandbox, &[]).fails(3, &["README.md:3", "--conflict"]);
    assert_eq!(tree(&sandbox.path("weather")), before);
    let ran = renamed(&sandbox, &["--json"]);
    assert_eq!(ran.code, Some(3));
    assert_eq!(ran.json()["outcome"], "conflicts");
}

#[test]
fn the_flag_decides_about_conflicts() {
    let cases = [
        ("mine", MINE, 0),
        ("theirs", THEIRS, 0),
        ("incoming", MINE, 0),
        ("markers", MARKED, 3),
    ];
    for (how, words, code) in cases {
        let sandbox = conflict(how);
        let ran = renamed(&sandbox, &["--conflict", how]);
        assert_eq!(ran.code, Some(code), "{how}: {ran:#?}");
        assert!(sandbox.read(README).contains(words), "{how}");
        // what is no conflict is changed all the same
        assert!(sandbox.read(MANIFEST).contains(THEIRS), "{how}");
        let incoming = sandbox.path("weather/.mcp-auth/incoming/README.md");
        assert_eq!(incoming.exists(), how == "incoming", "{how}");
        let base = sandbox.read("weather/.mcp-auth/base/README.md");
        assert_eq!(base.contains(THEIRS), how != "incoming", "{how}");
    }
}

#[test]
fn markers_are_listed_and_git_knows_the_three_sides() {
    let sandbox = conflict("markers");
    let before = tree(&sandbox.path("weather"));
    let ran = renamed(&sandbox, &["--conflict", "markers"]);
    assert!(ran.stderr.contains("README.md:3"), "{ran:#?}");
    let status = out_of_git(&sandbox, &["status", "--porcelain", "README.md"]);
    assert_eq!(status, "UU README.md\n");
    for (stage, words) in [("1", DESCRIBED), ("2", MINE), ("3", THEIRS)] {
        let text = out_of_git(&sandbox, &["show", &format!(":{stage}:README.md")]);
        assert_eq!(text.lines().nth(2), Some(words), "stage {stage}");
    }
    // the next run does not touch what is not finished
    regenerate(&sandbox, "weather", &["--set", "description=Snow"]).fails(4, &["not committed"]);

    abort(&sandbox, "weather").succeeds();
    assert_eq!(out_of_git(&sandbox, &["status", "--porcelain"]), "");
    let mut after = tree(&sandbox.path("weather"));
    after.retain(|path, _| !path.starts_with(".git/"));
    let mut before = before;
    before.retain(|path, _| !path.starts_with(".git/"));
    assert_eq!(differences(&before, &after), [""; 0]);
}

#[test]
fn mergetool_finds_the_conflict() {
    let sandbox = conflict("mergetool");
    renamed(&sandbox, &["--conflict", "markers"]);
    let tool = "mergetool.take.cmd=cp \"$REMOTE\" \"$MERGED\"";
    let args = ["-c", tool, "-c", "mergetool.take.trustExitCode=true"];
    let backup = [
        "-c",
        "mergetool.keepBackup=false",
        "mergetool",
        "--tool=take",
        "--no-prompt",
    ];
    out_of_git(&sandbox, &[&args[..], &backup].concat());
    assert!(sandbox.read(README).contains(THEIRS));
    let status = out_of_git(&sandbox, &["status", "--porcelain", "README.md"]);
    assert_eq!(status, "M  README.md\n");
}

#[test]
fn markers_that_are_left_are_told_until_they_are_settled() {
    let sandbox = conflict("left");
    renamed(&sandbox, &["--conflict", "markers"]);
    let again = regenerate(&sandbox, "weather", &[]);
    assert!(again.stderr.contains("left in README.md:3"), "{again:#?}");
    let check = regenerate(&sandbox, "weather", &["--check", "--json"]);
    assert_eq!(check.code, Some(5), "{check:#?}");
    assert_eq!(check.json()["findings"], serde_json::json!(["unfinished"]));
    edit(&sandbox, README, MARKED, "Sun and rain\n");
    let settled = regenerate(&sandbox, "weather", &["--check"]);
    assert_eq!(settled.code, Some(0), "{settled:#?}");
}

#[test]
fn what_is_staged_stays_staged_when_markers_are_taken_back() {
    let sandbox = Sandbox::new("staged");
    project(&sandbox, "weather", &["--auth", "jwt"]);
    described(&sandbox);
    git(&sandbox, "weather", &["add", "README.md"]);
    renamed(&sandbox, &["--conflict", "markers"]);
    abort(&sandbox, "weather").succeeds();
    assert_eq!(
        out_of_git(&sandbox, &["status", "--porcelain"]),
        "M  README.md\n"
    );
}

#[test]
fn a_second_run_changes_nothing() {
    let sandbox = conflict("twice");
    for how in ["mine", "theirs", "incoming"] {
        let flags = ["--conflict", how, "--set", &format!("description={how}")];
        regenerate(
            &sandbox,
            "weather",
            &[&flags[..], &["--allow-dirty"]].concat(),
        )
        .succeeds();
        let before = tree(&sandbox.path("weather"));
        let ran = regenerate(&sandbox, "weather", &["--conflict", how]).succeeds();
        assert!(
            ran.stderr.contains("there is nothing new for weather"),
            "{ran:#?}"
        );
        assert_eq!(tree(&sandbox.path("weather")), before, "{how}");
    }
}

#[test]
fn what_is_neither_committed_nor_staged_is_not_touched() {
    let sandbox = conflict("dirty");
    let text = sandbox.read(MANIFEST);
    sandbox.write(MANIFEST, &format!("{text}# mine\n"));
    let before = tree(&sandbox.path("weather"));
    let mine = ["--conflict", "mine"];
    renamed(&sandbox, &mine).fails(4, &["Cargo.toml", "--allow-dirty"]);
    assert_eq!(tree(&sandbox.path("weather")), before);
    let ran = renamed(&sandbox, &[&mine[..], &["--dry-run"]].concat()).succeeds();
    assert!(ran.stderr.contains("Cargo.toml has changes"), "{ran:#?}");
    renamed(&sandbox, &[&mine[..], &["--allow-dirty"]].concat()).succeeds();
    assert!(sandbox.read(MANIFEST).ends_with("# mine\n"));
}

#[test]
fn a_project_below_the_top_of_its_repository_has_its_conflicts_there() {
    let sandbox = Sandbox::new("below");
    generate(
        &sandbox,
        "repository/weather",
        &["--name", "weather", "--auth", "jwt"],
    );
    edit(&sandbox, "repository/weather/README.md", DESCRIBED, MINE);
    commit(&sandbox, "repository");
    let folder = "repository/weather";
    regenerate(
        &sandbox,
        folder,
        &[&NEW[..], &["--conflict", "markers"]].concat(),
    );
    assert!(
        sandbox
            .read("repository/weather/README.md")
            .contains(MARKED)
    );
    let status = || git_status(&sandbox, "repository");
    assert!(status().contains("UU weather/README.md"), "{}", status());
    abort(&sandbox, folder).succeeds();
    assert_eq!(status(), "");
}

#[test]
fn what_git_does_not_know_gets_markers_all_the_same() {
    let sandbox = Sandbox::new("unknown");
    generate(&sandbox, "weather", &["--auth", "jwt"]);
    described(&sandbox);
    git(&sandbox, "weather", &["init", "--quiet"]);
    let ran = renamed(&sandbox, &["--conflict", "markers"]);
    assert_eq!(ran.code, Some(3), "{ran:#?}");
    assert!(sandbox.read(README).contains(MARKED));
    assert!(!git_status(&sandbox, "weather").contains('U'));
}

#[cfg(unix)]
#[test]
fn nothing_is_written_through_a_link() {
    let sandbox = Sandbox::new("link");
    project(&sandbox, "weather", &["--auth", "jwt"]);
    let readme = sandbox.path(README);
    fs::rename(&readme, sandbox.path("elsewhere.md")).unwrap();
    std::os::unix::fs::symlink(sandbox.path("elsewhere.md"), &readme).unwrap();
    commit_all(&sandbox);
    let before = sandbox.read("elsewhere.md");
    let ran = renamed(&sandbox, &[]).succeeds();
    assert!(ran.stderr.contains("README.md"), "{ran:#?}");
    assert_eq!(sandbox.read("elsewhere.md"), before);
    assert!(fs::symlink_metadata(&readme).unwrap().is_symlink());
    let incoming = sandbox.path("weather/.mcp-auth/incoming/README.md");
    assert!(incoming.exists());
    commit_all(&sandbox);
    // its owner has seen it
    renamed(&sandbox, &["--conflict", "mine"]).succeeds();
    assert!(!incoming.exists());
    let ran = renamed(&sandbox, &[]).succeeds();
    assert!(
        ran.stderr.contains("there is nothing new for weather"),
        "{ran:#?}"
    );
}

fn git_status(sandbox: &Sandbox, folder: &str) -> String {
    let output = Command::new("git")
        .args(["status", "--porcelain", "--untracked-files=no"])
        .current_dir(sandbox.path(folder))
        .output()
        .unwrap();
    String::from_utf8(output.stdout).unwrap()
}

fn commit_all(sandbox: &Sandbox) {
    git(sandbox, "weather", &["add", "."]);
    git(sandbox, "weather", &["commit", "--quiet", "-m", "more"]);
}
