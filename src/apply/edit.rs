//! Changes in a folder that exists: new texts beside, old ones kept, a journal, then one rename per file.
//! While the journal exists the old tree can be put back; without it, the tree is the old or the new one.
#![expect(
    clippy::disallowed_methods,
    reason = "part of the only writer of the disk"
)]

mod journal;
mod work;

pub use work::{is_interrupted, undo_interrupted};
pub(super) use {
    journal::Journal,
    work::{UNDO, Work, read_journal},
};

use std::{
    collections::BTreeSet,
    fs::{self, File},
    path::Path,
};

use anyhow::{Context, Result};

use self::{journal::Step, work::touch};
use super::stage::write_new;
use crate::{
    plan::{Change, Kind, Plan},
    project,
    refusal::Refusal,
    relative::RelativePath,
    state,
};

pub(super) fn edit(plan: &Plan, root: &Path, progress: &mut dyn FnMut(usize)) -> Result<()> {
    let edit = Edit::prepare(plan, root, &[])?;
    match edit.perform(progress) {
        Ok(()) => edit.finish(),
        Err(error) => {
            edit.put_back()?;
            Err(error.context(PUT_BACK))
        }
    }
}

pub const PUT_BACK: &str = "nothing was changed: what had been written was put back";

/// Changes that are ready. Ends with `finish`, `keep` or `put_back`; a run that is killed before is undone by the next.
pub struct Edit<'a> {
    work: Work<'a>,
    journal: Journal,
}

impl<'a> Edit<'a> {
    /// Looks at everything and writes the new texts aside; the project itself is not touched.
    /// `guarded` are files that other programs may change until the end: `put_back` puts them back as well.
    pub fn prepare(plan: &Plan, root: &'a Path, guarded: &[RelativePath]) -> Result<Self> {
        let work = Work::begin(root)?;
        match prepare(&work, plan, guarded) {
            Ok(journal) => Ok(Self { work, journal }),
            Err(error) => {
                work.end()?;
                Err(error)
            }
        }
    }

    pub fn perform(&self, progress: &mut dyn FnMut(usize)) -> Result<()> {
        let root = self.work.root;
        for folder in &self.journal.folders {
            fs::create_dir(root.join(folder.native()))
                .with_context(|| format!("cannot make the folder {folder}"))?;
        }
        let planned = self.journal.steps.iter().enumerate();
        for (number, step) in planned.filter(|(_, step)| step.sha256.is_some()) {
            let new = self.work.new_text(number);
            touch(&new)
                .and_then(|()| fs::rename(new, root.join(step.path.native())))
                .with_context(|| format!("cannot write {}", step.path))?;
            progress(number + 1);
        }
        Ok(())
    }

    /// The new tree stays.
    pub fn finish(self) -> Result<()> {
        self.work.end()
    }

    /// The new tree stays, and `undo::last` can take it back.
    pub fn keep(mut self) -> Result<()> {
        let noted = self.journal.note_guarded(self.work.root);
        match noted.and_then(|()| self.work.keep(&self.journal)) {
            Ok(()) => self.work.end(),
            Err(error) => {
                self.put_back()?;
                Err(error.context(PUT_BACK))
            }
        }
    }

    /// The old tree again.
    pub fn put_back(self) -> Result<()> {
        self.work
            .undo(&self.journal)
            .context("what was there before could not be put back; run again to try once more")?;
        self.work.end()
    }
}

fn prepare(work: &Work<'_>, plan: &Plan, guarded: &[RelativePath]) -> Result<Journal> {
    let mut journal = Journal::default();
    let mut folders = BTreeSet::new();
    for change in plan.writes() {
        ensure_as_planned(work.root, change)?;
        put_aside(work, journal.steps.len(), change)?;
        let missing = |folder: &RelativePath| !work.root.join(folder.native()).is_dir();
        folders.extend(change.path.parents().filter(missing));
        journal.steps.push(Step {
            path: change.path.clone(),
            existed: change.kind == Kind::Replace,
            sha256: Some(state::sha256(&change.after.text)),
        });
    }
    for path in guarded {
        let there = project::read_existing(work.root, [path])?.contains_key(path);
        if there {
            work.copy_aside(journal.steps.len(), path)?;
        }
        journal.steps.push(Step {
            path: path.clone(),
            existed: there,
            sha256: None,
        });
    }
    journal.folders = folders.into_iter().collect();
    work.write(&journal)?;
    Ok(journal)
}

fn ensure_as_planned(root: &Path, change: &Change) -> Result<()> {
    let path = &change.path;
    if project::read_existing(root, [path])?.remove(path) == change.before {
        return Ok(());
    }
    let what = format!("{path} was changed in the meantime; nothing was written");
    Err(Refusal::failed(what)
        .hint("run again to plan with what is there now")
        .into())
}

fn put_aside(work: &Work<'_>, number: usize, change: &Change) -> Result<()> {
    let new = work.new_text(number);
    write_new(&new, change)?;
    File::open(&new)
        .and_then(|file| file.sync_all())
        .with_context(|| format!("cannot write {}", change.path))?;
    if change.kind == Kind::Replace {
        work.copy_aside(number, &change.path)?;
        fs::metadata(work.root.join(change.path.native()))
            .and_then(|meta| fs::set_permissions(&new, meta.permissions()))
            .with_context(|| format!("cannot keep the permissions of {}", change.path))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
