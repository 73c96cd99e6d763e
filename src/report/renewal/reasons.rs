//! Why the templates changed: each change that reaches the project, once, with its files.
//! Advisories are said loudly.

use std::{
    collections::BTreeMap,
    io::{self, Write},
};

use super::super::{BAD, BOLD, DIM, visible::visible};
use crate::{
    changes::{Advisory, Change, Severity},
    merge::Decision,
    relative::RelativePath,
    renewal::{Renewal, Renewed},
};

/// More files than these are a number, unless every file is wanted.
const NAMED: usize = 4;

/// One change of the templates and the files of this project that it reaches.
pub struct Reason<'a> {
    pub change: &'a Change,
    pub files: Vec<&'a RelativePath>,
}

/// By number.
pub fn reasons<'a>(renewal: &'a Renewal<'a>) -> Vec<Reason<'a>> {
    let mut reasons = BTreeMap::new();
    for file in renewal.files.iter().filter(|file| is_reached(file)) {
        for change in &file.changes {
            let reason = reasons.entry(change.number).or_insert_with(|| Reason {
                change,
                files: Vec::new(),
            });
            reason.files.push(&file.path);
        }
    }
    reasons.into_values().collect()
}

/// Nothing is brought to a file that has to wait, or that its owner deleted; who has moved the text elsewhere is told.
fn is_reached(file: &Renewed<'_>) -> bool {
    let is_deleted = file.decision == Decision::StaysDeleted && !file.is_news;
    !is_deleted && !file.is_held
}

pub fn write(out: &mut dyn Write, reasons: &[Reason<'_>], every_file: bool) -> io::Result<()> {
    if reasons.is_empty() {
        return Ok(());
    }
    writeln!(out, "\nWhy the templates changed:")?;
    for reason in reasons {
        let change = reason.change;
        let (date, intent) = (visible(&change.date), visible(&change.intent));
        writeln!(out, "  {BOLD}{date}{BOLD:#}  {intent}")?;
        if let Some(advisory) = &change.advisory {
            write!(out, "              ")?;
            loud(out, advisory)?;
        }
        let files = named(&reason.files, every_file);
        writeln!(out, "              {DIM}{files}{DIM:#}")?;
    }
    Ok(())
}

pub fn loud(out: &mut dyn Write, advisory: &Advisory) -> io::Result<()> {
    let severity = word(advisory.severity).to_uppercase();
    writeln!(out, "{BAD}{severity}:{BAD:#} {}", visible(&advisory.text))
}

pub fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Low => "low",
        Severity::Medium => "medium",
        Severity::High => "high",
        Severity::Critical => "critical",
    }
}

pub fn named(files: &[&RelativePath], all: bool) -> String {
    let shown = if all { files.len() } else { NAMED };
    let names: Vec<&str> = files.iter().take(shown).map(|path| path.as_str()).collect();
    match files.len().saturating_sub(shown) {
        0 => names.join(", "),
        more => format!("{} and {more} more", names.join(", ")),
    }
}
