//! `git`: makes a repository, and says what its owner changed.
#![expect(clippy::disallowed_methods, reason = "the only starter of processes")]

mod index;

pub use index::{Sides, mark_merged, mark_unmerged};

use std::{
    collections::BTreeSet,
    io::{self, Write},
    path::Path,
    process::{Command, Stdio},
    thread,
};

use super::first_line;
use crate::relative::RelativePath;

/// Makes a repository of `root`; the error is one line for people.
pub fn init(root: &Path) -> Result<(), String> {
    git(root, ["init", "--quiet"]).map(|_| ())
}

/// Which of these files have changes that are neither committed nor staged, or are in conflict; files that git does
/// not know are none of them. The error is one line for people.
pub fn changed<'a>(
    root: &Path,
    paths: &[&'a RelativePath],
) -> Result<Vec<&'a RelativePath>, String> {
    if paths.is_empty() {
        return Ok(Vec::new());
    }
    let fixed = [
        "--literal-pathspecs",
        "status",
        "--porcelain=v1",
        "-z",
        "--untracked-files=no",
        "--no-renames",
        "--",
    ];
    let names = paths.iter().map(|path| path.as_str());
    let status = git(root, fixed.into_iter().chain(names))?;
    let changed = changed_in(&String::from_utf8_lossy(&status));
    // git names them from the top of the repository, which may be above `root`
    let above = git(root, ["rev-parse", "--show-prefix"])?;
    let above = String::from_utf8_lossy(&above);
    Ok(those_of(paths, above.trim_end_matches('\n'), &changed))
}

fn those_of<'a>(
    paths: &[&'a RelativePath],
    above: &str,
    changed: &[String],
) -> Vec<&'a RelativePath> {
    let inside = changed.iter().filter_map(|name| name.strip_prefix(above));
    let inside: BTreeSet<&str> = inside.collect();
    let is_changed = |path: &&&RelativePath| inside.contains(path.as_str());
    paths.iter().filter(is_changed).copied().collect()
}

/// Of `XY path` entries those where Y, the work tree, differs; all conflicts are among them.
fn changed_in(status: &str) -> Vec<String> {
    let entries = status.split('\0').filter(|entry| entry.len() > 3);
    entries
        .filter(|entry| !matches!(entry.as_bytes()[1], b' ' | b'?' | b'!'))
        .filter_map(|entry| entry.get(3..).map(str::to_owned))
        .collect()
}

fn git<'a>(root: &Path, args: impl IntoIterator<Item = &'a str>) -> Result<Vec<u8>, String> {
    feed(root, args, b"")
}

/// `input` goes to its standard input.
fn feed<'a>(
    root: &Path,
    args: impl IntoIterator<Item = &'a str>,
    input: &[u8],
) -> Result<Vec<u8>, String> {
    let mut git = Command::new("git");
    git.args(args).current_dir(root);
    git.stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    // inside a hook these point at another repository
    for variable in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"] {
        git.env_remove(variable);
    }
    // looking must not write into the repository
    git.env("GIT_OPTIONAL_LOCKS", "0");
    let output = git.spawn().and_then(|mut git| {
        let mut stdin = git.stdin.take();
        thread::scope(|scope| {
            // it says itself what is wrong if it does not want to read
            scope.spawn(move || stdin.as_mut().map(|stdin| stdin.write_all(input)));
            git.wait_with_output()
        })
    });
    match output {
        Ok(output) if output.status.success() => Ok(output.stdout),
        Ok(output) => Err(first_line(&output.stderr)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Err("git is not installed".into()),
        Err(error) => Err(error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_staged_only_is_no_change_and_a_conflict_is_one() {
        let status = " M a.rs\0M  b.rs\0MM c d.rs\0UU e.rs\0A  f.rs\0AM g.rs\0?? h.rs\0";
        assert_eq!(changed_in(status), ["a.rs", "c d.rs", "e.rs", "g.rs"]);
    }

    #[test]
    fn files_of_the_same_name_in_different_folders_are_not_mixed_up() {
        let paths = ["Cargo.toml", "server/Cargo.toml"].map(|path| path.parse().unwrap());
        let named = |above: &str, changed: &str| {
            let all: Vec<&RelativePath> = paths.iter().collect();
            let named = those_of(&all, above, &[changed.to_owned()]);
            named
                .into_iter()
                .map(RelativePath::as_str)
                .collect::<Vec<_>>()
        };
        assert_eq!(named("", "server/Cargo.toml"), ["server/Cargo.toml"]);
        assert_eq!(named("", "Cargo.toml"), ["Cargo.toml"]);
        assert_eq!(named("server/", "server/Cargo.toml"), ["Cargo.toml"]);
        let inner = named("server/", "server/server/Cargo.toml");
        assert_eq!(inner, ["server/Cargo.toml"]);
    }
}
