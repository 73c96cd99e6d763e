//! The three sides of a conflict in git's index, where `git mergetool` and editors look for them, and the way back.

use std::path::Path;

use super::{feed, git};
use crate::relative::RelativePath;

/// A file with conflict markers, as it would be after a merge of git's own.
pub struct Sides<'a> {
    pub path: &'a RelativePath,
    pub base: Option<&'a [u8]>,
    pub mine: &'a [u8],
    pub theirs: &'a [u8],
}

/// One line of `git ls-files --stage`.
#[derive(Debug, PartialEq, Eq)]
struct Entry {
    mode: String,
    object: String,
    stage: char,
    /// From the top of the repository.
    path: String,
}

/// Passes over what git does not know, or knows with another text than the one before the conflict: nothing that is
/// staged is lost. The error is one line for people.
pub fn mark_unmerged(root: &Path, files: &[Sides<'_>]) -> Result<(), String> {
    let mut info = String::new();
    for Sides {
        path,
        base,
        mine,
        theirs,
    } in files
    {
        let entries = entries(root, &[path])?;
        let mine = object(root, path, mine)?;
        let [entry] = entries.as_slice() else {
            continue;
        };
        if entry.object != mine || entry.stage != '0' || !entry.mode.starts_with("100") {
            continue;
        }
        info += &removal(entry);
        if let Some(base) = base {
            info += &line(entry, &object(root, path, base)?, '1');
        }
        info += &line(entry, &mine, '2');
        info += &line(entry, &object(root, path, theirs)?, '3');
    }
    update(root, &info)
}

/// What was unmerged among these is again as it was before `mark_unmerged`. The error is one line for people.
pub fn mark_merged(root: &Path, paths: &[&RelativePath]) -> Result<(), String> {
    let mut info = String::new();
    for mine in entries(root, paths)?
        .iter()
        .filter(|entry| entry.stage == '2')
    {
        info += &removal(mine);
        info += &line(mine, &mine.object, '0');
    }
    update(root, &info)
}

fn entries(root: &Path, paths: &[&RelativePath]) -> Result<Vec<Entry>, String> {
    if paths.is_empty() {
        return Ok(Vec::new());
    }
    let fixed = [
        "--literal-pathspecs",
        "ls-files",
        "--stage",
        "--full-name",
        "-z",
        "--",
    ];
    let names = paths.iter().map(|path| path.as_str());
    let listed = git(root, fixed.into_iter().chain(names))?;
    let listed = String::from_utf8_lossy(&listed);
    Ok(listed.split('\0').filter_map(entry).collect())
}

/// `100644 4d5f0e... 0<tab>src/main.rs`
fn entry(text: &str) -> Option<Entry> {
    let (about, path) = text.split_once('\t')?;
    let mut words = about.split(' ');
    Some(Entry {
        mode: words.next()?.to_owned(),
        object: words.next()?.to_owned(),
        stage: words.next()?.chars().next()?,
        path: path.to_owned(),
    })
}

/// Writes the text as git would when the file is added.
fn object(root: &Path, path: &RelativePath, text: &[u8]) -> Result<String, String> {
    let filters = format!("--path={path}");
    let name = feed(root, ["hash-object", "-w", "--stdin", &filters], text)?;
    Ok(String::from_utf8_lossy(&name).trim_end().to_owned())
}

fn line(entry: &Entry, object: &str, stage: char) -> String {
    let Entry { mode, path, .. } = entry;
    format!("{mode} {object} {stage}\t{path}\0")
}

/// All stages of a path go.
fn removal(Entry { object, path, .. }: &Entry) -> String {
    format!("0 {} 0\t{path}\0", "0".repeat(object.len()))
}

fn update(root: &Path, info: &str) -> Result<(), String> {
    if info.is_empty() {
        return Ok(());
    }
    let args = ["update-index", "-z", "--index-info"];
    feed(root, args, info.as_bytes()).map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_read_with_the_spaces_of_its_path() {
        let entry = entry("100755 4d5f 2\tsrc/a b.rs").unwrap();
        assert_eq!(
            (entry.mode.as_str(), entry.object.as_str()),
            ("100755", "4d5f")
        );
        assert_eq!((entry.stage, entry.path.as_str()), ('2', "src/a b.rs"));
    }

    #[test]
    fn the_names_of_objects_are_as_long_as_the_repository_has_them() {
        let entry = entry("100644 4d5f 0\ta.rs").unwrap();
        assert_eq!(removal(&entry), "0 0000 0\ta.rs\0");
    }
}
