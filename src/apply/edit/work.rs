//! The folder inside the project that holds lock, journal, new and old texts while something is changed.
//! Puts things aside there, and from there into their place.
#![expect(
    clippy::disallowed_methods,
    reason = "part of the only writer of the disk"
)]

use std::{
    fs::{self, File, TryLockError},
    io::{self, ErrorKind},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

use super::{
    disk::{sync, touch, write_synced},
    journal::{Journal, Step},
};
use crate::{apply::stage::gone, refusal::Refusal, relative::RelativePath};

pub const WORK: &str = ".mcp-auth-edit";
const LOCK: &str = "lock";
pub const JOURNAL: &str = "journal.json";
/// What is needed to take the changes back.
const KEPT: &str = "kept";

/// A run was killed in this folder, or is at work in it.
pub fn is_interrupted(root: &Path) -> bool {
    fs::symlink_metadata(root.join(WORK)).is_ok_and(|meta| meta.is_dir())
}

pub struct Work<'a> {
    pub root: &'a Path,
    pub dir: PathBuf,
    _lock: File,
}

impl<'a> Work<'a> {
    pub fn begin(root: &'a Path) -> Result<Self> {
        let dir = root.join(WORK);
        match fs::create_dir(&dir) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => Err(at_work().into()),
            made => {
                made.with_context(|| format!("cannot write into {}", root.display()))?;
                let work = Self::take_over(root);
                // is empty if there was no space for the lock
                let work = work.inspect_err(|_| _ = fs::remove_dir(&dir))?;
                // a journal of this tree must not come into another one
                match write_synced(&work.dir.join(".gitignore"), b"*\n") {
                    Ok(()) => Ok(work),
                    Err(error) => work.end().and(Err(error)),
                }
            }
        }
    }

    pub fn take_over(root: &'a Path) -> Result<Self> {
        let dir = root.join(WORK);
        let lock = File::options()
            .create(true)
            .append(true)
            .open(dir.join(LOCK));
        let lock = lock.with_context(|| format!("cannot write into {}", dir.display()))?;
        match lock.try_lock() {
            Err(TryLockError::WouldBlock) => Err(at_work().into()),
            // a file system without locks: better to go on than to be stuck
            _ => Ok(Self {
                root,
                dir,
                _lock: lock,
            }),
        }
    }

    pub fn kept(&self) -> PathBuf {
        self.dir.join(KEPT)
    }

    pub fn new_text(&self, number: usize) -> PathBuf {
        self.dir.join(format!("{number}.new"))
    }

    pub fn old_text(&self, number: usize) -> PathBuf {
        old_text(&self.kept(), number)
    }

    /// An empty folder with the permissions of one that goes.
    pub fn twin(&self, number: usize) -> PathBuf {
        self.kept().join(format!("{number}.folder"))
    }

    pub fn copy_aside(&self, number: usize, path: &RelativePath) -> Result<()> {
        fs::create_dir_all(self.kept())
            .and_then(|()| fs::copy(self.root.join(path.native()), self.old_text(number)))
            .map(|_| ())
            .with_context(|| format!("cannot keep a copy of {path}"))
    }

    pub fn put_twin_aside(&self, number: usize, folder: &RelativePath) -> Result<()> {
        let twin = self.twin(number);
        fs::create_dir_all(&twin)
            .and_then(|()| fs::metadata(self.root.join(folder.native())))
            .and_then(|meta| fs::set_permissions(twin, meta.permissions()))
            .with_context(|| format!("cannot keep the permissions of {folder}"))
    }

    /// The new and the old texts are on the disk before the journal that counts on them.
    pub fn sync(&self, journal: &Journal) -> Result<()> {
        let steps = journal.steps.iter().enumerate();
        let texts = steps.flat_map(|(number, step)| {
            let new = step.sha256.as_ref().map(|_| self.new_text(number));
            let old = step.existed.then(|| self.old_text(number));
            new.into_iter().chain(old)
        });
        sync(&texts.collect::<Vec<_>>())
    }

    pub fn write(&self, journal: &Journal) -> Result<()> {
        let draft = self.dir.join("journal.draft");
        write_synced(&draft, &serde_json::to_vec(journal)?)?;
        fs::rename(&draft, self.dir.join(JOURNAL)).context("cannot write the journal")
    }

    /// The new text takes its place; what is deleted takes that of its copy.
    pub fn perform(&self, number: usize, step: &Step) -> io::Result<()> {
        let place = self.root.join(step.path.native());
        if step.deleted {
            return fs::rename(place, self.old_text(number));
        }
        let new = self.new_text(number);
        touch(&new).and_then(|()| fs::rename(new, place))
    }

    /// The journal goes first: from then on the tree is as it should be and the rest is litter.
    pub fn end(self) -> Result<()> {
        gone(fs::remove_file(self.dir.join(JOURNAL)))
            .and_then(|()| fs::remove_dir_all(&self.dir))
            .with_context(|| format!("cannot remove {}", self.dir.display()))
    }
}

pub fn read_journal(dir: &Path) -> Result<Option<Journal>> {
    let path = dir.join(JOURNAL);
    match fs::read(&path) {
        Ok(text) => {
            let journal = serde_json::from_slice(&text).map_err(anyhow::Error::new);
            let ours = journal.and_then(|journal: Journal| journal.ensure_ours().map(|()| journal));
            ours.map(Some).with_context(|| {
                let dir = dir.display();
                format!("{} is damaged; remove {dir} to give it up", path.display())
            })
        }
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("cannot read {}", path.display())),
    }
}

pub fn old_text(kept: &Path, number: usize) -> PathBuf {
    kept.join(format!("{number}.old"))
}

fn at_work() -> Refusal {
    Refusal::failed("another mcp-auth is at work in this folder")
}
