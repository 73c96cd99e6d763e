//! What was seen of the running server, check by check.

use anyhow::Result;

use super::super::{BAD, DIM, GOOD, Report, failure::say_problems, visible::visible};
use crate::{
    refusal::{Exit, Problem, Refusal},
    verify::{Outcome, Verdict},
};

impl Report {
    pub(super) fn verified(&self, verified: Result<Verdict>) -> Exit {
        let exit = exit(Some(&verified));
        match verified {
            Ok(verdict) => self.checks(&verdict),
            Err(error) => {
                self.say(|err| writeln!(err, "\nthe server was not seen at work:"));
                self.failure(&error);
            }
        }
        exit
    }

    fn checks(&self, verdict: &Verdict) {
        self.say(|err| {
            writeln!(err, "\nSeen of the running server:")?;
            for check in &verdict.checks {
                match &check.outcome {
                    Outcome::Passed => writeln!(err, "  {GOOD}ok{GOOD:#}  {}", check.name)?,
                    Outcome::Failed(why) => {
                        writeln!(err, "  {BAD}no{BAD:#}  {}: {}", check.name, visible(why))?
                    }
                    Outcome::NotTried(why) => {
                        writeln!(err, "  {DIM}--  {}: not tried, {why}{DIM:#}", check.name)?;
                    }
                }
            }
            Ok(())
        });
        if self.quiet {
            let failed = verdict
                .checks
                .iter()
                .filter_map(|check| match &check.outcome {
                    Outcome::Failed(why) => Some(Problem::new(format!("{}: {why}", check.name))),
                    _ => None,
                });
            // nobody is left to tell if it fails
            let _ = say_problems(&failed.collect::<Vec<_>>());
        }
    }
}

pub(super) fn exit(verified: Option<&Result<Verdict>>) -> Exit {
    match verified {
        None => Exit::Done,
        Some(Ok(verdict)) if verdict.is_good() => Exit::Done,
        Some(Ok(_)) => Exit::Failed,
        Some(Err(error)) => error
            .downcast_ref::<Refusal>()
            .map_or(Exit::Failed, |refusal| refusal.exit),
    }
}
