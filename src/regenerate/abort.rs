//! `--abort`, and what every run does first: puts back what an interrupted run left, here or in the workspace around.

use std::path::Path;

use anyhow::Result;

use super::index;
use crate::{
    apply::{self, Deed, Kept},
    cli, project,
    refusal::{Exit, Refusal},
    report::Report,
    taking_back::take_back,
};

pub fn run(here: &Path, typed: &cli::Regenerate, report: &mut Report) -> Result<Exit> {
    for root in roots(here) {
        if apply::is_interrupted(root) && !typed.dry_run {
            return interrupted(root, report);
        }
    }
    let mut kept = None;
    for root in roots(here) {
        kept = kept.or(Kept::last(root)?);
    }
    let Some(kept) = kept else {
        return Err(nothing());
    };
    kept.ensure_is(Deed::Regeneration)?;
    ensure_is_here(&kept, here)?;
    let asks = !typed.yes && !typed.json;
    take_back(&kept, typed.dry_run, asks, report, |report| {
        index::restore(&kept, report)
    })
}

/// # Errors
/// A `Refusal` if the last one was of another package of the workspace.
fn ensure_is_here(kept: &Kept<'_>, here: &Path) -> Result<()> {
    let inside = project::inside(kept.root, here).unwrap_or_default();
    if inside.is_empty() || kept.reaches(&inside) {
        return Ok(());
    }
    Err(Refusal::failed(format!("the last regeneration was not in {inside}"))
        .hint("go into the package that it was in, and take that one back first: mcp-auth regenerate --abort")
        .into())
}

fn interrupted(root: &Path, report: &mut Report) -> Result<Exit> {
    apply::undo_interrupted(root)?;
    report.put_back(root)
}

/// What a killed run left.
pub fn put_right(here: &Path, typed: &cli::Regenerate, report: &mut Report) -> Result<()> {
    for root in roots(here) {
        if !typed.dry_run && !typed.check {
            report.aftermath(apply::undo_interrupted(root)?);
        } else if apply::is_interrupted(root) {
            report.note("an interrupted run has left half of its changes here: the next one that writes puts them back");
        }
    }
    Ok(())
}

/// The project's folder, and those of the packages and workspaces around it.
fn roots(here: &Path) -> impl Iterator<Item = &Path> {
    let around = project::projects_around(here).filter(move |root| *root != here);
    [here].into_iter().chain(around)
}

fn nothing() -> anyhow::Error {
    Refusal::failed("there is no regeneration to take back here")
        .hint("only what `mcp-auth regenerate` did in this copy of the project can be taken back: its record is not committed")
        .into()
}
