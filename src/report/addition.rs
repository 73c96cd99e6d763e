//! `mcp-auth add` in words: what will happen to which line, and what to do once it has.

pub(super) mod document;
pub(super) mod places;
mod verified;

use std::{
    io::{self, Write},
    path::Path,
};

use anyhow::Result;

use super::{
    BOLD, GOOD, HINT, Report,
    files::{self, Detail},
    print_json,
    proposal::title,
};
use crate::{
    adding::{Addition, Presence},
    answers::Answers,
    catalog::Catalog,
    existing::site::Site,
    plan::{Kind, Plan},
    refusal::Exit,
    text,
    verify::Verdict,
};
use places::{by_hand, mounts};

/// What becomes of files that are there.
const CHANGED: &str = "changed";

/// What is about to be added, and where.
pub struct Proposal<'a> {
    pub site: &'a Site,
    pub addition: &'a Addition,
    pub plan: &'a Plan,
    /// The workspace's folder.
    pub root: &'a Path,
    pub answers: &'a Answers,
    /// The same without questions.
    pub command: &'a str,
    pub catalog: &'a Catalog,
    /// The package's folder from where the person is; empty if that is the same.
    pub folder: &'a Path,
    /// There is a `.env` in it.
    pub has_env: bool,
}

impl Report {
    /// A dry run. `ready` says why it would be refused now.
    pub fn planned_addition(&mut self, proposal: &Proposal<'_>, ready: Result<()>) -> Result<Exit> {
        self.addition_notes(proposal);
        if let Err(error) = ready {
            self.note(&format!("as it is, this would be refused: {error}"));
        }
        if self.json {
            return print_json(&document::planned(proposal, self.diff, &self.notes)?);
        }
        let mut out = anstream::stdout().lock();
        self.what_changes(&mut out, proposal, Detail::Files)?;
        by_hand(&mut out, &proposal.addition.remaining)?;
        out.flush()?;
        self.say(|err| writeln!(err, "nothing was written: this was a dry run"));
        Ok(Exit::Done)
    }

    /// Before the confirmation: what will happen, and the command that would do it again.
    pub fn addition(&mut self, proposal: &Proposal<'_>) -> Result<()> {
        let mut err = anstream::stderr().lock();
        writeln!(err)?;
        self.what_changes(&mut err, proposal, Detail::Folders)?;
        by_hand(&mut err, &proposal.addition.remaining)?;
        writeln!(
            err,
            "\nThe same without questions:\n  {HINT}{}{HINT:#}\n",
            proposal.command
        )?;
        Ok(())
    }

    /// `verified` is what was seen of the running server, if it was asked for.
    pub fn added(
        &mut self,
        proposal: &Proposal<'_>,
        verified: Option<Result<Verdict>>,
    ) -> Result<Exit> {
        self.addition_notes(proposal);
        if self.json {
            let document = document::added(proposal, self.diff, &self.notes, verified.as_ref());
            return print_json(&document?).map(|_| verified::exit(verified.as_ref()));
        }
        if self.diff {
            let mut out = anstream::stdout().lock();
            files::diffs(&mut out, proposal.plan, self.verbose)?;
            out.flush()?;
        }
        let remaining = &proposal.addition.remaining;
        let steps = next_steps(proposal);
        let addition = proposal.addition;
        let state = match (addition.presence, addition.is_complete()) {
            (Presence::Present, _) => "asks its callers for authentication here, too",
            (Presence::Absent, true) => "asks its callers for authentication now",
            (Presence::Absent, false) => {
                "can ask its callers for authentication once the steps below are done"
            }
        };
        self.say(|err| {
            let name = &proposal.site.package.name;
            let count = files::count(proposal.plan, CHANGED);
            writeln!(err, "{GOOD}{name} {state}{GOOD:#}: {count}")?;
            if addition.presence == Presence::Present {
                mounts(err, addition)?;
            }
            changed(err, proposal.plan)?;
            if self.verbose {
                files::list(err, proposal.plan, Detail::All, CHANGED)?;
            }
            by_hand(err, remaining)?;
            writeln!(err, "\nNext:")?;
            for step in &steps {
                writeln!(err, "  {BOLD}{step}{BOLD:#}")?;
            }
            let folder = &proposal.site.package.folder;
            writeln!(err, "\n{folder}AUTHENTICATION.md goes on from there")?;
            writeln!(err, "`mcp-auth add --undo` takes it back")
        });
        Ok(verified.map_or(Exit::Done, |verified| self.verified(verified)))
    }

    /// `add` was here before.
    pub fn protected_already(
        &mut self,
        site: &Site,
        root: &Path,
        verified: Option<Result<Verdict>>,
    ) -> Result<Exit> {
        for note in &site.notes {
            self.note(note);
        }
        if self.json {
            let document = document::unchanged(site, root, &self.notes, verified.as_ref());
            return print_json(&document).map(|_| verified::exit(verified.as_ref()));
        }
        let name = &site.package.name;
        self.say(|err| {
            writeln!(
                err,
                "{GOOD}{name} has this authentication already, nothing to do{GOOD:#}"
            )?;
            by_hand(err, &site.remaining)
        });
        Ok(verified.map_or(Exit::Done, |verified| self.verified(verified)))
    }

    fn addition_notes(&mut self, proposal: &Proposal<'_>) {
        for note in &proposal.addition.notes {
            self.note(note);
        }
    }

    fn what_changes(
        &self,
        out: &mut dyn Write,
        proposal: &Proposal<'_>,
        detail: Detail,
    ) -> Result<()> {
        let title = title(proposal.answers, proposal.catalog)?;
        let site = proposal.site;
        writeln!(
            out,
            "{BOLD}{}{BOLD:#} (rmcp {}): {title}",
            site.package.name, site.rmcp
        )?;
        mounts(out, proposal.addition)?;
        let detail = if self.verbose { Detail::All } else { detail };
        files::list(out, proposal.plan, detail, CHANGED)?;
        if self.diff {
            files::diffs(out, proposal.plan, self.verbose)?;
        }
        Ok(())
    }
}

/// The person's own files.
fn changed(out: &mut dyn Write, plan: &Plan) -> io::Result<()> {
    let mut changes = plan.changes.iter();
    changes.try_for_each(|change| match change.kind {
        Kind::Replace => writeln!(out, "  changed {}", change.path),
        _ => Ok(()),
    })
}

/// Shell lines from here to a running server.
fn next_steps(proposal: &Proposal<'_>) -> Vec<String> {
    let example = proposal.addition.env_file.as_str();
    let example = example.rsplit('/').next().unwrap_or(example);
    let folder = proposal.folder.to_string_lossy();
    let cd = (!folder.is_empty()).then(|| format!("cd {}", text::quoted(&folder)));
    let settings = match proposal.has_env {
        _ if proposal.addition.presence == Presence::Present => Vec::new(),
        true => vec![format!("# put what {example} asks for into .env")],
        false => vec![
            format!("cp {} .env", text::quoted(example)),
            "# fill in what .env asks for".to_owned(),
        ],
    };
    let run = proposal.addition.run(&proposal.site.package);
    cd.into_iter().chain(settings).chain([run]).collect()
}
