//! What there is of a generated project: its folder, its files as they are, the pristine copies.
//! Part of the only reader of the disk: it writes nothing, and follows no link.
#![expect(
    clippy::disallowed_methods,
    reason = "part of the only reader of the disk"
)]

use std::{
    collections::BTreeMap,
    fs,
    io::ErrorKind,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

use super::{folder_obstacle, resolve};
use crate::{refusal::Refusal, relative::RelativePath, renewal::Present, state};

/// The folder with `mcp-auth.toml`, from `path` upwards.
pub fn folder_of_record(path: &Path) -> Result<PathBuf> {
    let shown = path.display();
    let found = resolve(path)?;
    if !found.exists() {
        return Err(Refusal::failed(format!("{shown} is not there"))
            .hint("name the project's folder: mcp-auth regenerate <PATH>")
            .into());
    }
    let has_record = |dir: &&Path| fs::symlink_metadata(dir.join(state::FILE)).is_ok();
    match found.ancestors().find(has_record) {
        Some(folder) => Ok(folder.to_owned()),
        None => Err(Refusal::failed(format!(
            "there is no {} in {shown} or above it: nothing here was generated",
            state::FILE
        ))
        .hint(MAKERS)
        .into()),
    }
}

const MAKERS: &str = "`mcp-auth new` makes a server, `mcp-auth add` protects one that is there; \
                      both leave this file\n\
                      if it was lost: `mcp-auth adopt` makes it again";

/// What is at these paths; nothing for those where nothing is.
pub fn read_present<'a>(
    root: &Path,
    paths: impl IntoIterator<Item = &'a RelativePath>,
) -> Result<BTreeMap<RelativePath, Present>> {
    let mut found = BTreeMap::new();
    for path in paths {
        if let Some(present) = present(root, path)? {
            found.insert(path.clone(), present);
        }
    }
    Ok(found)
}

fn present(root: &Path, path: &RelativePath) -> Result<Option<Present>> {
    for folder in path.parents() {
        match kind(root, &folder)? {
            None => return Ok(None),
            Some(Kind::Folder) => {}
            Some(Kind::Link) => return Ok(Some(Present::Link)),
            Some(Kind::File | Kind::Other) => return Ok(Some(Present::NotAFile)),
        }
    }
    Ok(match kind(root, path)? {
        None => None,
        Some(Kind::Link) => Some(Present::Link),
        Some(Kind::Folder | Kind::Other) => Some(Present::NotAFile),
        Some(Kind::File) => {
            let bytes = fs::read(root.join(path.native()));
            Some(Present::File(
                bytes.with_context(|| format!("cannot read {path}"))?,
            ))
        }
    })
}

enum Kind {
    File,
    Folder,
    Link,
    Other,
}

fn kind(root: &Path, path: &RelativePath) -> Result<Option<Kind>> {
    match fs::symlink_metadata(root.join(path.native())) {
        Ok(meta) if meta.is_symlink() => Ok(Some(Kind::Link)),
        Ok(meta) if meta.is_file() => Ok(Some(Kind::File)),
        Ok(meta) if meta.is_dir() => Ok(Some(Kind::Folder)),
        Ok(_) => Ok(Some(Kind::Other)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("cannot look at {path}")),
    }
}

/// Every file below a folder of ours, which ends with `/`. What is no file there, or has no name of ours, is left out.
pub fn read_below(root: &Path, folder: &str) -> Result<BTreeMap<RelativePath, Vec<u8>>> {
    let inside: RelativePath = format!("{folder}x").parse().map_err(anyhow::Error::msg)?;
    if let Some(what) = folder_obstacle(root, &inside)? {
        return Err(Refusal::failed(what)
            .hint("move it away and run again; nothing was written")
            .into());
    }
    let mut found = BTreeMap::new();
    let top = root.join(folder);
    if !top.exists() {
        return Ok(found);
    }
    for entry in walkdir::WalkDir::new(top) {
        let entry = entry.with_context(|| format!("cannot look into {folder}"))?;
        let inner = entry.path().strip_prefix(root).ok();
        let parts: Option<Vec<&str>> =
            inner.and_then(|inner| inner.iter().map(|part| part.to_str()).collect());
        let path = parts.and_then(|parts| parts.join("/").parse::<RelativePath>().ok());
        if let (Some(path), true) = (path, entry.file_type().is_file()) {
            let bytes = fs::read(entry.path()).with_context(|| format!("cannot read {path}"))?;
            found.insert(path, bytes);
        }
    }
    Ok(found)
}

/// A file that is no part of a project; nothing if it is not there.
pub fn read_file(path: &Path) -> Result<Option<Vec<u8>>> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("cannot read {}", path.display())),
    }
}
