//! The folder inside the project that holds lock, journal, new and old texts while something is changed.
//! `.mcp-auth/undo/<number>/` is the part of it that is kept: the journal and the old texts.
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
use crate::{
    apply::{Aftermath, stage::gone},
    project,
    refusal::Refusal,
    relative::RelativePath,
};

pub const WORK: &str = ".mcp-auth-edit";
const LOCK: &str = "lock";
pub const JOURNAL: &str = "journal.json";
/// What is needed to take the changes back.
const KEPT: &str = "kept";
/// Where that goes in the end, numbered.
pub const UNDO: &str = ".mcp-auth/undo";

/// A run was killed in this folder, or is at work in it.
pub fn is_interrupted(root: &Path) -> bool {
    fs::symlink_metadata(root.join(WORK)).is_ok_and(|meta| meta.is_dir())
}

/// Puts right what a killed run left in this folder.
pub fn undo_interrupted(root: &Path) -> Result<Aftermath> {
    if !is_interrupted(root) {
        return Ok(Aftermath::Nothing);
    }
    let work = Work::take_over(root)?;
    let aftermath = match read_journal(&work.dir)? {
        Some(journal) => {
            work.undo(&journal)?;
            Aftermath::Undone
        }
        None => {
            work.put_kept_away()?;
            Aftermath::Litter
        }
    };
    work.end()?;
    Ok(aftermath)
}

pub struct Work<'a> {
    pub root: &'a Path,
    dir: PathBuf,
    _lock: File,
}

impl<'a> Work<'a> {
    pub fn begin(root: &'a Path) -> Result<Self> {
        let dir = root.join(WORK);
        match fs::create_dir(&dir) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => Err(at_work().into()),
            made => {
                made.with_context(|| format!("cannot write into {}", root.display()))?;
                let work = Self::take_over(root)?;
                // a journal of this tree must not come into another one
                write_synced(&work.dir.join(".gitignore"), b"*\n")?;
                Ok(work)
            }
        }
    }

    fn take_over(root: &'a Path) -> Result<Self> {
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

    pub fn new_text(&self, number: usize) -> PathBuf {
        self.dir.join(format!("{number}.new"))
    }

    fn old_text(&self, number: usize) -> PathBuf {
        old_text(&self.dir.join(KEPT), number)
    }

    pub fn copy_aside(&self, number: usize, path: &RelativePath) -> Result<()> {
        fs::create_dir_all(self.dir.join(KEPT))
            .and_then(|()| fs::copy(self.root.join(path.native()), self.old_text(number)))
            .and_then(|_| sync(&self.old_text(number)))
            .with_context(|| format!("cannot keep a copy of {path}"))
    }

    pub fn write(&self, journal: &Journal) -> Result<()> {
        let draft = self.dir.join("journal.draft");
        write_synced(&draft, &serde_json::to_vec(journal)?)?;
        fs::rename(&draft, self.dir.join(JOURNAL)).context("cannot write the journal")
    }

    /// Whether the file is still what it was when its old text was put aside.
    pub fn is_before(&self, number: usize, step: &Step) -> Result<bool> {
        is_before(&self.dir.join(KEPT), number, step, self.root)
    }

    /// Can itself be interrupted and run again. Returns what somebody else changed after it was written: it stays.
    pub fn undo(&self, journal: &Journal) -> Result<Vec<RelativePath>> {
        let mut stayed = Vec::new();
        for (number, (step, left)) in journal.left().into_iter().enumerate().rev() {
            if step.is_ours(left, self.root) {
                self.put_back(number, step.existed, &self.root.join(step.path.native()))
                    .with_context(|| format!("cannot put back {}", step.path))?;
            } else if step.sha256.is_some() && self.was_changed(number, step) {
                stayed.push(step.path.clone());
            }
        }
        for folder in journal.folders.iter().rev() {
            // stays if somebody has put something into it
            let _ = fs::remove_dir(self.root.join(folder.native()));
        }
        stayed.reverse();
        Ok(stayed)
    }

    /// Neither new nor old, although it was written: the new text is no longer aside, and the old one still is.
    fn was_changed(&self, number: usize, step: &Step) -> bool {
        let was_written = !self.new_text(number).exists();
        let was_put_back = step.existed && !self.old_text(number).exists();
        was_written && !was_put_back && !self.is_before(number, step).unwrap_or(false)
    }

    fn put_back(&self, number: usize, existed: bool, place: &Path) -> io::Result<()> {
        let old = self.old_text(number);
        match existed {
            true => gone(touch(&old).and_then(|()| fs::rename(old, place))),
            false => gone(fs::remove_file(place)),
        }
    }

    /// From when the journal is among what is kept, the new tree is the one that stays.
    pub fn keep(&self, journal: &Journal) -> Result<()> {
        let kept = self.dir.join(KEPT);
        fs::create_dir_all(&kept).context("cannot keep what there was before")?;
        write_synced(&kept.join(".gitignore"), b"*\n")?;
        self.write(journal)?;
        fs::create_dir_all(self.root.join(UNDO)).with_context(|| format!("cannot make {UNDO}"))?;
        fs::rename(self.dir.join(JOURNAL), kept.join(JOURNAL))
            .context("cannot keep what there was before")?;
        self.put_kept_away()
    }

    /// If the journal is there: without it, it is of no use.
    fn put_kept_away(&self) -> Result<()> {
        let kept = self.dir.join(KEPT);
        if !kept.join(JOURNAL).exists() {
            return Ok(());
        }
        let undo = self.root.join(UNDO);
        let number = project::undo_numbers(self.root)?.last().unwrap_or(&0) + 1;
        fs::create_dir_all(&undo)
            .and_then(|()| fs::rename(&kept, undo.join(number.to_string())))
            .with_context(|| format!("cannot write into {UNDO}"))
    }

    /// The other way round: from when the journal is back, the old tree is the one that will be.
    pub fn reopen(&self, number: u32) -> Result<()> {
        let kept = self.dir.join(KEPT);
        let undo = self.root.join(UNDO);
        fs::rename(undo.join(number.to_string()), &kept)
            .and_then(|()| fs::rename(kept.join(JOURNAL), self.dir.join(JOURNAL)))
            .with_context(|| format!("cannot move {UNDO}/{number}"))?;
        // stay if they hold more
        let _ = fs::remove_dir(&undo).and_then(|()| fs::remove_dir(self.root.join(".mcp-auth")));
        Ok(())
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

/// `kept` holds the old texts.
pub fn is_before(kept: &Path, number: usize, step: &Step, root: &Path) -> Result<bool> {
    let now = step.now(root)?;
    if !step.existed {
        return Ok(now.is_none());
    }
    let old = fs::read(old_text(kept, number))
        .with_context(|| format!("cannot read the old text of {}", step.path))?;
    Ok(now == Some(old))
}

fn old_text(kept: &Path, number: usize) -> PathBuf {
    kept.join(format!("{number}.old"))
}

fn at_work() -> Refusal {
    Refusal::failed("another mcp-auth is at work in this folder")
}
