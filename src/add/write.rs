//! Makes the changes: the project compiles before, and it compiles after, or everything is as it was.

use anyhow::Result;

use super::verified;
use crate::{
    apply::{Deed, Edit},
    cli, compiler,
    plan::{Change, Kind},
    process::{
        cargo::{self, Check, Checked},
        interrupt::Interrupt,
    },
    refusal::{Exit, Problem, Refusal},
    report::{Report, addition::Proposal},
    verify,
};

pub fn write(proposal: &Proposal<'_>, typed: &cli::Add, report: &mut Report) -> Result<Exit> {
    verify::ensure_possible(typed.run.as_deref(), typed.url.as_deref())?;
    let interrupt = Interrupt::watch()?;
    let guarded = ["Cargo.lock".parse().map_err(anyhow::Error::msg)?];
    let edit = Edit::prepare(proposal.plan, proposal.root, &guarded)?;
    let trial = Trial {
        proposal,
        interrupt: &interrupt,
        check: Check {
            root: proposal.root,
            package: &proposal.site.package.name,
            features: &proposal.addition.features,
            color: report.paints(),
            shown: report.shows_progress(),
        },
    };
    match trial.run(&edit, !typed.no_check, report) {
        Ok(()) => edit.keep(Deed::Addition)?,
        Err(error) => return Err(edit.put_back_after(error)),
    }
    let verify = || verified::verify(proposal, typed, &interrupt, report);
    let verified = typed.verify.then(verify);
    drop(interrupt);
    report.added(proposal, verified)
}

struct Trial<'a> {
    proposal: &'a Proposal<'a>,
    interrupt: &'a Interrupt,
    check: Check<'a>,
}

impl Trial<'_> {
    fn run(&self, edit: &Edit<'_>, checks: bool, report: &mut Report) -> Result<()> {
        if checks {
            report.doing(&format!(
                "checking that the project compiles: {}",
                self.check.command()
            ));
            self.passed(
                "the project does not compile as it is",
                Some(
                    "put it right and run again, or leave the check out with --no-check; nothing was changed",
                ),
            )?;
        }
        let total = self.proposal.plan.writes().count();
        let mut progress = report.progress(total);
        edit.perform(&mut |done| progress.step(done))?;
        drop(progress);
        if !checks {
            report.note("whether the project compiles was not checked");
            return self.interrupted();
        }
        report.doing("checking that it still compiles");
        let checked = self.passed("the project does not compile with the addition", None)?;
        let is_new = |file: &str| {
            self.proposal
                .plan
                .changes
                .iter()
                .any(|change| is_at(change, file))
        };
        match compiler::warnings(&checked, is_new) {
            0 => {}
            count => report.note(&format!(
                "the compiler warns about the new code, {count} times: {} shows it",
                self.check.command()
            )),
        }
        Ok(())
    }

    fn passed(&self, problem: &str, hint: Option<&str>) -> Result<Checked> {
        let Some(checked) = cargo::check(&self.check, self.interrupt)? else {
            return Err(interrupted());
        };
        if checked.success {
            return Ok(checked);
        }
        let refusal = Refusal::failed(problem);
        let words = compiler::words(&checked);
        let refusal = if words.is_empty() {
            refusal
        } else {
            refusal.words(words)
        };
        Err(match hint {
            Some(hint) => refusal.hint(hint).into(),
            None => refusal.into(),
        })
    }

    fn interrupted(&self) -> Result<()> {
        self.interrupt.check().map_err(|_| interrupted())
    }
}

fn is_at(change: &Change, file: &str) -> bool {
    change.kind == Kind::Create && change.path.as_str() == file
}

fn interrupted() -> anyhow::Error {
    Refusal::many(Exit::Interrupted, vec![Problem::new("interrupted")]).into()
}
