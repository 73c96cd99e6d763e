//! What is around a new project: a repository, a workspace, no git at all.

mod support;

use std::fs;

use support::{Ran, Sandbox};

#[test]
fn git_is_initialised_unless_there_is_a_repository_or_no_git() {
    // the sandbox itself is inside a repository, so this one is in the system's temporary folder
    let root = std::env::temp_dir().join(format!("mcp-auth-git-{}", std::process::id()));
    fs::create_dir_all(&root).unwrap();
    let sandbox = Sandbox::new("git");
    let run = |name: &str, path: Option<&str>| {
        let mut command = sandbox.command();
        command
            .current_dir(&root)
            .args(["new", name, "--auth", "jwt", "--yes", "--json"]);
        if let Some(path) = path {
            command.env("PATH", path);
        }
        Ran::of(&command.output().unwrap()).succeeds().json()["git"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    assert_eq!(run("outer", None), "made");
    assert!(root.join("outer/.git/HEAD").exists());
    assert_eq!(run("outer/inner", None), "already there");
    assert_eq!(run("without", Some("/nonexistent")), "failed");
    fs::remove_dir_all(&root).unwrap();
}

#[test]
fn a_workspace_around_the_project_is_mentioned() {
    let sandbox = Sandbox::new("workspace");
    sandbox.write("Cargo.toml", "[workspace]\nmembers = []\n");
    let ran = sandbox
        .run(["new", "weather", "--auth", "jwt", "--yes"])
        .succeeds();
    assert!(ran.stderr.contains("is a workspace"), "{}", ran.stderr);
}
