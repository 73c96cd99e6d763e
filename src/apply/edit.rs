//! Changes in a folder that exists: new texts beside, old ones kept, a journal, then one rename per file.
//! While the journal exists the old tree can be put back; without it, the tree is the old or the new one.
#![expect(
    clippy::disallowed_methods,
    reason = "part of the only writer of the disk"
)]

use std::{
    collections::BTreeSet,
    fs::{self, File, TryLockError},
    io::{self, ErrorKind, Write},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use super::{
    Aftermath,
    stage::{gone, write_new},
};
use crate::{
    plan::{Change, Kind, Plan},
    project,
    refusal::Refusal,
    relative::RelativePath,
    state,
};

const WORK: &str = ".mcp-auth-edit";
const LOCK: &str = "lock";
const JOURNAL: &str = "journal.json";

/// What has to be undone if the journal is found.
#[derive(Debug, Default, Deserialize, Serialize)]
struct Journal {
    steps: Vec<Step>,
    /// Folders that did not exist, outermost first.
    folders: Vec<RelativePath>,
}

#[derive(Debug, Deserialize, Serialize)]
struct Step {
    path: RelativePath,
    /// The old text is in the work folder; otherwise there was none.
    existed: bool,
    /// Of the new text: what has another is somebody's own and stays.
    sha256: String,
}

pub(super) fn edit(plan: &Plan, root: &Path, progress: &mut dyn FnMut(usize)) -> Result<()> {
    let work = Work::begin(root)?;
    let journal = match work.prepare(plan) {
        Ok(journal) => journal,
        Err(error) => {
            work.end()?;
            return Err(error);
        }
    };
    match work.perform(&journal, progress) {
        Ok(()) => work.end()?,
        Err(error) => {
            work.undo(&journal).context(
                "and what was there before could not be put back; run again to try once more",
            )?;
            work.end()?;
            return Err(error.context("nothing was changed: what had been written was put back"));
        }
    }
    Ok(())
}

/// Puts right what a killed run left in this folder.
pub fn undo_interrupted(root: &Path) -> Result<Aftermath> {
    let found = fs::symlink_metadata(root.join(WORK));
    if !found.is_ok_and(|meta| meta.is_dir()) {
        return Ok(Aftermath::Nothing);
    }
    let work = Work::take_over(root)?;
    let aftermath = match fs::read(work.dir.join(JOURNAL)) {
        Ok(text) => {
            let journal = serde_json::from_slice(&text);
            work.undo(&journal.with_context(|| {
                format!("{WORK}/{JOURNAL} is damaged; remove {WORK} to give it up")
            })?)?;
            Aftermath::Undone
        }
        Err(error) if error.kind() == ErrorKind::NotFound => Aftermath::Litter,
        Err(error) => return Err(error).with_context(|| format!("cannot read {WORK}/{JOURNAL}")),
    };
    work.end()?;
    Ok(aftermath)
}

/// The folder inside the project that holds lock, journal, new and old texts.
struct Work<'a> {
    root: &'a Path,
    dir: PathBuf,
    _lock: File,
}

impl<'a> Work<'a> {
    fn begin(root: &'a Path) -> Result<Self> {
        let dir = root.join(WORK);
        fs::create_dir(&dir).with_context(|| format!("cannot write into {}", root.display()))?;
        Self::take_over(root)
    }

    fn take_over(root: &'a Path) -> Result<Self> {
        let dir = root.join(WORK);
        let lock = File::options()
            .create(true)
            .append(true)
            .open(dir.join(LOCK));
        let lock = lock.with_context(|| format!("cannot write into {}", dir.display()))?;
        match lock.try_lock() {
            Err(TryLockError::WouldBlock) => {
                Err(Refusal::failed("another mcp-auth is at work in this folder").into())
            }
            // a file system without locks: better to go on than to be stuck
            _ => Ok(Self {
                root,
                dir,
                _lock: lock,
            }),
        }
    }

    /// Looks at everything and writes the new texts aside; the project itself is not touched.
    fn prepare(&self, plan: &Plan) -> Result<Journal> {
        let mut journal = Journal::default();
        let mut folders = BTreeSet::new();
        for (number, change) in plan.writes().enumerate() {
            self.ensure_as_planned(change)?;
            self.put_aside(number, change)?;
            folders.extend(
                change
                    .path
                    .parents()
                    .filter(|folder| !self.root.join(folder.native()).is_dir()),
            );
            journal.steps.push(Step {
                path: change.path.clone(),
                existed: change.kind == Kind::Replace,
                sha256: state::sha256(&change.after.text),
            });
        }
        journal.folders = folders.into_iter().collect();
        let draft = self.dir.join("journal.draft");
        write_synced(&draft, &serde_json::to_vec(&journal)?)?;
        fs::rename(&draft, self.dir.join(JOURNAL)).context("cannot write the journal")?;
        Ok(journal)
    }

    fn ensure_as_planned(&self, change: &Change) -> Result<()> {
        let path = &change.path;
        if project::read_existing(self.root, [path])?.remove(path) == change.before {
            return Ok(());
        }
        let what = format!("{path} was changed in the meantime; nothing was written");
        Err(Refusal::failed(what)
            .hint("run again to plan with what is there now")
            .into())
    }

    fn put_aside(&self, number: usize, change: &Change) -> Result<()> {
        let new = self.new_text(number);
        write_new(&new, change)?;
        File::open(&new)
            .and_then(|file| file.sync_all())
            .with_context(|| format!("cannot write {}", change.path))?;
        if change.kind == Kind::Replace {
            let present = self.root.join(change.path.native());
            let kept =
                fs::copy(&present, self.old_text(number)).and_then(|_| fs::metadata(&present));
            kept.and_then(|meta| fs::set_permissions(&new, meta.permissions()))
                .with_context(|| format!("cannot keep a copy of {}", change.path))?;
        }
        Ok(())
    }

    fn perform(&self, journal: &Journal, progress: &mut dyn FnMut(usize)) -> Result<()> {
        for folder in &journal.folders {
            fs::create_dir(self.root.join(folder.native()))
                .with_context(|| format!("cannot make the folder {folder}"))?;
        }
        for (number, step) in journal.steps.iter().enumerate() {
            fs::rename(self.new_text(number), self.root.join(step.path.native()))
                .with_context(|| format!("cannot write {}", step.path))?;
            progress(number + 1);
        }
        Ok(())
    }

    /// Can itself be interrupted and run again.
    fn undo(&self, journal: &Journal) -> Result<()> {
        for (number, step) in journal.steps.iter().enumerate().rev() {
            let place = self.root.join(step.path.native());
            // what cannot be read, or lies behind a link, was not written by us
            let mut now = project::read_existing(self.root, [&step.path]).unwrap_or_default();
            let now = now.remove(&step.path);
            let ours = now.is_some_and(|bytes| is_text_with(&bytes, &step.sha256));
            let undone = match (ours, step.existed) {
                (false, _) => Ok(()),
                (true, true) => gone(fs::rename(self.old_text(number), &place)),
                (true, false) => gone(fs::remove_file(&place)),
            };
            undone.with_context(|| format!("cannot put back {}", step.path))?;
        }
        for folder in journal.folders.iter().rev() {
            // stays if somebody has put something into it
            let _ = fs::remove_dir(self.root.join(folder.native()));
        }
        Ok(())
    }

    /// The journal goes first: from then on the tree is as it should be and the rest is litter.
    fn end(&self) -> Result<()> {
        gone(fs::remove_file(self.dir.join(JOURNAL)))
            .and_then(|()| fs::remove_dir_all(&self.dir))
            .with_context(|| format!("cannot remove {}", self.dir.display()))
    }

    fn new_text(&self, number: usize) -> PathBuf {
        self.dir.join(format!("{number}.new"))
    }

    fn old_text(&self, number: usize) -> PathBuf {
        self.dir.join(format!("{number}.old"))
    }
}

fn is_text_with(bytes: &[u8], sha256: &str) -> bool {
    std::str::from_utf8(bytes).is_ok_and(|text| state::sha256(text) == sha256)
}

fn write_synced(path: &Path, bytes: &[u8]) -> Result<()> {
    let written: io::Result<()> = File::create_new(path).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()
    });
    written.with_context(|| format!("cannot write {}", path.display()))
}

#[cfg(test)]
mod tests;
