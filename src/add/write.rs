//! Makes the changes: the project compiles before, and it compiles after, or everything is as it was.

use anyhow::Result;

use super::{compiler, verified};
use crate::{
    apply::Edit,
    cli,
    plan::{Change, Kind},
    process::{
        cargo::{self, Check, Checked},
        git,
        interrupt::Interrupt,
    },
    project,
    refusal::{Exit, Problem, Refusal},
    relative::RelativePath,
    report::{Report, addition::Proposal},
    verify,
};

/// # Errors
/// A `Refusal` with the files that may not be edited: read-only, or changed since they were committed.
pub fn ensure_clean(proposal: &Proposal<'_>, typed: &cli::Add, report: &mut Report) -> Result<()> {
    let edited = proposal
        .plan
        .changes
        .iter()
        .filter(|change| change.kind == Kind::Replace);
    let edited: Vec<&RelativePath> = edited.map(|change| &change.path).collect();
    let locked = project::read_only(proposal.root, edited.iter().copied());
    if !locked.is_empty() {
        let problems = locked
            .iter()
            .map(|path| Problem::new(format!("{path} is read-only")));
        return Err(Refusal::many(Exit::Failed, problems.collect())
            .hint("make it writable and run again; nothing was written")
            .into());
    }
    if typed.allow_dirty || !project::look_at(proposal.root)?.in_git {
        return Ok(());
    }
    let changed = match git::changed(proposal.root, &edited) {
        Ok(changed) => changed,
        Err(why) => {
            report.note(&format!(
                "whether these files are committed is not known: {why}"
            ));
            return Ok(());
        }
    };
    if changed.is_empty() {
        return Ok(());
    }
    let problems = changed
        .iter()
        .map(|path| Problem::new(format!("{path} has changes that are not committed")));
    Err(Refusal::many(Exit::Dirty, problems.collect())
        .hint("commit or stage them first, so that you can tell them from the edit; or use --allow-dirty; nothing was written")
        .into())
}

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
        Ok(()) => edit.keep()?,
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
