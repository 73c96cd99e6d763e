//! `mcp-auth adopt`: the command's table of contents.
//! Touches nothing itself; each line is another room.

mod look;

use std::path::Path;

use anyhow::Result;

use crate::{
    adopting::{self, Adoption, Said},
    apply::{self, Edit},
    cli,
    new::{agreed, asker},
    project::{self, files::Disk},
    refusal::Exit,
    report::{Report, adoption::Proposal},
    state,
};
use look::Memory;

pub fn run(typed: &cli::Adopt, report: &mut Report) -> Result<Exit> {
    let root = look::root(typed)?;
    let said = Said::new(typed)?;
    for around in project::projects_around(&root).filter(|_| !typed.dry_run) {
        report.aftermath(apply::undo_interrupted(around)?);
    }
    let files = Disk::new(&root);
    let memory = look::memory(&root)?;
    let known = look::known(typed, &root, &memory)?;
    let adoption = match &memory {
        Memory::Read(recorded) => {
            adopting::ensure_nothing_said(&said)?;
            adopting::of_record(recorded, &known, &files)?
        }
        Memory::Lost => adopting::of_files(&said, &known, &look::fallback(&root)?, &files)?,
        Memory::Damaged(why) => {
            report.note(&format!("{why}: what is found out takes its place"));
            adopting::of_files(&said, &known, &look::fallback(&root)?, &files)?
        }
    };
    if adoption.is_sound() {
        return report.nothing_to_adopt(&adoption, &root);
    }
    propose(&adoption, &root, typed, report)
}

fn propose(
    adoption: &Adoption<'_>,
    root: &Path,
    typed: &cli::Adopt,
    report: &mut Report,
) -> Result<Exit> {
    let record = state::FILE.parse().map_err(anyhow::Error::msg)?;
    let present = project::read_existing(root, [&record])?;
    let texts = adoption.texts(present.get(&record).map(Vec::as_slice))?;
    let existing = project::read_existing(root, texts.keys())?;
    let proposal = Proposal {
        adoption,
        plan: &adopting::plan(texts, existing),
        root,
        path: typed.path.as_deref(),
        templates: &typed.templates,
    };
    if typed.dry_run {
        return report.planned_adoption(&proposal);
    }
    if let Some(mut ask) = asker(!typed.yes && !typed.json) {
        report.adoption(&proposal)?;
        agreed(&mut ask, "Record this?")?;
    }
    let edit = Edit::prepare(proposal.plan, root, &[])?;
    match edit.perform(&mut |_| {}) {
        Ok(()) => edit.finish()?,
        Err(error) => return Err(edit.put_back_after(error)),
    }
    report.adopted(&proposal)
}
