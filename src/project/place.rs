//! Where an existing project is: its folder, what is around and inside it, what may be written there.
//! Part of the only reader of the disk: it writes nothing.
#![expect(
    clippy::disallowed_methods,
    reason = "part of the only reader of the disk"
)]

use std::{
    fs,
    io::ErrorKind,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

use super::{MANIFEST, folder_obstacle, resolve};
use crate::{refusal::Refusal, relative::RelativePath};

/// The folder of the project that `path` is or lies in; there is a `Cargo.toml` in it or above it.
pub fn folder_of_project(path: &Path) -> Result<PathBuf> {
    let shown = path.display();
    let found = resolve(path)?;
    if !found.exists() {
        return Err(Refusal::failed(format!("{shown} is not there"))
            .hint("name the folder of the server, or its Cargo.toml")
            .into());
    }
    let folder = match found.file_name() {
        Some(name) if found.is_file() && name == MANIFEST => found.parent().unwrap_or(&found),
        _ if found.is_dir() => &found,
        _ => {
            return Err(
                Refusal::failed(format!("{shown} is neither a folder nor a Cargo.toml"))
                    .hint("name the folder of the server, or its Cargo.toml")
                    .into(),
            );
        }
    };
    match projects_around(folder).next() {
        Some(_) => Ok(folder.to_owned()),
        None => Err(Refusal::failed(format!("there is no Cargo.toml in {shown} or above it"))
            .hint("name the folder of the server: mcp-auth add <PATH>\nfor a new server: mcp-auth new <DIR>")
            .into()),
    }
}

/// The folders with a `Cargo.toml`, from `folder` upwards.
pub fn projects_around(folder: &Path) -> impl Iterator<Item = &Path> {
    let above = folder.ancestors();
    above.filter(|dir| dir.join(MANIFEST).is_file())
}

/// Where `path` is, seen from `root`, with `/` between its parts; `None` if it is not inside.
pub fn inside(root: &Path, path: &Path) -> Option<String> {
    let path = resolve(path).ok().filter(|path| path.exists())?;
    text_path(path.strip_prefix(root).ok()?)
}

/// With `/` between its parts; `None` if it is not UTF-8.
pub(super) fn text_path(inner: &Path) -> Option<String> {
    let parts: Option<Vec<&str>> = inner.iter().map(|part| part.to_str()).collect();
    Some(parts?.join("/"))
}

/// The shortest way to a folder: below the current one from there, else from the top.
pub fn from_here(folder: &Path) -> Result<PathBuf> {
    let here = resolve(Path::new("."))?;
    // a path of parts loses the separator at its end
    let folder: PathBuf = folder.components().collect();
    Ok(folder
        .strip_prefix(here)
        .map_or_else(|_| folder.clone(), Path::to_owned))
}

/// The folder that is called so in the one with this path, and whether it is there; the shortest way to it.
pub fn folder_seen_from(root: &Path, path: &str) -> Result<(PathBuf, bool)> {
    let folder = resolve(&root.join(path))?;
    Ok((from_here(&folder)?, folder.is_dir()))
}

/// What may not be written, although it is there.
pub fn read_only<'a>(
    root: &Path,
    paths: impl IntoIterator<Item = &'a RelativePath>,
) -> Vec<&'a RelativePath> {
    let is_read_only = |path: &&RelativePath| {
        let meta = fs::metadata(root.join(path.native()));
        meta.is_ok_and(|meta| meta.permissions().readonly())
    };
    paths.into_iter().filter(is_read_only).collect()
}

/// The edits of this folder that can be taken back, the last one at the end.
pub fn undo_numbers(root: &Path) -> Result<Vec<u32>> {
    let inside: RelativePath = ".mcp-auth/undo/0".parse().map_err(anyhow::Error::msg)?;
    if let Some(what) = folder_obstacle(root, &inside)? {
        return Err(Refusal::failed(what).into());
    }
    let entries = match fs::read_dir(root.join(".mcp-auth/undo")) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.context("cannot look into .mcp-auth/undo")?,
    };
    let names = entries
        .flatten()
        .filter_map(|entry| entry.file_name().into_string().ok());
    let mut numbers: Vec<u32> = names.filter_map(|name| name.parse().ok()).collect();
    numbers.sort_unstable();
    Ok(numbers)
}
