//! Takes back what was kept of an edit, the last one first. It is the undoing of an interrupted edit, begun on purpose:
//! killed on the way, the next run goes on with it.

use std::path::Path;

use anyhow::{Context, Result};

use super::edit::{Deed, Journal, Step, UNDO, Work, ensure_none, is_before, read_journal};
use crate::{
    plan::is_base_copy,
    project,
    refusal::{Exit, Problem, Refusal},
    relative::RelativePath,
    text::quoted,
};

/// More of the files that were changed since are not named.
const NAMED: usize = 10;

/// An edit that can be taken back.
pub struct Kept<'a> {
    pub root: &'a Path,
    number: u32,
    journal: Journal,
}

impl<'a> Kept<'a> {
    /// The last edit of this folder, if its record is there. One whose files are all as they were before is passed
    /// over: git has taken it back already, and may bring it again.
    pub fn last(root: &'a Path) -> Result<Option<Self>> {
        for number in project::undo_numbers(root)?.into_iter().rev() {
            let dir = root.join(UNDO).join(number.to_string());
            let journal = read_journal(&dir)?
                .with_context(|| format!("{} is not complete; remove it", dir.display()))?;
            let kept = Self {
                root,
                number,
                journal,
            };
            if !kept.is_taken_back(&dir) {
                return Ok(Some(kept));
            }
        }
        Ok(None)
    }

    /// What cannot be read was not.
    fn is_taken_back(&self, dir: &Path) -> bool {
        self.journal
            .planned()
            .all(|(number, step)| is_before(dir, number, step, self.root).unwrap_or(false))
    }

    pub fn deed(&self) -> Deed {
        self.journal.deed
    }

    /// # Errors
    /// A `Refusal` that names the command which takes it back, if that is not the one for this deed.
    pub fn ensure_is(&self, deed: Deed) -> Result<()> {
        let last = self.deed();
        if last == deed {
            return Ok(());
        }
        let what = format!(
            "the last edit here is no {}: it is {} {}",
            deed.noun(),
            last.article(),
            last.noun()
        );
        let hint = format!("to take that one back: {}", self.way_back()?);
        Err(Refusal::failed(what).hint(hint).into())
    }

    /// What to type to take it back, from the current folder.
    fn way_back(&self) -> Result<String> {
        let (command, flag) = (self.deed().command(), self.deed().flag());
        let root = project::from_here(self.root)?;
        Ok(match root.as_os_str().is_empty() {
            true => format!("{command} {flag}"),
            false => format!("{command} {} {flag}", quoted(&root.to_string_lossy())),
        })
    }

    /// The files that were changed; those that others may change too are none of them.
    pub fn replaced(&self) -> impl Iterator<Item = &RelativePath> {
        self.planned(|step| step.existed && !step.deleted)
    }

    /// The files that were made.
    pub fn created(&self) -> impl Iterator<Item = &RelativePath> {
        self.planned(|step| !step.existed)
    }

    /// The files that were deleted.
    pub fn deleted(&self) -> impl Iterator<Item = &RelativePath> {
        self.planned(|step| step.deleted)
    }

    fn planned(&self, wanted: fn(&Step) -> bool) -> impl Iterator<Item = &RelativePath> {
        let steps = self.journal.planned().map(|(_, step)| step);
        steps
            .filter(move |step| wanted(step))
            .map(|step| &step.path)
    }

    /// Where the edited package is, seen from the root: empty, or with a `/` at its end.
    pub fn package(&self) -> &str {
        let paths = self.replaced().filter(|path| !is_base_copy(path));
        let folders = paths.filter_map(|path| path.as_str().strip_suffix("Cargo.toml"));
        folders
            .filter(|folder| folder.is_empty() || folder.ends_with('/'))
            .max_by_key(|folder| folder.len())
            .unwrap_or_default()
    }

    /// Something in this folder was changed or made.
    pub fn reaches(&self, folder: &str) -> bool {
        let inner = |path: &RelativePath| {
            let rest = path.as_str().strip_prefix(folder);
            rest.is_some_and(|rest| rest.starts_with('/'))
        };
        self.replaced().chain(self.created()).any(inner)
    }

    /// The guarded files that somebody changed since: they stay as they are.
    ///
    /// # Errors
    /// A `Refusal` that names the other files that are not as they were written.
    pub fn ensure_unchanged(&self) -> Result<Vec<RelativePath>> {
        let changed = self.journal.changed_since(self.root)?;
        let (own, guarded): (Vec<_>, Vec<_>) =
            changed.into_iter().partition(|step| !step.is_guarded());
        if own.is_empty() {
            return Ok(guarded.into_iter().map(|step| step.path.clone()).collect());
        }
        let mut changes = Vec::new();
        for step in own {
            let change = match step.now(self.root)? {
                None => "is gone",
                Some(_) if step.deleted => "is there again",
                Some(_) => "was changed since it was written",
            };
            changes.push((&step.path, change));
        }
        let before = format!("{UNDO}/{}/", self.number);
        Err(Refusal::many(Exit::Failed, named(changes))
            .hint(format!(
                "nothing was touched\nput these files back to what `{}` left, with git for example, and run again; \
                 or take the rest out by hand: {before} holds the texts from before, numbered as in its journal.json",
                self.deed().command()
            ))
            .into())
    }

    pub fn take_back(&self) -> Result<()> {
        let work = Work::begin(self.root)?;
        work.reopen(self.number)?;
        let stayed = work
            .undo(&self.journal)
            .context("not everything could be taken back; run again to go on")?;
        work.end()?;
        Ok(ensure_none(&stayed)?)
    }
}

/// The files that people look at, if there are any among them, and not too many.
fn named(mut changed: Vec<(&RelativePath, &str)>) -> Vec<Problem> {
    if changed.iter().any(|(path, _)| !is_base_copy(path)) {
        changed.retain(|(path, _)| !is_base_copy(path));
    }
    let mut problems: Vec<Problem> = changed
        .iter()
        .take(NAMED)
        .map(|(path, change)| Problem::new(format!("{path} {change}")))
        .collect();
    if changed.len() > NAMED {
        problems.push(Problem::new(format!("and {} more", changed.len() - NAMED)));
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whats(paths: &[String]) -> Vec<String> {
        let paths: Vec<RelativePath> = paths.iter().map(|path| path.parse().unwrap()).collect();
        let changed = paths.iter().map(|path| (path, "is gone")).collect();
        let problems = named(changed).into_iter();
        problems.map(|problem| problem.what).collect()
    }

    #[test]
    fn names_the_files_that_people_look_at_and_ten_at_most() {
        let base = || ".mcp-auth/base/Cargo.toml".to_owned();
        let mut paths: Vec<String> = (0..12).map(|number| format!("src/{number}.rs")).collect();
        paths.push(base());
        let named = whats(&paths);
        assert_eq!(named.len(), 11);
        assert_eq!(named[0], "src/0.rs is gone");
        assert_eq!(named[10], "and 2 more");
        assert_eq!(whats(&[base()]).len(), 1, "nothing else changed");
    }
}
