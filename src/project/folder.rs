//! Reads a template set from a person's folder: text files only, no links, not without end.
//! Part of the only reader of the disk: it writes nothing.
#![expect(
    clippy::disallowed_methods,
    reason = "part of the only reader of the disk"
)]

use std::{
    collections::BTreeMap,
    fs::File,
    io::Read,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use walkdir::{DirEntry, WalkDir};

use super::{place::text_path, resolve};
use crate::refusal::{Exit, Problem, Refusal};

/// What a set is made of. Whatever else is in the folder is its owner's: a README, a `.git`.
const PARTS: [&str; 4] = ["catalog.toml", "changes.toml", "partials", "rust"];
const MOST_FILES: usize = 4_000;
const LONGEST: u64 = 1 << 20;
const LONGEST_TOGETHER: u64 = 32 << 20;

/// The texts of a set, by their path with `/`; line ends are `\n`, whatever the checkout has.
pub struct Texts {
    /// Absolute, without links or `..`.
    pub path: PathBuf,
    pub files: BTreeMap<String, String>,
}

/// # Errors
/// A `Refusal` if it is no folder, or with all files in it that cannot be a part of a template set.
pub fn read(dir: &Path) -> Result<Texts> {
    let shown = dir.display();
    let path = resolve(dir)?;
    if !path.is_dir() {
        let what = match path.exists() {
            true => format!("{shown} is not a folder"),
            false => format!("the folder {shown} is not there"),
        };
        return Err(Refusal::failed(what)
            .hint("the templates of the program, to begin with: mcp-auth templates export <DIR>")
            .into());
    }
    let mut texts = Texts {
        path,
        files: BTreeMap::new(),
    };
    let mut problems = Vec::new();
    let mut total = 0;
    for entry in entries(&texts.path) {
        let entry = entry.with_context(|| format!("cannot look into {shown}"))?;
        match text(&entry, &texts.path, LONGEST)? {
            Found::Folder => {}
            Found::Wrong(what) => problems.push(Problem::new(format!("{shown}/{what}"))),
            Found::Text(name, text) => {
                total += text.len() as u64;
                texts.files.insert(name, text);
            }
        }
        if texts.files.len() > MOST_FILES || total > LONGEST_TOGETHER {
            let what =
                format!("{shown} holds more than a template set may: {MOST_FILES} files, 32 MiB");
            return Err(Refusal::failed(what).hint("is it the right folder?").into());
        }
    }
    match problems.is_empty() {
        true => Ok(texts),
        false => Err(Refusal::many(Exit::Failed, problems)
            .hint("templates are text files: take these away")
            .into()),
    }
}

/// Sorted, so that the same problems are told in the same order.
fn entries(root: &Path) -> impl Iterator<Item = walkdir::Result<DirEntry>> {
    let is_part = |entry: &DirEntry| {
        let name = entry.file_name().to_str();
        entry.depth() != 1 || name.is_some_and(|name| PARTS.contains(&name))
    };
    let walk = WalkDir::new(root).min_depth(1).sort_by_file_name();
    walk.into_iter().filter_entry(is_part)
}

enum Found {
    Folder,
    Text(String, String),
    Wrong(String),
}

fn text(entry: &DirEntry, root: &Path, longest: u64) -> Result<Found> {
    let inner = entry.path().strip_prefix(root)?;
    let shown = inner.display().to_string().replace('\\', "/");
    let kind = entry.file_type();
    let wrong = |why: &str| Ok(Found::Wrong(format!("{shown} {why}")));
    if kind.is_dir() {
        return Ok(Found::Folder);
    }
    if kind.is_symlink() {
        return wrong("is a symbolic link");
    }
    if !kind.is_file() {
        return wrong("is not a file");
    }
    let Some(path) = text_path(inner) else {
        return wrong("has a name that is not UTF-8");
    };
    let mut bytes = Vec::new();
    let file = File::open(entry.path()).with_context(|| format!("cannot read {shown}"))?;
    let read = file.take(longest + 1).read_to_end(&mut bytes);
    read.with_context(|| format!("cannot read {shown}"))?;
    if bytes.len() as u64 > longest {
        return wrong("is longer than 1 MiB");
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Found::Text(path, plain(&text))),
        Err(_) => wrong("is not UTF-8"),
    }
}

fn plain(text: &str) -> String {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    text.replace("\r\n", "\n")
}
