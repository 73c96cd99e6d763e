//! Changes in a folder that exists: new texts beside, old ones kept, a journal, then one rename per file.
//! While the journal exists the old tree can be put back; without it, the tree is the old or the new one.
#![expect(
    clippy::disallowed_methods,
    reason = "part of the only writer of the disk"
)]

mod disk;
mod journal;
mod outcome;
mod work;

pub use work::{is_interrupted, undo_interrupted};
pub(super) use {
    journal::Journal,
    outcome::ensure_none,
    work::{UNDO, Work, is_before, read_journal},
};

use std::{collections::BTreeSet, fs, path::Path};

use anyhow::{Context, Result};

use self::{
    disk::{sync, touch},
    journal::Step,
};
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
        Err(error) => Err(edit.put_back_after(error)),
    }
}

/// Changes that are ready. Ends with `finish`, `keep` or `put_back_after`; a run that is killed before is undone by the next.
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
                Err(error.context("nothing was changed"))
            }
        }
    }

    /// # Errors
    /// A `Refusal` if a file is no longer what it was when this was prepared; nothing is written then.
    pub fn perform(&self, progress: &mut dyn FnMut(usize)) -> Result<()> {
        self.ensure_unchanged()?;
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

    fn ensure_unchanged(&self) -> Result<()> {
        let planned = self.journal.steps.iter().enumerate();
        for (number, step) in planned.filter(|(_, step)| step.sha256.is_some()) {
            if !self.work.is_before(number, step)? {
                return Err(changed_meanwhile(&step.path));
            }
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
            Err(error) => Err(self.put_back_after(error)),
        }
    }

    /// The old tree again. Returns the error, with what has become of the files.
    pub fn put_back_after(self, error: anyhow::Error) -> anyhow::Error {
        match self.put_back() {
            Ok(stayed) => outcome::tell(error, &stayed),
            Err(worse) => worse.context(format!("{error:#}")),
        }
    }

    fn put_back(self) -> Result<Vec<RelativePath>> {
        let stayed = self.work.undo(&self.journal);
        let stayed = stayed
            .context("what was there before could not be put back; run again to try once more")?;
        self.work.end()?;
        Ok(stayed)
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
    match project::read_existing(root, [path])?.remove(path) == change.before {
        true => Ok(()),
        false => Err(changed_meanwhile(path)),
    }
}

fn changed_meanwhile(path: &RelativePath) -> anyhow::Error {
    let what = format!("{path} was changed in the meantime; nothing was changed");
    Refusal::failed(what)
        .hint("run again to plan with what is there now")
        .into()
}

fn put_aside(work: &Work<'_>, number: usize, change: &Change) -> Result<()> {
    let new = work.new_text(number);
    write_new(&new, change)?;
    sync(&new).with_context(|| format!("cannot write {}", change.path))?;
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
