//! What is already there, as plain data. The only reader of the disk.
#![expect(clippy::disallowed_methods, reason = "the only reader of the disk")]

pub mod files;
pub mod folder;
mod generated;
mod place;

pub use generated::{folder_of_record, read_below, read_file, read_present};
pub use place::{
    folder_of_project, folder_seen_from, from_here, inside, projects_around, read_only,
    undo_numbers,
};

use std::{
    collections::BTreeMap,
    env, fs,
    io::ErrorKind,
    path::{Component, Path, PathBuf},
};

use anyhow::{Context, Result};

use crate::{
    refusal::{Exit, Problem, Refusal},
    relative::RelativePath,
};

const MANIFEST: &str = "Cargo.toml";

/// The folder that a project is to be in.
#[derive(Debug)]
pub struct Target {
    /// Absolute, without links or `..`.
    pub root: PathBuf,
    pub occupancy: Occupancy,
    /// It is inside a git work tree.
    pub in_git: bool,
    /// The manifest of a cargo workspace around it.
    pub workspace: Option<PathBuf>,
}

#[derive(Debug, PartialEq, Eq)]
pub enum Occupancy {
    Missing,
    /// Empty, and nobody stands in it.
    Empty,
    /// The current folder, empty.
    Here,
    /// Holds these, sorted.
    Occupied(Vec<String>),
}

pub fn look_at(dir: &Path) -> Result<Target> {
    let root = resolve(dir)?;
    let occupancy = occupancy(&root)?;
    let above = || root.ancestors().skip(1);
    Ok(Target {
        in_git: root.ancestors().any(|dir| dir.join(".git").exists()),
        workspace: above()
            .map(|dir| dir.join(MANIFEST))
            .find(|manifest| is_workspace(manifest)),
        occupancy,
        root,
    })
}

/// The last part of `dir`, following `.` and `..`: what the project is called when nothing else is said.
pub fn folder_name(dir: &Path) -> Result<String> {
    let last = dir.components().next_back();
    let name = match last {
        Some(Component::Normal(name)) => name.to_owned(),
        _ => resolve(dir)?.file_name().unwrap_or_default().to_owned(),
    };
    Ok(name.to_string_lossy().into_owned())
}

/// The files of the project that are there already. Anything that is in the way without being a plain file is refused.
pub fn read_existing<'a>(
    root: &Path,
    paths: impl IntoIterator<Item = &'a RelativePath>,
) -> Result<BTreeMap<RelativePath, Vec<u8>>> {
    let mut found = BTreeMap::new();
    let mut problems = Vec::new();
    for path in paths {
        match obstacle(root, path)? {
            Some(what) => problems.push(Problem::new(what)),
            None => match fs::read(root.join(path.native())) {
                Ok(bytes) => _ = found.insert(path.clone(), bytes),
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                Err(error) => return Err(error).with_context(|| format!("cannot read {path}")),
            },
        }
    }
    problems.dedup();
    match problems.is_empty() {
        true => Ok(found),
        false => Err(Refusal::many(Exit::Failed, problems)
            .hint("move it away and run again; nothing was written")
            .into()),
    }
}

/// A link or another thing than a file on the way to `path`: nothing is ever written through it.
fn obstacle(root: &Path, path: &RelativePath) -> Result<Option<String>> {
    if let Some(what) = folder_obstacle(root, path)? {
        return Ok(Some(what));
    }
    match fs::symlink_metadata(root.join(path.native())) {
        Ok(meta) if meta.is_file() => Ok(None),
        Ok(meta) if meta.is_symlink() => Ok(Some(format!("{path} is a symbolic link"))),
        Ok(_) => Ok(Some(format!("{path} is not a file"))),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("cannot look at {path}")),
    }
}

fn folder_obstacle(root: &Path, path: &RelativePath) -> Result<Option<String>> {
    for folder in path.parents() {
        match fs::symlink_metadata(root.join(folder.native())) {
            Ok(meta) if meta.is_dir() => {}
            Ok(meta) if meta.is_symlink() => {
                return Ok(Some(format!("{folder} is a symbolic link")));
            }
            Ok(_) => return Ok(Some(format!("{folder} is not a folder"))),
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error).with_context(|| format!("cannot look at {folder}")),
        }
    }
    Ok(None)
}

/// Follows links as far as the path exists; the rest may hold no `..`.
fn resolve(dir: &Path) -> Result<PathBuf> {
    let shown = dir.display();
    let absolute = env::current_dir()
        .context("the current folder is gone")?
        .join(dir);
    if let Ok(meta) = fs::symlink_metadata(&absolute)
        && meta.is_symlink()
        && !absolute.exists()
    {
        return Err(
            Refusal::failed(format!("{shown} is a link to something that is not there")).into(),
        );
    }
    let mut existing = absolute.as_path();
    let mut missing = Vec::new();
    while !existing.exists() {
        match (existing.parent(), existing.components().next_back()) {
            (Some(parent), Some(Component::Normal(name))) => {
                missing.push(name);
                existing = parent;
            }
            _ => {
                return Err(Refusal::usage(format!(
                    "{shown} goes up (`..`) from a folder that is not there"
                ))
                .into());
            }
        }
    }
    let mut root = existing
        .canonicalize()
        .with_context(|| format!("cannot look at {}", existing.display()))?;
    root.extend(missing.into_iter().rev());
    Ok(root)
}

fn occupancy(root: &Path) -> Result<Occupancy> {
    let entries = match fs::read_dir(root) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Occupancy::Missing),
        Err(error) if error.kind() == ErrorKind::NotADirectory => {
            return Err(Refusal::failed(format!(
                "{} is in the way: it is not a folder",
                root.display()
            ))
            .into());
        }
        Err(error) => {
            return Err(error).with_context(|| format!("cannot look into {}", root.display()));
        }
    };
    let mut names = Vec::new();
    for entry in entries {
        names.push(entry?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    let here = env::current_dir()
        .and_then(|dir| dir.canonicalize())
        .is_ok_and(|here| here.starts_with(root));
    Ok(match (names.is_empty(), here) {
        (true, true) => Occupancy::Here,
        (true, false) => Occupancy::Empty,
        (false, _) => Occupancy::Occupied(names),
    })
}

fn is_workspace(manifest: &Path) -> bool {
    let text = fs::read_to_string(manifest).unwrap_or_default();
    text.parse::<toml_edit::DocumentMut>()
        .is_ok_and(|doc| doc.contains_key("workspace"))
}
