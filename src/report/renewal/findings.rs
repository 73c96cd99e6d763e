//! `--check`: which of the things are there that somebody has to act on.

use std::{
    collections::BTreeSet,
    io::{self, Write},
};

use serde::Serialize;

use super::{
    super::{BAD, GOOD, visible::visible},
    Entry, Proposal, disputes,
    drift::drifting,
    list::counted,
    reasons,
    unfinished::unfinished,
};
use crate::{
    changes::Change,
    plan::{self, Kind},
    relative::RelativePath,
    renewal::INCOMING,
    state,
};

/// What a check finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Finding {
    /// A fix of a weakness is missing.
    Advisories,
    /// Somebody has to decide what a file becomes.
    Conflicts,
    /// Files would be written.
    Changes,
    /// Files that belong to the templates were changed.
    Drift,
    /// Markers of an earlier merge are left.
    Unfinished,
}

pub fn findings(proposal: &Proposal<'_>, entries: &[Entry<'_>]) -> Vec<Finding> {
    let found = [
        (
            Finding::Advisories,
            !proposal.renewal.advisories().is_empty(),
        ),
        (
            Finding::Conflicts,
            proposal.renewal.conflicts().next().is_some(),
        ),
        (Finding::Changes, written(proposal).next().is_some()),
        (Finding::Drift, !drifting(entries).is_empty()),
        (Finding::Unfinished, !unfinished(entries).is_empty()),
    ];
    let found = found.into_iter().filter(|(_, is_there)| *is_there);
    found.map(|(finding, _)| finding).collect()
}

/// What would be written, but for the record and what waits for a decision.
fn written<'a>(proposal: &Proposal<'a>) -> impl Iterator<Item = &'a plan::Change> {
    let open = disputes::open(proposal).map(|file| format!("{INCOMING}{}", file.path));
    let open: BTreeSet<String> = open.collect();
    let is_other = move |change: &&plan::Change| {
        let path = change.path.as_str();
        change.kind != Kind::Same && path != state::FILE && !open.contains(path)
    };
    let changes = proposal.plan.changes.iter().chain(proposal.around);
    changes.filter(is_other)
}

/// How much that is, in words. A file that moves is one.
fn amount(proposal: &Proposal<'_>, entries: &[Entry<'_>]) -> String {
    let changed = entries.iter().filter(|entry| entry.kind != Kind::Same);
    let ours = written(proposal).filter(|change| change.path.as_str().starts_with(INCOMING));
    let around = proposal.around.iter().filter(|it| it.kind != Kind::Same);
    match changed.count() + ours.count() + around.count() {
        0 => "pristine copies".to_owned(),
        count => counted(count, "file"),
    }
}

/// A line for each finding.
pub fn write(
    out: &mut dyn Write,
    proposal: &Proposal<'_>,
    entries: &[Entry<'_>],
    findings: &[Finding],
) -> io::Result<()> {
    let name = proposal.before.answers.name.as_str();
    if findings.is_empty() {
        return writeln!(out, "{GOOD}{name} has what the templates have{GOOD:#}");
    }
    for finding in findings {
        match finding {
            Finding::Advisories => advisories(out, &proposal.renewal.advisories())?,
            Finding::Conflicts => {
                let count = proposal.renewal.conflicts().count();
                let files = counted(count, "file");
                writeln!(
                    out,
                    "{BAD}conflicts:{BAD:#} in {files} both sides changed the same"
                )?;
            }
            Finding::Changes => {
                let files = amount(proposal, entries);
                writeln!(
                    out,
                    "{BAD}changes:{BAD:#} `mcp-auth regenerate` would write {files}"
                )?;
            }
            Finding::Drift => writeln!(
                out,
                "{BAD}drift:{BAD:#} files that the templates own were changed; to own one, set its `class` in {} to \"merged\" or \"seed\"",
                state::FILE
            )?,
            Finding::Unfinished => {
                let places = unfinished(entries).join(", ");
                writeln!(
                    out,
                    "{BAD}unfinished:{BAD:#} settle the markers in {}",
                    visible(&places)
                )?;
            }
        }
    }
    Ok(())
}

fn advisories(out: &mut dyn Write, advisories: &[(&Change, Vec<&RelativePath>)]) -> io::Result<()> {
    for (change, files) in advisories {
        if let Some(advisory) = &change.advisory {
            let (date, files) = (visible(&change.date), reasons::named(files, false));
            write!(
                out,
                "{BAD}advisory:{BAD:#} this project lacks the fix of {date} ({files})\n  "
            )?;
            reasons::loud(out, advisory)?;
        }
    }
    Ok(())
}
