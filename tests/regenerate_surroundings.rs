//! What surrounds a project that is regenerated: git in all its states or none, a record that was edited by hand or written
//! by a newer program, pristine copies that are lost.
#![cfg(unix)]

mod support;

use std::{fs, path::Path, process::Command};

use support::{
    Sandbox, differences, generate,
    generations::next_folder,
    owner::{NAME, Project, new_from_next},
    tree,
};

const JWT: [&str; 2] = ["--auth", "jwt"];

#[test]
fn a_project_in_a_folder_of_a_larger_repository_sees_only_itself() {
    let project = committed("inside", true);
    project.sandbox.write("README.md", "of the larger one\n");
    project.renew(&[]).succeeds();
    project.is_settled(&["--allow-dirty"]);
    assert_eq!(project.sandbox.read("README.md"), "of the larger one\n");
}

#[test]
fn uncommitted_edits_of_what_changes_are_refused_and_those_of_other_files_are_not() {
    let project = committed("dirty", false);
    project.write("src/mine.rs", "//! Mine.\n");
    project.edit("src/caller.rs", "//! ", "//! Mine: ");
    project.edit("src/main.rs", "set BIND_ADDR to a free address", "mine");
    let before = project.tree();
    let words = [
        "src/main.rs has changes that are not committed",
        "--allow-dirty",
    ];
    let ran = project.renew(&[]).fails(4, &words);
    assert!(!ran.stderr.contains("src/caller.rs"), "{}", ran.stderr);
    assert_eq!(differences(&before, &project.tree()), [""; 0]);
    git(&project.path(""), &["add", "src/main.rs"]);
    project.renew(&[]).succeeds();
}

#[test]
fn a_detached_head_and_a_worktree_are_as_good_as_a_branch() {
    let project = committed("worktree", false);
    let root = project.path("");
    git(&root, &["checkout", "--quiet", "--detach"]);
    git(&root, &["worktree", "add", "--quiet", "../tree"]);
    project.renew(&[]).succeeds();
    let there = ["regenerate", "tree", "--yes", "--no-check", "--templates"];
    let next = next_folder();
    project
        .sandbox
        .run(there.iter().copied().chain([next.as_str()]))
        .succeeds();
    let mut tree = tree(&project.sandbox.path("tree"));
    tree.retain(|path, _| path != ".git" && !path.starts_with(".mcp-auth/undo/"));
    let mut here = project.tree();
    here.retain(|path, _| !path.starts_with(".git/"));
    assert_eq!(differences(&here, &tree), [""; 0]);
}

#[test]
fn without_git_it_works_as_well() {
    let project = Project::new("no-git", &JWT);
    let mut command = project.sandbox.command();
    let next = next_folder();
    command.args([
        "regenerate",
        NAME,
        "--yes",
        "--no-check",
        "--templates",
        &next,
    ]);
    let ran = command.env("PATH", "/nowhere").output().unwrap();
    assert!(
        ran.status.success(),
        "{}",
        String::from_utf8_lossy(&ran.stderr)
    );
    let expected = new_from_next(&JWT);
    assert_eq!(differences(&expected, &project.tree()), [""; 0]);
}

#[test]
fn a_record_edited_by_hand_is_read_and_its_mistakes_have_a_place() {
    let project = Project::new("record", &JWT);
    let good = project.read("mcp-auth.toml");
    let wrong = [
        ("port = 8000", "port = 80_000_000", "mcp-auth.toml, line"),
        ("auth = \"jwt\"", "auth = \"jtw\"", "jtw"),
        ("preset = \"oidc\"", "preset = \"okt\"", "okt"),
        ("schema = 1", "schema = ", "mcp-auth.toml, line"),
        ("extras = [\"ci\"", "extras = [\"cli\"", "cli"),
        ("\"src/main.rs\" =", "\"../main.rs\" =", "../main.rs"),
    ];
    for (from, to, word) in wrong {
        assert!(good.contains(from), "{from}");
        project.write("mcp-auth.toml", &good.replace(from, to));
        let before = project.tree();
        let ran = project.renew(&[]);
        assert!(matches!(ran.code, Some(1 | 2)), "{to}: {ran:#?}");
        assert!(ran.stderr.contains(word), "{to}: {}", ran.stderr);
        assert_eq!(differences(&before, &project.tree()), [""; 0], "{to}");
    }
    // A person may say whose a file is.
    let theirs = good.replace(
        "\"src/main.rs\" = { class = \"merged\"",
        "\"src/main.rs\" = { class = \"seed\"",
    );
    assert_ne!(theirs, good);
    project.write("mcp-auth.toml", &theirs);
    project.edit("src/main.rs", "\"info,rmcp=warn\"", "\"debug\"");
    let main = project.read("src/main.rs");
    project.renew(&[]).succeeds();
    assert_eq!(project.read("src/main.rs"), main);
    project.is_settled(&[]);
}

#[test]
fn an_older_program_does_not_touch_a_newer_record() {
    let project = Project::new("newer", &JWT);
    let good = project.read("mcp-auth.toml");
    let generator = format!("generator = \"{}\"", env!("CARGO_PKG_VERSION"));
    for (from, to) in [
        (generator.as_str(), "generator = \"99.1.0\""),
        ("schema = 1", "schema = 2"),
    ] {
        assert!(good.contains(from), "{from}");
        project.write("mcp-auth.toml", &good.replace(from, to));
        let before = project.tree();
        project.renew(&[]).fails(1, &["cargo install mcp-auth"]);
        assert_eq!(differences(&before, &project.tree()), [""; 0]);
    }
}

#[test]
fn a_lost_pristine_copy_is_proved_or_asked_for() {
    let project = Project::new("lost", &JWT);
    fs::remove_dir_all(project.path(".mcp-auth/base")).unwrap();
    project.renew(&[]).succeeds();
    let expected = new_from_next(&JWT);
    assert_eq!(differences(&expected, &project.tree()), [""; 0]);

    let project = Project::new("lost-and-edited", &JWT);
    project.edit("src/main.rs", "set BIND_ADDR to a free address", "mine");
    project.delete(".mcp-auth/base/src/main.rs");
    let before = project.tree();
    project
        .renew(&[])
        .fails(1, &["src/main.rs", "mcp-auth adopt"]);
    assert_eq!(differences(&before, &project.tree()), [""; 0]);
}

#[test]
fn it_is_found_from_a_folder_inside_and_only_there() {
    let project = Project::new("inner", &JWT);
    let inner = format!("{NAME}/src/auth");
    let next = next_folder();
    let words = [
        "regenerate",
        &inner,
        "--yes",
        "--no-check",
        "--templates",
        &next,
    ];
    project.sandbox.run(words).succeeds();
    let expected = new_from_next(&JWT);
    assert_eq!(differences(&expected, &project.tree()), [""; 0]);
    let sandbox = Sandbox::new("none");
    sandbox
        .run(["regenerate", "--yes"])
        .fails(1, &["mcp-auth.toml"]);
}

/// With everything committed, in a repository of its own or in a larger one.
fn committed(name: &str, is_inside: bool) -> Project {
    let sandbox = Sandbox::new(name);
    generate(&sandbox, NAME, &JWT);
    let root = sandbox.path(if is_inside { "" } else { NAME });
    git(&root, &["init", "--quiet"]);
    git(&root, &["add", "."]);
    git(&root, &["commit", "--quiet", "-m", "mine"]);
    Project { sandbox }
}

fn git(root: &Path, args: &[&str]) {
    let user = [
        "-c",
        "user.name=a",
        "-c",
        "user.email=a@example.com",
        "-c",
        "commit.gpgsign=false",
    ];
    let status = Command::new("git")
        .args(user)
        .args(args)
        .current_dir(root)
        .status();
    assert!(status.unwrap().success(), "git {args:?}");
}
