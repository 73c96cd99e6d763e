//! `mcp-auth add --undo`: takes the last addition back.

use std::path::Path;

use anyhow::Result;

use crate::{
    apply::Kept,
    cli,
    new::{agreed, asker},
    project,
    prompt::Reply,
    refusal::{Exit, Refusal},
    report::Report,
};

pub fn run(here: &Path, typed: &cli::Add, report: &mut Report) -> Result<Exit> {
    let mut roots = project::projects_around(here);
    let Some(kept) = roots
        .find_map(|root| Kept::last(root).transpose())
        .transpose()?
    else {
        return Err(Refusal::failed("there is no addition to take back here")
            .hint("only what `mcp-auth add` did in this copy of the project can be taken back: its record is not committed")
            .into());
    };
    for path in kept.ensure_unchanged()? {
        report.note(&format!(
            "{path} was changed since, it gets the text from before the addition"
        ));
    }
    if typed.dry_run {
        return report.would_take_back(&kept);
    }
    if let Some(mut ask) = asker(!typed.yes && !typed.json) {
        report.taking_back(&kept)?;
        if agreed(&mut ask, "Take this addition back?")? == Reply::Back {
            return Err(Refusal::interrupted().into());
        }
    }
    kept.take_back()?;
    report.taken_back(&kept)
}
