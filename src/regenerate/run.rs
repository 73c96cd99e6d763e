//! From the decisions to the files: shows them, has the conflicts settled, and writes.

use std::path::Path;

use anyhow::Result;

use super::{added::Added, look::Project, settle::Settling, write};
use crate::{
    clean::ensure_clean,
    cli::{self, OnConflict},
    new::{agreed, asker},
    plan::Plan,
    prompt::{Reply, Terminal},
    refusal::Exit,
    renewal::Renewal,
    report::{
        Report,
        renewal::{Generation, Proposal},
    },
};

/// What is known once everything has been looked at.
pub struct Run<'a> {
    pub renewal: &'a Renewal<'a>,
    pub before: Generation<'a>,
    pub after: Generation<'a>,
    /// The same without questions.
    pub command: &'a str,
    /// The project's, from where the person is.
    pub folder: &'a Path,
    pub project: &'a Project,
    pub added: Option<&'a Added>,
    pub typed: &'a cli::Regenerate,
}

/// A plan with all that is written: a package in a workspace has files of its own there.
pub struct Whole<'a> {
    pub plan: Plan,
    pub root: &'a Path,
}

impl<'a> Run<'a> {
    pub fn go(&self, report: &mut Report) -> Result<Exit> {
        let typed = self.typed;
        let settling = Settling::new(self.renewal, typed.conflict);
        let plan = self.renewal.plan(settling.settled())?;
        let proposal = self.proposal(&settling, &plan);
        if typed.check {
            return report.checked(&proposal);
        }
        let whole = self.whole(&plan)?;
        if whole.plan.writes().next().is_none() && !settling.is_open() {
            return report.unchanged_regeneration(&proposal);
        }
        let clean = self.ensure_clean(report);
        if typed.dry_run {
            return report.planned_regeneration(&proposal, clean);
        }
        match asker(!typed.yes && !typed.json) {
            None if settling.is_open() => report.conflicts(&proposal),
            None => {
                clean?;
                write::write(&proposal, &whole, self.project, typed, report)
            }
            Some(mut ask) => {
                clean?;
                report.regeneration(&proposal)?;
                self.ask(settling.clone(), &mut ask, report)
            }
        }
    }

    /// Has the conflicts decided one by one, and writes.
    fn ask(
        &self,
        mut settling: Settling<'_, '_>,
        ask: &mut Terminal,
        report: &mut Report,
    ) -> Result<Exit> {
        loop {
            settling.ask(ask, report)?;
            match agreed(ask, "Make these changes?")? {
                Reply::Back => settling.back(),
                Reply::Answer(()) => {
                    let plan = self.renewal.plan(settling.settled())?;
                    let whole = self.whole(&plan)?;
                    let proposal = self.proposal(&settling, &plan);
                    return write::write(&proposal, &whole, self.project, self.typed, report);
                }
            }
        }
    }

    /// Before anything is asked: whatever the answers will be.
    fn ensure_clean(&self, report: &mut Report) -> Result<()> {
        let how = self.typed.conflict.unwrap_or(OnConflict::Markers);
        let settling = Settling::new(self.renewal, Some(how));
        let whole = self.whole(&self.renewal.plan(settling.settled())?)?;
        ensure_clean(&whole.plan, whole.root, self.typed.allow_dirty, report)
    }

    fn whole(&self, plan: &Plan) -> Result<Whole<'a>> {
        Ok(match self.added {
            Some(added) => Whole {
                plan: added.whole(plan)?,
                root: added.root(),
            },
            None => Whole {
                plan: plan.clone(),
                root: &self.project.root,
            },
        })
    }

    fn proposal<'p>(&'p self, settling: &'p Settling<'_, '_>, plan: &'p Plan) -> Proposal<'p> {
        Proposal {
            root: &self.project.root,
            folder: self.folder,
            renewal: self.renewal,
            settled: settling.settled(),
            plan,
            before: self.before,
            after: self.after,
            command: self.command,
            around: self.added.map_or(&[], |added| &added.anew.around),
            remaining: self.added.map_or(&[], |added| &added.steps),
        }
    }
}
