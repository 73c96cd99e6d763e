//! Changes in a folder that exists: new texts beside, old ones kept, a journal, then one rename per file.
//! While the journal exists the old tree can be put back; without it, the tree is the old or the new one.
#![expect(
    clippy::disallowed_methods,
    reason = "part of the only writer of the disk"
)]

mod back;
mod disk;
mod journal;
mod outcome;
mod record;
mod work;

pub(super) use {
    back::is_before,
    journal::{Journal, Step},
    outcome::ensure_none,
    record::UNDO,
    work::{Work, read_journal},
};
pub use {back::undo_interrupted, journal::Deed, work::is_interrupted};

use std::{collections::BTreeSet, fs, path::Path};

use anyhow::{Context, Result};

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
                Err(outcome::tell_untouched(error))
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
        for (number, step) in self.journal.planned() {
            let verb = if step.deleted { "delete" } else { "write" };
            self.work
                .perform(number, step)
                .with_context(|| format!("cannot {verb} {}", step.path))?;
            progress(number + 1);
        }
        for folder in self.journal.emptied.iter().rev() {
            // stays if there is something in it
            let _ = fs::remove_dir(root.join(folder.native()));
        }
        Ok(())
    }

    fn ensure_unchanged(&self) -> Result<()> {
        for (number, step) in self.journal.planned() {
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

    /// The new tree stays, and `Kept::last` can take it back.
    pub fn keep(mut self, deed: Deed) -> Result<()> {
        self.journal.deed = deed;
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
    let (mut made, mut emptied) = (BTreeSet::new(), BTreeSet::new());
    for change in plan.writes() {
        ensure_as_planned(work.root, change)?;
        put_aside(work, journal.steps.len(), change)?;
        if change.kind == Kind::Delete {
            emptied.extend(change.path.parents());
        } else {
            let is_missing = |folder: &RelativePath| !work.root.join(folder.native()).is_dir();
            made.extend(change.path.parents().filter(is_missing));
        }
        journal.steps.push(step(change));
    }
    for path in guarded {
        let existed = project::read_existing(work.root, [path])?.contains_key(path);
        if existed {
            work.copy_aside(journal.steps.len(), path)?;
        }
        journal.steps.push(Step {
            path: path.clone(),
            existed,
            sha256: None,
            deleted: false,
        });
    }
    for (number, folder) in emptied.iter().enumerate() {
        work.put_twin_aside(number, folder)?;
    }
    journal.folders = made.into_iter().collect();
    journal.emptied = emptied.into_iter().collect();
    work.sync(&journal)?;
    work.write(&journal)?;
    Ok(journal)
}

fn step(change: &Change) -> Step {
    let text = change.after.as_ref().map(|after| &after.text);
    Step {
        path: change.path.clone(),
        existed: change.kind != Kind::Create,
        sha256: text.map(|text| state::sha256(text)),
        deleted: change.kind == Kind::Delete,
    }
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
    if change.kind != Kind::Create {
        work.copy_aside(number, &change.path)?;
    }
    if change.kind == Kind::Delete {
        return Ok(());
    }
    let new = work.new_text(number);
    write_new(&new, change)?;
    let replaced = Some(&change.path).filter(|_| change.kind == Kind::Replace);
    match change.moved_from.as_ref().or(replaced) {
        Some(old) => fs::metadata(work.root.join(old.native()))
            .and_then(|meta| fs::set_permissions(&new, permissions(&meta, change)))
            .with_context(|| format!("cannot keep the permissions of {old}")),
        None => Ok(()),
    }
}

/// Those of the file before; who may read one that becomes executable may execute it.
fn permissions(before: &fs::Metadata, change: &Change) -> fs::Permissions {
    let mut permissions = before.permissions();
    #[cfg(unix)]
    if change.after.as_ref().is_some_and(|after| after.executable) {
        use std::os::unix::fs::PermissionsExt;
        let mode = permissions.mode();
        permissions.set_mode(mode | (mode & 0o444) >> 2);
    }
    permissions
}

#[cfg(test)]
mod tests;
