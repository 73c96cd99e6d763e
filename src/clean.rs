//! Whether the files that a plan changes or deletes may be touched: they can be written, and git has their owner's work.
//! Looks and refuses; writes nothing.

use std::path::Path;

use anyhow::Result;

use crate::{
    plan::{Kind, Plan},
    process::git,
    project,
    refusal::{Exit, Problem, Refusal},
    relative::RelativePath,
    report::Report,
    state,
};

/// # Errors
/// A `Refusal` with the files that may not be edited: read-only, or changed since they were committed.
pub fn ensure_clean(
    plan: &Plan,
    root: &Path,
    allow_dirty: bool,
    report: &mut Report,
) -> Result<()> {
    let edited: Vec<&RelativePath> = edited(plan).collect();
    ensure_writable(root, &edited)?;
    if allow_dirty || !project::look_at(root)?.in_git {
        return Ok(());
    }
    match git::changed(root, &to_compare(edited)) {
        Ok(changed) => ensure_committed(&changed),
        Err(why) => {
            report.note(&format!(
                "whether these files are committed is not known: {why}"
            ));
            Ok(())
        }
    }
}

/// The files that are there and will not be what they are.
fn edited(plan: &Plan) -> impl Iterator<Item = &RelativePath> {
    let changes = plan.changes.iter();
    changes
        .filter(|change| matches!(change.kind, Kind::Replace | Kind::Delete))
        .map(|change| &change.path)
}

/// Answers may be changed in the record by hand: they are what the edit is made from, and it keeps them.
fn to_compare(mut edited: Vec<&RelativePath>) -> Vec<&RelativePath> {
    let is_record = |path: &RelativePath| path.as_str().rsplit('/').next() == Some(state::FILE);
    edited.retain(|path| !is_record(path));
    edited
}

fn ensure_writable(root: &Path, edited: &[&RelativePath]) -> Result<()> {
    let locked = project::read_only(root, edited.iter().copied());
    let problems = locked
        .iter()
        .map(|path| Problem::new(format!("{path} is read-only")));
    refuse_if_any(
        Exit::Failed,
        problems.collect(),
        "make it writable and run again; nothing was written",
    )
}

fn ensure_committed(changed: &[&RelativePath]) -> Result<()> {
    let problems = changed
        .iter()
        .map(|path| Problem::new(format!("{path} has changes that are not committed")));
    refuse_if_any(
        Exit::Dirty,
        problems.collect(),
        "commit or stage them first, so that you can tell them from the edit; or use --allow-dirty; nothing was written",
    )
}

fn refuse_if_any(exit: Exit, problems: Vec<Problem>, hint: &str) -> Result<()> {
    match problems.is_empty() {
        true => Ok(()),
        false => Err(Refusal::many(exit, problems).hint(hint).into()),
    }
}
