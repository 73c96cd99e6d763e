//! `mcp-auth regenerate` in words: what becomes of which file and why, and what to do once it has.

mod disputes;
mod document;
mod drift;
mod entries;
mod findings;
mod head;
mod list;
mod next;
mod proposal;
mod reasons;
mod unfinished;

pub use proposal::{Compiled, Generation, Proposal};

use std::io::{self, Write};

use anyhow::Result;

use super::{
    GOOD, HINT, Report,
    addition::places::by_hand,
    files::{Detail, diff, paint},
    print_json,
    visible::visible,
};
use crate::{plan::Kind, refusal::Exit};
use document::Outcome;
use entries::{Entry, entries, is_written};

impl Report {
    /// A dry run. `ready` says why it would be refused now; so do conflicts that nobody has decided.
    pub fn planned_regeneration(
        &mut self,
        proposal: &Proposal<'_>,
        ready: Result<()>,
    ) -> Result<Exit> {
        if let Err(error) = ready {
            self.note(&format!("as it is, this would be refused: {error}"));
        }
        let entries = entries(proposal);
        let is_open = disputes::open(proposal).next().is_some();
        let exit = match is_open {
            true => Exit::Conflicts,
            false => Exit::Done,
        };
        if self.json {
            self.print(Outcome::Planned, proposal, &entries, None)?;
            return Ok(exit);
        }
        let mut out = anstream::stdout().lock();
        self.whole(&mut out, proposal, &entries, Detail::Files)?;
        out.flush()?;
        self.say(|err| {
            if is_open {
                disputes::unsettled(err, proposal)?;
            }
            writeln!(err, "nothing was written: this was a dry run")
        });
        Ok(exit)
    }

    /// Before the confirmation: the whole plan, and the command that would do it again.
    pub fn regeneration(&mut self, proposal: &Proposal<'_>) -> Result<()> {
        let mut err = anstream::stderr().lock();
        writeln!(err)?;
        self.whole(&mut err, proposal, &entries(proposal), Detail::Folders)?;
        // what was decided place by place cannot be said in a command
        if proposal.renewal.conflicts().next().is_none() {
            let command = visible(proposal.command);
            writeln!(
                err,
                "\nThe same without questions:\n  {HINT}{command}{HINT:#}\n"
            )?;
        }
        self.shown = true;
        Ok(())
    }

    /// Nothing is written: somebody has to decide first.
    pub fn conflicts(&mut self, proposal: &Proposal<'_>) -> Result<Exit> {
        let entries = entries(proposal);
        if self.json {
            self.print(Outcome::Conflicts, proposal, &entries, None)?;
            return Ok(Exit::Conflicts);
        }
        if !self.shown {
            self.say(|err| self.whole(err, proposal, &entries, Detail::Folders));
        }
        // nobody is left to tell if it fails
        let _ = disputes::write(&mut anstream::stderr().lock(), proposal);
        Ok(Exit::Conflicts)
    }

    pub fn regenerated(&mut self, proposal: &Proposal<'_>, compiled: &Compiled) -> Result<Exit> {
        let entries = entries(proposal);
        let exit = exit(&entries, compiled);
        if self.json {
            self.print(Outcome::Regenerated, proposal, &entries, Some(compiled))?;
            return Ok(exit);
        }
        if self.diff && !self.shown {
            let mut out = anstream::stdout().lock();
            diffs(&mut out, proposal, &entries)?;
            out.flush()?;
        }
        let name = proposal.after.answers.name.as_str();
        self.say(|err| {
            if !self.shown {
                self.plan(err, proposal, &entries, Detail::Folders)?;
            }
            match is_written(proposal, &entries) {
                true => writeln!(err, "{GOOD}{name} was regenerated{GOOD:#}")?,
                false => writeln!(err, "{GOOD}only the record of {name} was written{GOOD:#}")?,
            }
            next::write(err, proposal, &entries, compiled)
        });
        next::say_compiled(compiled);
        Ok(exit)
    }

    /// There is nothing to write.
    pub fn unchanged_regeneration(&mut self, proposal: &Proposal<'_>) -> Result<Exit> {
        let entries = entries(proposal);
        if self.json {
            return self.print(Outcome::Unchanged, proposal, &entries, None);
        }
        let name = proposal.after.answers.name.as_str();
        let is_told = drift::drifting(&entries).is_empty()
            && unfinished::unfinished(&entries).is_empty()
            && !entries.iter().any(Entry::is_shown);
        self.say(|err| {
            let rest = if is_told { ", nothing to do" } else { "" };
            writeln!(err, "{GOOD}there is nothing new for {name}{GOOD:#}{rest}")?;
            match is_told && !self.verbose {
                true => Ok(()),
                false => self.plan(err, proposal, &entries, Detail::Files),
            }
        });
        Ok(Exit::Done)
    }

    /// `--check`: whether there is anything to do, and what.
    pub fn checked(&mut self, proposal: &Proposal<'_>) -> Result<Exit> {
        let entries = entries(proposal);
        let findings = findings::findings(proposal, &entries);
        let exit = match findings.is_empty() {
            true => Exit::Done,
            false => Exit::Found,
        };
        if self.json {
            self.print(Outcome::Checked, proposal, &entries, None)?;
            return Ok(exit);
        }
        let mut out = anstream::stdout().lock();
        if !findings.is_empty() && !self.quiet {
            self.whole(&mut out, proposal, &entries, Detail::Folders)?;
        }
        findings::write(&mut out, proposal, &entries, &findings)?;
        out.flush()?;
        Ok(exit)
    }

    fn print(
        &self,
        outcome: Outcome,
        proposal: &Proposal<'_>,
        entries: &[Entry<'_>],
        compiled: Option<&Compiled>,
    ) -> Result<Exit> {
        let mut document = document::document(outcome, proposal, entries, self.diff);
        document["notes"] = self.notes.as_slice().into();
        if let Some(compiled) = compiled {
            document["compiles"] = document::compiles(compiled);
            document["compiler"] = document::words(compiled);
            document["next_steps"] = next::steps(proposal, entries, compiled).into();
        }
        print_json(&document)
    }

    /// The plan, and with `--diff` the texts.
    fn whole(
        &self,
        out: &mut dyn Write,
        proposal: &Proposal<'_>,
        entries: &[Entry<'_>],
        detail: Detail,
    ) -> io::Result<()> {
        self.plan(out, proposal, entries, detail)?;
        if self.diff {
            diffs(out, proposal, entries)?;
        }
        Ok(())
    }

    fn plan(
        &self,
        out: &mut dyn Write,
        proposal: &Proposal<'_>,
        entries: &[Entry<'_>],
        detail: Detail,
    ) -> io::Result<()> {
        let detail = if self.verbose { Detail::All } else { detail };
        head::header(out, proposal)?;
        list::list(out, proposal, entries, detail)?;
        drift::write(out, entries)?;
        unfinished::write(out, entries)?;
        reasons::write(out, &reasons::reasons(proposal.renewal), self.verbose)?;
        by_hand(out, proposal.remaining)
    }
}

/// Markers are conflicts that are still there; with them it cannot compile.
fn exit(entries: &[Entry<'_>], compiled: &Compiled) -> Exit {
    match compiled {
        _ if entries.iter().any(|entry| !entry.markers.is_empty()) => Exit::Conflicts,
        Compiled::No(_) => Exit::Failed,
        Compiled::Yes | Compiled::NotTried => Exit::Done,
    }
}

fn diffs(out: &mut dyn Write, proposal: &Proposal<'_>, entries: &[Entry<'_>]) -> io::Result<()> {
    let around = proposal.around.iter();
    let around = around.filter(|change| change.kind != Kind::Same);
    let mut diffs = entries
        .iter()
        .filter_map(Entry::diff)
        .chain(around.map(diff));
    diffs.try_for_each(|diff| paint(out, &diff))
}

#[cfg(test)]
mod tests;
