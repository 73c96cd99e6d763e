//! Other programs: `git init`. The only starter of processes.
#![expect(clippy::disallowed_methods, reason = "the only starter of processes")]

use std::{
    io,
    path::Path,
    process::{Command, Stdio},
};

/// Makes a repository of `root`; the error is one line for people.
pub fn git_init(root: &Path) -> Result<(), String> {
    let mut git = Command::new("git");
    git.args(["init", "--quiet"])
        .current_dir(root)
        .stdin(Stdio::null())
        .stdout(Stdio::null());
    // inside a hook these point at another repository
    for variable in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"] {
        git.env_remove(variable);
    }
    match git.output() {
        Ok(output) if output.status.success() => Ok(()),
        Ok(output) => Err(first_line(&output.stderr)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Err("git is not installed".into()),
        Err(error) => Err(error.to_string()),
    }
}

fn first_line(text: &[u8]) -> String {
    let text = String::from_utf8_lossy(text);
    text.lines()
        .next()
        .unwrap_or("it failed without a word")
        .to_owned()
}
