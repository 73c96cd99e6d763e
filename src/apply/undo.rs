//! Takes back what was kept of an edit, the last one first. It is the undoing of an interrupted edit, begun on purpose:
//! killed on the way, the next run goes on with it.

use std::path::Path;

use anyhow::{Context, Result};

use super::edit::{Journal, UNDO, Work, ensure_none, is_before, read_journal};
use crate::{
    plan::is_base_copy,
    project,
    refusal::{Exit, Problem, Refusal},
    relative::RelativePath,
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
        let steps = self.journal.steps.iter().enumerate();
        steps
            .filter(|(_, step)| step.sha256.is_some())
            .all(|(number, step)| is_before(dir, number, step, self.root).unwrap_or(false))
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
            changed.into_iter().partition(|step| step.sha256.is_some());
        if own.is_empty() {
            return Ok(guarded.into_iter().map(|step| step.path.clone()).collect());
        }
        let mut problems = Vec::new();
        for step in own {
            problems.push((&step.path, step.now(self.root)?.is_some()));
        }
        let before = format!("{UNDO}/{}/", self.number);
        Err(Refusal::many(Exit::Failed, named(problems))
            .hint(format!(
                "nothing was touched\nput these files back to what `mcp-auth add` wrote, with git for example, and run again; \
                 or take the rest out by hand: {before} holds the texts from before, numbered as in its journal.json"
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
fn named(mut changed: Vec<(&RelativePath, bool)>) -> Vec<Problem> {
    if changed.iter().any(|(path, _)| !is_base_copy(path)) {
        changed.retain(|(path, _)| !is_base_copy(path));
    }
    let mut problems: Vec<Problem> = changed
        .iter()
        .take(NAMED)
        .map(|(path, is_there)| match is_there {
            true => Problem::new(format!("{path} was changed since it was written")),
            false => Problem::new(format!("{path} is gone")),
        })
        .collect();
    if changed.len() > NAMED {
        problems.push(Problem::new(format!("and {} more", changed.len() - NAMED)));
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whats(paths: &[String], is_there: bool) -> Vec<String> {
        let paths: Vec<RelativePath> = paths.iter().map(|path| path.parse().unwrap()).collect();
        let changed = paths.iter().map(|path| (path, is_there)).collect();
        let problems = named(changed).into_iter();
        problems.map(|problem| problem.what).collect()
    }

    #[test]
    fn names_the_files_that_people_look_at_and_ten_at_most() {
        let base = || ".mcp-auth/base/Cargo.toml".to_owned();
        let mut paths: Vec<String> = (0..12).map(|number| format!("src/{number}.rs")).collect();
        paths.push(base());
        let named = whats(&paths, true);
        assert_eq!(named.len(), 11);
        assert_eq!(named[0], "src/0.rs was changed since it was written");
        assert_eq!(named[10], "and 2 more");
        assert_eq!(whats(&paths[..1], false), ["src/0.rs is gone"]);
        assert_eq!(whats(&[base()], true).len(), 1, "nothing else changed");
    }
}
