//! The folder inside the project that holds lock, journal, new and old texts while something is changed.
//! `.mcp-auth/undo/<number>/` is the part of it that is kept: the journal and the old texts.
#![expect(
    clippy::disallowed_methods,
    reason = "part of the only writer of the disk"
)]

use std::{
    fs::{self, File, TryLockError},
    io::{self, ErrorKind, Write},
    path::{Path, PathBuf},
    time::SystemTime,
};

use anyhow::{Context, Result};

use super::journal::Journal;
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
                Self::take_over(root)
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
        self.dir.join(KEPT).join(format!("{number}.old"))
    }

    pub fn copy_aside(&self, number: usize, path: &RelativePath) -> Result<()> {
        fs::create_dir_all(self.dir.join(KEPT))
            .and_then(|()| fs::copy(self.root.join(path.native()), self.old_text(number)))
            .map(|_| ())
            .with_context(|| format!("cannot keep a copy of {path}"))
    }

    pub fn write(&self, journal: &Journal) -> Result<()> {
        let draft = self.dir.join("journal.draft");
        write_synced(&draft, &serde_json::to_vec(journal)?)?;
        fs::rename(&draft, self.dir.join(JOURNAL)).context("cannot write the journal")
    }

    /// Can itself be interrupted and run again.
    pub fn undo(&self, journal: &Journal) -> Result<()> {
        for (number, step) in journal.steps.iter().enumerate().rev() {
            if step.is_ours(self.root) {
                self.put_back(number, step.existed, &self.root.join(step.path.native()))
                    .with_context(|| format!("cannot put back {}", step.path))?;
            }
        }
        for folder in journal.folders.iter().rev() {
            // stays if somebody has put something into it
            let _ = fs::remove_dir(self.root.join(folder.native()));
        }
        Ok(())
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
        Ok(text) => serde_json::from_slice(&text).map(Some).with_context(|| {
            let dir = dir.display();
            format!("{} is damaged; remove {dir} to give it up", path.display())
        }),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("cannot read {}", path.display())),
    }
}

/// Compilers go by the time of the last change: a text that was written a while ago and comes into its place now
/// would be taken for one that was compiled already.
pub fn touch(path: &Path) -> io::Result<()> {
    let file = File::options().append(true).open(path);
    file.or_else(|_| File::open(path))?
        .set_modified(SystemTime::now())
}

fn at_work() -> Refusal {
    Refusal::failed("another mcp-auth is at work in this folder")
}

fn write_synced(path: &Path, bytes: &[u8]) -> Result<()> {
    let written: io::Result<()> = File::create(path).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()
    });
    written.with_context(|| format!("cannot write {}", path.display()))
}
