//! Takes back what was kept of an edit, the last one first. It is the undoing of an interrupted edit, begun on purpose:
//! killed on the way, the next run goes on with it.

use std::path::Path;

use anyhow::{Context, Result};

use super::edit::{Journal, UNDO, Work, read_journal};
use crate::{
    project,
    refusal::{Exit, Problem, Refusal},
    relative::RelativePath,
};

/// An edit that can be taken back.
pub struct Kept<'a> {
    pub root: &'a Path,
    number: u32,
    journal: Journal,
}

impl<'a> Kept<'a> {
    /// The last edit of this folder, if its record is there.
    pub fn last(root: &'a Path) -> Result<Option<Self>> {
        let Some(number) = project::undo_numbers(root)?.pop() else {
            return Ok(None);
        };
        let dir = root.join(UNDO).join(number.to_string());
        let journal = read_journal(&dir)?
            .with_context(|| format!("{} is not complete; remove it", dir.display()))?;
        Ok(Some(Self {
            root,
            number,
            journal,
        }))
    }

    /// The files that were changed; those that others may change too are none of them.
    pub fn replaced(&self) -> impl Iterator<Item = &RelativePath> {
        self.written(true)
    }

    /// The files that were made.
    pub fn created(&self) -> impl Iterator<Item = &RelativePath> {
        self.written(false)
    }

    fn written(&self, existed: bool) -> impl Iterator<Item = &RelativePath> {
        let steps = self.journal.steps.iter();
        let ours = steps.filter(move |step| step.sha256.is_some() && step.existed == existed);
        ours.map(|step| &step.path)
    }

    /// The guarded files that somebody changed since: that is lost.
    ///
    /// # Errors
    /// A `Refusal` that names the other files that are not as they were written.
    pub fn ensure_unchanged(&self) -> Result<Vec<RelativePath>> {
        let changed = self.journal.changed_since(self.root)?;
        let (own, guarded): (Vec<_>, Vec<_>) =
            changed.into_iter().partition(|step| step.sha256.is_some());
        if own.is_empty() {
            return Ok(guarded.into_iter().map(|step| step.path.clone()).collect());
        }
        let problems = own
            .iter()
            .map(|step| Problem::new(format!("{} was changed since it was written", step.path)));
        let before = format!("{UNDO}/{}/", self.number);
        Err(Refusal::many(Exit::Failed, problems.collect())
            .hint(format!(
                "nothing was touched\nput these files back to what `mcp-auth add` wrote, with git for example, and run again; \
                 or take the rest out by hand: {before} holds the texts from before, numbered as in its journal.json"
            ))
            .into())
    }

    pub fn take_back(&self) -> Result<()> {
        let work = Work::begin(self.root)?;
        work.reopen(self.number)?;
        work.undo(&self.journal)
            .context("not everything could be taken back; run again to go on")?;
        work.end()
    }
}
