//! `mcp-auth adopt` in words: for each file how sure it is what was generated, and what to do with that.

mod document;
mod table;

use std::{
    io::Write,
    path::{Path, PathBuf},
};

use anyhow::Result;

use super::{BOLD, GOOD, HINT, Report, print_json, proposal::title};
use crate::{
    adopting::{Adoption, Sureness},
    answers::Answers,
    plan::Plan,
    refusal::Exit,
    state,
    text::quoted,
};

/// What is about to be recorded.
pub struct Proposal<'a> {
    pub adoption: &'a Adoption<'a>,
    pub plan: &'a Plan,
    pub root: &'a Path,
    /// As it was typed.
    pub path: Option<&'a Path>,
    pub templates: &'a [PathBuf],
}

impl Report {
    /// Record and copies are as they should be.
    pub fn nothing_to_adopt(&mut self, adoption: &Adoption<'_>, root: &Path) -> Result<Exit> {
        if self.json {
            return print_json(&document::unchanged(adoption, root, &self.notes));
        }
        let count = adoption.findings.len();
        self.say(|err| {
            writeln!(
                err,
                "{GOOD}{} and the pristine copies of {count} files are sound, nothing to adopt{GOOD:#}",
                state::FILE
            )
        });
        Ok(Exit::Done)
    }

    /// A dry run.
    pub fn planned_adoption(&mut self, proposal: &Proposal<'_>) -> Result<Exit> {
        self.adoption_notes(proposal);
        if self.json {
            return print_json(&document::document("planned", proposal, &self.notes));
        }
        let mut out = anstream::stdout().lock();
        self.what_is_recorded(&mut out, proposal)?;
        out.flush()?;
        self.say(|err| writeln!(err, "nothing was written: this was a dry run"));
        Ok(Exit::Done)
    }

    /// Before the confirmation.
    pub fn adoption(&mut self, proposal: &Proposal<'_>) -> Result<()> {
        let mut err = anstream::stderr().lock();
        writeln!(err)?;
        self.what_is_recorded(&mut err, proposal)?;
        let command = equivalent(proposal);
        writeln!(
            err,
            "\nThe same without questions:\n  {HINT}{command}{HINT:#}\n"
        )?;
        Ok(())
    }

    pub fn adopted(&mut self, proposal: &Proposal<'_>) -> Result<Exit> {
        self.adoption_notes(proposal);
        if self.json {
            return print_json(&document::document("adopted", proposal, &self.notes));
        }
        let mut told = Vec::new();
        self.what_is_recorded(&mut told, proposal)?;
        self.say(|err| {
            err.write_all(&told)?;
            writeln!(
                err,
                "{GOOD}recorded{GOOD:#}: {} and .mcp-auth/base/",
                state::FILE
            )?;
            writeln!(
                err,
                "\nNext:\n  {BOLD}git add mcp-auth.toml .mcp-auth{BOLD:#}"
            )?;
            writeln!(err, "  {BOLD}mcp-auth regenerate --dry-run{BOLD:#}")
        });
        Ok(Exit::Done)
    }

    fn adoption_notes(&mut self, proposal: &Proposal<'_>) {
        for note in notes(proposal.adoption) {
            self.note(&note);
        }
    }

    fn what_is_recorded(&self, out: &mut dyn Write, proposal: &Proposal<'_>) -> Result<()> {
        let adoption = proposal.adoption;
        let from = match adoption.is_recorded {
            true => format!("as {} says", state::FILE),
            false => "found out from the files".to_owned(),
        };
        let title = title(&adoption.answers, adoption.catalog)?;
        writeln!(
            out,
            "{BOLD}{}{BOLD:#}: {title}, {from}",
            adoption.answers.name
        )?;
        writeln!(out, "  {}", in_words(&adoption.answers))?;
        writeln!(out, "  templates: {}", adoption.origin.set)?;
        table::table(out, &adoption.findings, self.verbose)
    }
}

/// What follows from what is not certain.
fn notes(adoption: &Adoption<'_>) -> Vec<String> {
    let count = |is: fn(&Sureness) -> bool| {
        let findings = adoption.findings.iter();
        findings.filter(|finding| is(&finding.sureness)).count()
    };
    let mut notes = Vec::new();
    if !adoption.others.is_empty() {
        notes.push(format!(
            "the files fit as well: {}; --auth and --preset say which one it is",
            adoption.others.join(", ")
        ));
    }
    if count(|it| matches!(it, Sureness::Close(_) | Sureness::Copy)) > 0 {
        notes.push("for files that are not certain, what differs counts as yours from now on; whether older fixes are in them cannot be told: `mcp-auth regenerate --check` names every advisory about them, compare them with .mcp-auth/base".to_owned());
    }
    if count(|it| *it == Sureness::Far) > 0 {
        notes.push("where nothing is near, `mcp-auth regenerate` leaves the file as it is and puts the generated one under .mcp-auth/incoming".to_owned());
    }
    notes
}

fn in_words(answers: &Answers) -> String {
    let or_none = |words: Vec<&str>| match words.is_empty() {
        true => "none".to_owned(),
        false => words.join(" "),
    };
    format!(
        "auth {}, preset {}, scopes: {}, port {}, extras: {}",
        answers.auth.as_str(),
        answers.preset.as_str(),
        or_none(answers.scopes.iter().map(|scope| scope.as_str()).collect()),
        answers.port,
        or_none(answers.extras.iter().map(|extra| extra.name()).collect()),
    )
}

/// The same answers without finding them out.
fn equivalent(proposal: &Proposal<'_>) -> String {
    let mut command = "mcp-auth adopt".to_owned();
    if let Some(path) = proposal.path {
        let path = path.to_string_lossy();
        let dashed = if path.starts_with('-') { "./" } else { "" };
        command.push_str(&format!(" {}", quoted(&format!("{dashed}{path}"))));
    }
    for set in proposal.templates {
        command.push_str(&format!(" --templates {}", quoted(&set.to_string_lossy())));
    }
    if !proposal.adoption.is_recorded {
        let answers = &proposal.adoption.answers;
        let scopes: Vec<&str> = answers.scopes.iter().map(|scope| scope.as_str()).collect();
        let extras: Vec<&str> = answers.extras.iter().map(|extra| extra.name()).collect();
        let sets = [
            format!("name={}", answers.name),
            format!("description={}", answers.description.as_str()),
            format!("scopes={}", scopes.join(" ")),
            format!("port={}", answers.port),
            format!("extras={}", extras.join(",")),
        ];
        command.push_str(&format!(
            " --auth {} --preset {}",
            quoted(answers.auth.as_str()),
            quoted(answers.preset.as_str())
        ));
        for set in sets {
            command.push_str(&format!(" --set {}", quoted(&set)));
        }
    }
    command + " --yes"
}
