//! The second generation of the templates: `templates/` with the edits of `tests/generations/next/`, in a folder that
//! `--templates` can name.

use std::{collections::BTreeMap, fs, path::Path, sync::LazyLock};

use serde::Deserialize;
use toml_edit::{DocumentMut, value};

use super::{Sandbox, Tree, repository, tree};

/// Made once for all tests of a binary.
static NEXT: LazyLock<Sandbox> = LazyLock::new(|| {
    let sandbox = Sandbox::new("next");
    write(&sandbox.path(""), &next());
    sandbox
});

/// The folder to type after `--templates`.
pub fn next_folder() -> String {
    NEXT.path("").to_str().unwrap().to_owned()
}

/// How a set differs from the embedded one.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Edits {
    removed: Vec<String>,
    moved: BTreeMap<String, String>,
    edit: Vec<Edit>,
    /// New files with their texts.
    added: BTreeMap<String, String>,
}

#[derive(Deserialize)]
struct Edit {
    files: Vec<String>,
    find: String,
    replace: String,
}

/// Its files.
pub fn next() -> Tree {
    let folder = repository().join("tests/generations/next");
    let read = |name| fs::read_to_string(folder.join(name)).unwrap();
    let edits: Edits = toml_edit::de::from_str(&read("edits.toml")).unwrap();
    let mut set = edited(&edits, &read("changes.toml"));
    set.extend(tree(&folder.join("files")));
    set
}

/// The embedded templates with these edits and these changes more in their history.
pub fn edited(edits: &Edits, changes: &str) -> Tree {
    let mut set = tree(&repository().join("templates"));
    for path in &edits.removed {
        assert!(set.remove(path).is_some(), "there is no template {path}");
    }
    for (from, to) in &edits.moved {
        let text = set.remove(from);
        let text = text.unwrap_or_else(|| panic!("there is no template {from}"));
        set.insert(to.clone(), text);
    }
    for edit in &edits.edit {
        for pattern in &edit.files {
            apply(&mut set, pattern, edit);
        }
    }
    for (path, text) in &edits.added {
        set.insert(path.clone(), text.clone().into_bytes());
    }
    let history = set.entry("changes.toml".into()).or_default();
    *history = continued(std::str::from_utf8(history).unwrap(), changes).into_bytes();
    set
}

fn apply(set: &mut Tree, pattern: &str, edit: &Edit) {
    let mut files = set
        .iter_mut()
        .filter(|(path, _)| is_like(path, pattern))
        .peekable();
    assert!(files.peek().is_some(), "there is no template {pattern}");
    for (path, bytes) in files {
        let text = std::str::from_utf8(bytes).unwrap();
        let find = &edit.find;
        assert!(text.contains(find), "{path} does not have\n{find}");
        *bytes = text.replace(find, &edit.replace).into_bytes();
    }
}

fn is_like(path: &str, pattern: &str) -> bool {
    let (path, pattern): (Vec<&str>, Vec<&str>) =
        (path.split('/').collect(), pattern.split('/').collect());
    let mut pairs = path.iter().zip(&pattern);
    path.len() == pattern.len() && pairs.all(|(part, wanted)| *wanted == "*" || part == wanted)
}

/// The history with further changes, which are numbered here.
fn continued(history: &str, more: &str) -> String {
    let count = history.parse::<DocumentMut>().unwrap();
    let count = count
        .get("change")
        .and_then(|item| item.as_array_of_tables());
    let newest = count.map_or(0, |changes| changes.len());
    let mut more: DocumentMut = more.parse().unwrap();
    let changes = more
        .get_mut("change")
        .and_then(|item| item.as_array_of_tables_mut());
    let changes = changes.into_iter().flat_map(|changes| changes.iter_mut());
    for (change, number) in changes.zip(newest + 1..) {
        change["number"] = value(i64::try_from(number).unwrap());
    }
    format!("{history}\n{more}")
}

pub fn write(folder: &Path, files: &Tree) {
    for (path, bytes) in files {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
}
