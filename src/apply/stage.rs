//! A new project: built in a staging folder beside its place, then renamed into it in one step.
//! A kill leaves at most the staging folder, which the next run beside it removes.
#![expect(
    clippy::disallowed_methods,
    reason = "part of the only writer of the disk"
)]

use std::{
    collections::BTreeSet,
    ffi::OsStr,
    fs::{self, File, TryLockError},
    io::{self, ErrorKind, Write},
    path::{Path, PathBuf},
    process,
};

use anyhow::{Context, Result};

use super::Aftermath;
use crate::{plan::Change, plan::Plan, refusal::Refusal, relative::RelativePath};

const PREFIX: &str = ".mcp-auth-new-";
const LOCK: &str = "lock";
const TREE: &str = "tree";

pub(super) fn create(
    plan: &Plan,
    root: &Path,
    progress: &mut dyn FnMut(usize),
) -> Result<Aftermath> {
    let place = Place::of(root)?;
    let aftermath = sweep(&place.beside);
    let stage = Stage::new(&place.beside)?;
    let tree = stage.dir.join(TREE);
    write_tree(plan, &tree.join(&place.below), progress)?;
    keep_permissions(&place.top, &tree)?;
    fs::rename(&tree, &place.top).map_err(|error| occupied_meanwhile(error, &place.top))?;
    Ok(aftermath)
}

/// An empty folder that is replaced was perhaps made private on purpose.
fn keep_permissions(present: &Path, tree: &Path) -> Result<()> {
    match fs::metadata(present) {
        Ok(present) => fs::set_permissions(tree, present.permissions())
            .context("cannot give the new folder the permissions of the old one"),
        Err(_) => Ok(()),
    }
}

pub(super) fn save(dir: &Path, files: &[(String, Vec<u8>)]) -> Result<()> {
    fs::create_dir_all(dir).with_context(|| format!("cannot make the folder {}", dir.display()))?;
    for (name, bytes) in files {
        let path = dir.join(name);
        fs::write(&path, bytes).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}

/// Where a tree goes: `top` is the outermost folder that does not exist yet, `below` what it must hold.
struct Place {
    beside: PathBuf,
    top: PathBuf,
    below: PathBuf,
}

impl Place {
    fn of(root: &Path) -> Result<Self> {
        let above = root.ancestors().skip(1).find(|dir| dir.is_dir());
        let beside = above.with_context(|| format!("no folder above {} exists", root.display()))?;
        let inner = root.strip_prefix(beside).unwrap_or(root);
        let mut parts = inner.components();
        let top = parts
            .next()
            .map(|first| beside.join(first))
            .unwrap_or_else(|| root.to_owned());
        Ok(Self {
            beside: beside.to_owned(),
            top,
            below: parts.as_path().to_owned(),
        })
    }
}

/// A folder of this process alone, gone when dropped. The lock in it tells the living from the dead.
struct Stage {
    dir: PathBuf,
    _lock: File,
}

impl Stage {
    fn new(beside: &Path) -> Result<Self> {
        Self::make(beside).with_context(|| format!("cannot write into {}", beside.display()))
    }

    /// Takes another name when somebody has this one: a process of another container, or a sweeper that took
    /// the new folder for a dead one before its lock was there.
    fn make(beside: &Path) -> io::Result<Self> {
        for attempt in 0..100 {
            let dir = beside.join(format!("{PREFIX}{}-{attempt}", process::id()));
            match fs::create_dir(&dir) {
                Err(error) if error.kind() == ErrorKind::AlreadyExists => continue,
                made => made?,
            }
            let lock = match File::create_new(dir.join(LOCK)) {
                Err(error) if error.kind() == ErrorKind::NotFound => continue,
                lock => lock?,
            };
            let ours = !matches!(lock.try_lock(), Err(TryLockError::WouldBlock));
            if ours && dir.join(LOCK).exists() {
                return Ok(Self { dir, _lock: lock });
            }
        }
        Err(ErrorKind::AlreadyExists.into())
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        // if it fails, the next run sweeps
        let _ = remove(&self.dir);
    }
}

/// Removes the staging folders of runs that were killed. What cannot be looked at or removed stays: tidying up
/// must not stop the work.
fn sweep(beside: &Path) -> Aftermath {
    let mut aftermath = Aftermath::Nothing;
    for entry in fs::read_dir(beside).into_iter().flatten().flatten() {
        // a link of that name is none of ours
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        let ours = is_folder && is_ours(&entry.file_name());
        if ours && is_dead(&entry.path()) && remove(&entry.path()).is_ok() {
            aftermath = Aftermath::Litter;
        }
    }
    aftermath
}

fn is_ours(name: &OsStr) -> bool {
    let number = name.to_str().and_then(|name| name.strip_prefix(PREFIX));
    number.is_some_and(|number| {
        number
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'-')
    })
}

fn is_dead(stage: &Path) -> bool {
    match File::open(stage.join(LOCK)) {
        Ok(lock) => lock.try_lock().is_ok(),
        // killed before it made its lock: `remove` takes it only if nothing else is in it
        Err(error) => error.kind() == ErrorKind::NotFound && fs::remove_dir(stage).is_ok(),
    }
}

/// The lock goes last: while there is anything to remove, the next run knows whose it is.
fn remove(stage: &Path) -> io::Result<()> {
    gone(fs::remove_dir_all(stage.join(TREE)))?;
    gone(fs::remove_file(stage.join(LOCK)))?;
    gone(fs::remove_dir(stage))
}

pub(super) fn gone(result: io::Result<()>) -> io::Result<()> {
    result.or_else(|error| {
        if error.kind() == ErrorKind::NotFound {
            Ok(())
        } else {
            Err(error)
        }
    })
}

fn write_tree(plan: &Plan, root: &Path, progress: &mut dyn FnMut(usize)) -> Result<()> {
    let folders: BTreeSet<RelativePath> = plan
        .changes
        .iter()
        .flat_map(|change| change.path.parents())
        .collect();
    fs::create_dir_all(root)
        .with_context(|| format!("cannot make the folder {}", root.display()))?;
    for folder in folders {
        fs::create_dir(root.join(folder.native()))
            .with_context(|| format!("cannot make the folder {folder}"))?;
    }
    for (done, change) in plan.changes.iter().enumerate() {
        write_new(&root.join(change.path.native()), change)?;
        progress(done + 1);
    }
    Ok(())
}

pub(super) fn write_new(path: &Path, change: &Change) -> Result<()> {
    let written = File::create_new(path).and_then(|mut file| {
        file.write_all(change.text().as_bytes())?;
        let executable = change.after.as_ref().is_some_and(|after| after.executable);
        make_executable(&file, executable)
    });
    written.with_context(|| format!("cannot write {}", change.path))
}

#[cfg(unix)]
fn make_executable(file: &File, executable: bool) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    if !executable {
        return Ok(());
    }
    let mode = file.metadata()?.permissions().mode();
    // whoever may read may run
    file.set_permissions(fs::Permissions::from_mode(mode | (mode & 0o444) >> 2))
}

#[cfg(not(unix))]
fn make_executable(_file: &File, _executable: bool) -> io::Result<()> {
    Ok(())
}

fn occupied_meanwhile(error: io::Error, top: &Path) -> anyhow::Error {
    match error.kind() {
        ErrorKind::DirectoryNotEmpty | ErrorKind::AlreadyExists | ErrorKind::NotADirectory => {
            Refusal::failed(format!(
                "{} appeared while the project was being made; nothing was written",
                top.display()
            ))
            .into()
        }
        _ => anyhow::Error::new(error)
            .context(format!("cannot move the project to {}", top.display())),
    }
}
