//! A plan for people: the list of files, how many, and their differences.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};
use similar::{ChangeTag, TextDiff};

use super::DIM;
use crate::plan::{Change, Kind, Plan};

const ADDED: Style = AnsiColor::Green.on_default();
const REMOVED: Style = AnsiColor::Red.on_default();
const CHANGED: Style = AnsiColor::Yellow.on_default();

/// One line per file; the pristine copies are one line together, unless every file is wanted.
pub(super) fn list(out: &mut dyn Write, plan: &Plan, all: bool) -> io::Result<()> {
    let (copies, files): (Vec<_>, Vec<_>) = plan
        .changes
        .iter()
        .partition(|change| change.is_base_copy() && !all);
    for change in files {
        let path = &change.path;
        match change.kind {
            Kind::Create => writeln!(out, "  {ADDED}+ {path}{ADDED:#}")?,
            Kind::Replace => writeln!(
                out,
                "  {CHANGED}~ {path}{CHANGED:#}  replaced, {}",
                size(change)
            )?,
            Kind::Same => writeln!(out, "  {DIM}= {path}  unchanged{DIM:#}")?,
        }
    }
    if !copies.is_empty() {
        writeln!(
            out,
            "  {DIM}+ .mcp-auth/base/  pristine copies, for later merges{DIM:#}"
        )?;
    }
    writeln!(out, "  {}", count(plan))
}

/// Of the files that people look at.
pub(super) fn count(plan: &Plan) -> String {
    let of = |kind| {
        plan.changes
            .iter()
            .filter(|change| change.kind == kind && !change.is_base_copy())
            .count()
    };
    let created = of(Kind::Create);
    let mut text = format!("{created} {}", if created == 1 { "file" } else { "files" });
    for (kind, word) in [(Kind::Replace, "replaced"), (Kind::Same, "unchanged")] {
        if of(kind) > 0 {
            text.push_str(&format!(", {} {word}", of(kind)));
        }
    }
    text
}

/// A unified diff of everything that is written.
pub(super) fn diffs(out: &mut dyn Write, plan: &Plan) -> io::Result<()> {
    for change in plan.writes().filter(|change| !change.is_base_copy()) {
        for line in diff(change).lines() {
            let style = match line.as_bytes().first() {
                Some(b'+') => ADDED,
                Some(b'-') => REMOVED,
                Some(b'@') => DIM,
                _ => Style::new(),
            };
            writeln!(out, "{style}{line}{style:#}")?;
        }
    }
    Ok(())
}

pub(super) fn diff(change: &Change) -> String {
    let before = before(change);
    let old = match change.kind {
        Kind::Create => "/dev/null".to_owned(),
        _ => format!("a/{}", change.path),
    };
    let diff = TextDiff::from_lines(before.as_str(), change.after.text.as_ref());
    diff.unified_diff()
        .header(&old, &format!("b/{}", change.path))
        .to_string()
}

fn size(change: &Change) -> String {
    let before = before(change);
    let diff = TextDiff::from_lines(before.as_str(), change.after.text.as_ref());
    let of = |tag| {
        diff.iter_all_changes()
            .filter(|line| line.tag() == tag)
            .count()
    };
    format!("+{} -{}", of(ChangeTag::Insert), of(ChangeTag::Delete))
}

fn before(change: &Change) -> String {
    change
        .before
        .as_deref()
        .map(|bytes| String::from_utf8_lossy(bytes).into_owned())
        .unwrap_or_default()
}
