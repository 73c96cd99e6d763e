//! What both sides changed: where, how much, why, and how to decide.

use std::io::{self, Write};

use super::super::{
    BAD, BOLD, DIM, HINT, Report,
    files::{ADDED, REMOVED},
    visible::visible,
};
use super::Proposal;
use crate::{
    merge::{Conflict, Decision, Place, Reason},
    renewal::Renewed,
};

/// The ways to decide where nobody is asked.
const WAYS: [(&str, &str); 4] = [
    ("--conflict=mine", "your lines, where both changed the same"),
    (
        "--conflict=theirs",
        "the templates' lines, where both changed the same",
    ),
    (
        "--conflict=markers",
        "both, with the markers that git and editors know",
    ),
    (
        "--conflict=incoming",
        "your file stays; the new one lies in .mcp-auth/incoming/",
    ),
];

impl Report {
    /// Everything that is disputed in a file, for somebody who is asked about it.
    pub fn conflict(&self, file: &Renewed<'_>) -> io::Result<()> {
        let mut err = anstream::stderr().lock();
        show(&mut err, file)
    }
}

pub(super) fn show(out: &mut dyn Write, file: &Renewed<'_>) -> io::Result<()> {
    for place in places(file) {
        writeln!(out, "\n{BOLD}{}:{}{BOLD:#}", file.path, place.line)?;
        side(out, '-', "yours", &place.hunk.yours)?;
        side(out, '+', "the templates'", &place.hunk.templates)?;
    }
    about(out, file)
}

fn side(out: &mut dyn Write, sign: char, whose: &str, text: &str) -> io::Result<()> {
    let style = if sign == '+' { ADDED } else { REMOVED };
    if text.is_empty() {
        return writeln!(out, "  {DIM}{whose}: nothing{DIM:#}");
    }
    writeln!(out, "  {DIM}{whose}:{DIM:#}")?;
    for line in text.lines() {
        writeln!(out, "  {style}{sign} {}{style:#}", visible(line))?;
    }
    Ok(())
}

/// Every conflict, as an error, and then the ways out.
pub(super) fn write(out: &mut dyn Write, proposal: &Proposal<'_>) -> io::Result<()> {
    unsettled(out, proposal)?;
    writeln!(out, "nothing was written")
}

/// The same for a dry run, which ends with words of its own.
pub(super) fn unsettled(out: &mut dyn Write, proposal: &Proposal<'_>) -> io::Result<()> {
    for file in open(proposal) {
        for place in places(file) {
            let (path, line, what) = (&file.path, place.line, sizes(&place));
            writeln!(out, "{BAD}error:{BAD:#} {path}:{line}: {what}")?;
        }
        about(out, file)?;
    }
    ways(out)
}

/// The ways out as commands.
pub(super) fn commands(proposal: &Proposal<'_>) -> Vec<String> {
    let ways = WAYS.iter().filter(|_| open(proposal).next().is_some());
    ways.map(|(flag, meaning)| format!("{} {flag}   # {meaning}", proposal.command))
        .collect()
}

/// The conflicts that nobody has decided.
pub(super) fn open<'a>(proposal: &Proposal<'a>) -> impl Iterator<Item = &'a Renewed<'a>> {
    let settled = proposal.settled;
    let conflicts = proposal.renewal.conflicts();
    conflicts.filter(|file| !settled.contains_key(&file.path))
}

fn places<'a>(file: &'a Renewed<'_>) -> Vec<Place<'a>> {
    match &file.decision {
        Decision::Conflict(conflict) => conflict.places(),
        _ => Vec::new(),
    }
}

fn ways(out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        "  {HINT}run it at a terminal to be asked about each place, or say what to do:{HINT:#}"
    )?;
    for (flag, meaning) in WAYS {
        writeln!(out, "    {HINT}{flag:20}{HINT:#}  {meaning}")?;
    }
    Ok(())
}

fn sizes(place: &Place<'_>) -> String {
    let count = |text: &str| text.lines().count();
    let (yours, templates) = (count(&place.hunk.yours), count(&place.hunk.templates));
    format!("both sides changed this (lines: yours {yours}, the templates' {templates})")
}

/// What would be wrong with the file if its lines were merged.
pub(super) fn problem(conflict: &Conflict) -> Option<&str> {
    match &conflict.reason {
        Reason::Overlap | Reason::Unclear => None,
        Reason::Invalid(problem) => Some(problem),
    }
}

/// Why it is a conflict, and why the templates changed the file.
fn about(out: &mut dyn Write, file: &Renewed<'_>) -> io::Result<()> {
    if let Decision::Conflict(conflict) = &file.decision
        && let Some(problem) = problem(conflict)
    {
        let problem = visible(problem);
        writeln!(out, "  merged, it would be wrong: {problem}")?;
    }
    file.changes.iter().try_for_each(|change| {
        let intent = visible(&change.intent);
        writeln!(out, "  {DIM}why: {intent}{DIM:#}")
    })
}
