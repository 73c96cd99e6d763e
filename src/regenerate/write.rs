//! Makes the changes, and looks whether the project still compiles. What does not compile stays: `--abort` takes it back.

use anyhow::Result;

use super::{index, look::Project, run::Whole};
use crate::{
    apply::{Deed, Edit},
    cli, compiler,
    merge::markers,
    plan::Plan,
    process::{
        cargo::{self, Check},
        interrupt::Interrupt,
    },
    refusal::{Exit, Problem, Refusal},
    relative::RelativePath,
    report::{
        Report,
        renewal::{Compiled, Proposal},
    },
    state,
};

pub fn write(
    proposal: &Proposal<'_>,
    whole: &Whole<'_>,
    project: &Project,
    typed: &cli::Regenerate,
    report: &mut Report,
) -> Result<Exit> {
    let marked = marked(proposal.plan);
    let interrupt = Interrupt::watch()?;
    let guarded = ["Cargo.lock".parse().map_err(anyhow::Error::msg)?];
    let edit = Edit::prepare(&whole.plan, whole.root, &guarded)?;
    let trial = Trial {
        project,
        interrupt: &interrupt,
        checks: !typed.no_check && marked.is_empty() && is_more_than_record(&whole.plan),
    };
    let compiled = match trial.run(&edit, whole, report) {
        Ok(compiled) => compiled,
        Err(error) => return Err(edit.put_back_after(error)),
    };
    edit.keep(Deed::Regeneration)?;
    index::stage(proposal.renewal, &marked, proposal.root, report);
    drop(interrupt);
    report.regenerated(proposal, &compiled)
}

/// The compiler does not see what is ours alone: the record, the copies, what lies under `incoming/`.
fn is_more_than_record(plan: &Plan) -> bool {
    let is_ours = |name: &str| name == state::FILE || name == ".mcp-auth";
    let mut writes = plan.writes();
    writes.any(|change| !change.path.as_str().split('/').any(is_ours))
}

/// The files that are written with conflict markers.
fn marked(plan: &Plan) -> Vec<RelativePath> {
    let texts = plan.writes().filter(|change| !change.is_base_copy());
    let marked = texts.filter(|change| !markers(change.text()).is_empty());
    marked.map(|change| change.path.clone()).collect()
}

struct Trial<'a> {
    project: &'a Project,
    interrupt: &'a Interrupt,
    checks: bool,
}

impl Trial<'_> {
    fn run(&self, edit: &Edit<'_>, whole: &Whole<'_>, report: &mut Report) -> Result<Compiled> {
        let total = whole.plan.writes().count();
        let mut progress = report.progress(total);
        edit.perform(&mut |done| progress.step(done))?;
        drop(progress);
        self.interrupt.check().map_err(|_| interrupted())?;
        match self.checks {
            true => self.check(report),
            false => Ok(Compiled::NotTried),
        }
    }

    fn check(&self, report: &mut Report) -> Result<Compiled> {
        let Some(package) = self.project.package()? else {
            report
                .note("whether the project compiles was not checked: Cargo.toml names no package");
            return Ok(Compiled::NotTried);
        };
        let check = Check {
            root: &self.project.root,
            package: &package,
            features: self.project.features(),
            color: report.paints(),
            shown: report.shows_progress(),
        };
        report.doing(&format!(
            "checking that it still compiles: {}",
            check.command()
        ));
        let checked = match cargo::check(&check, self.interrupt) {
            Ok(checked) => checked.ok_or_else(interrupted)?,
            // no cargo
            Err(error) => {
                report.note(&format!(
                    "whether the project compiles was not checked: {error}"
                ));
                return Ok(Compiled::NotTried);
            }
        };
        Ok(match checked.success {
            true => Compiled::Yes,
            false => Compiled::No(compiler::words(&checked)),
        })
    }
}

fn interrupted() -> anyhow::Error {
    Refusal::many(Exit::Interrupted, vec![Problem::new("interrupted")]).into()
}
