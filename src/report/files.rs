//! A plan for people: the list of files, how many, and their differences.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};
use similar::{ChangeTag, TextDiff};

use super::{DIM, visible::visible};
use crate::{
    plan::{Change, Kind, Plan},
    relative::RelativePath,
};

pub(super) const ADDED: Style = AnsiColor::Green.on_default();
pub(super) const REMOVED: Style = AnsiColor::Red.on_default();
pub(super) const CHANGED: Style = AnsiColor::Yellow.on_default();

/// How many lines a plan gets.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Detail {
    /// A folder that is new and holds many files is one line.
    Folders,
    /// Every file but the pristine copies.
    Files,
    All,
}

/// One line per file or folder, then their number. `word` is what becomes of files that are there.
pub(super) fn list(out: &mut dyn Write, plan: &Plan, detail: Detail, word: &str) -> io::Result<()> {
    let mut files = plan
        .changes
        .iter()
        .filter(|change| detail == Detail::All || !change.is_base_copy())
        .peekable();
    while let Some(change) = files.next() {
        let folder = folder(&change.path).filter(|_| detail == Detail::Folders);
        let inside = folder.map_or(0, |folder| new_files_in(plan, folder));
        match folder {
            Some(folder) if inside >= MANY => {
                writeln!(out, "  {ADDED}+ {folder}{ADDED:#}  {inside} files")?;
                while files
                    .next_if(|change| change.path.as_str().starts_with(folder))
                    .is_some()
                {}
            }
            _ => line(out, change, word)?,
        }
    }
    if detail != Detail::All {
        writeln!(
            out,
            "  {DIM}+ .mcp-auth/base/  pristine copies, for later merges{DIM:#}"
        )?;
    }
    writeln!(out, "  {}", count(plan, word))
}

/// So many files of a folder are one line.
pub(super) const MANY: usize = 6;

/// `src/auth/` of `src/auth/tests/x.rs`: two levels are what one looks at.
pub(super) fn folder(path: &RelativePath) -> Option<&str> {
    let path = path.as_str();
    let (second, _) = path.match_indices('/').nth(1)?;
    Some(&path[..=second])
}

/// None if any of them is there already: that has to be seen.
fn new_files_in(plan: &Plan, folder: &str) -> usize {
    let mut inside = plan
        .changes
        .iter()
        .filter(|change| change.path.as_str().starts_with(folder));
    match inside.clone().all(|change| change.kind == Kind::Create) {
        true => inside.by_ref().count(),
        false => 0,
    }
}

pub(super) fn line(out: &mut dyn Write, change: &Change, word: &str) -> io::Result<()> {
    let path = &change.path;
    match change.kind {
        Kind::Create => writeln!(out, "  {ADDED}+ {path}{ADDED:#}"),
        Kind::Replace => writeln!(
            out,
            "  {CHANGED}~ {path}{CHANGED:#}  {word}, {}",
            size(change)
        ),
        Kind::Delete => writeln!(out, "  {REMOVED}- {path}{REMOVED:#}"),
        Kind::Same => writeln!(out, "  {DIM}= {path}  unchanged{DIM:#}"),
    }
}

/// Of the files that people look at.
pub(super) fn count(plan: &Plan, word: &str) -> String {
    let files = || plan.changes.iter().filter(|change| !change.is_base_copy());
    let kinds = [
        (Kind::Create, "new"),
        (Kind::Replace, word),
        (Kind::Delete, "deleted"),
        (Kind::Same, "unchanged"),
    ];
    let counted =
        kinds.map(|(kind, word)| (files().filter(|change| change.kind == kind).count(), word));
    let parts = counted
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{count} {word}"));
    let parts = parts.collect::<Vec<_>>().join(", ");
    match files().count() {
        1 => format!("1 file ({parts})"),
        count => format!("{count} files ({parts})"),
    }
}

/// A unified diff of everything that is written, or only of what was there before.
pub(super) fn diffs(out: &mut dyn Write, plan: &Plan, new_ones: bool) -> io::Result<()> {
    let shown = |change: &&Change| match change.kind {
        Kind::Create => new_ones && !change.is_base_copy(),
        Kind::Replace | Kind::Delete => !change.is_base_copy(),
        Kind::Same => false,
    };
    let mut changes = plan.changes.iter().filter(shown);
    changes.try_for_each(|change| paint(out, &diff(change)))
}

/// The lines of a unified diff.
pub(super) fn paint(out: &mut dyn Write, diff: &str) -> io::Result<()> {
    for line in diff.lines() {
        let style = match line.as_bytes().first() {
            Some(b'+') => ADDED,
            Some(b'-') => REMOVED,
            Some(b'@') => DIM,
            _ => Style::new(),
        };
        writeln!(out, "{style}{}{style:#}", visible(line))?;
    }
    Ok(())
}

pub(super) fn diff(change: &Change) -> String {
    let before = before(change);
    let old = match change.kind {
        Kind::Create => "/dev/null".to_owned(),
        _ => format!("a/{}", change.path),
    };
    let diff = TextDiff::from_lines(before.as_str(), change.text());
    let new = match change.kind {
        Kind::Delete => "/dev/null".to_owned(),
        _ => format!("b/{}", change.path),
    };
    diff.unified_diff().header(&old, &new).to_string()
}

fn size(change: &Change) -> String {
    let (added, removed) = line_counts(&before(change), change.text());
    format!("+{added} -{removed}")
}

/// How many lines were added, and how many removed.
pub(super) fn line_counts(before: &str, after: &str) -> (usize, usize) {
    let diff = TextDiff::from_lines(before, after);
    let of = |tag| {
        let lines = diff.iter_all_changes();
        lines.filter(|line| line.tag() == tag).count()
    };
    (of(ChangeTag::Insert), of(ChangeTag::Delete))
}

fn before(change: &Change) -> String {
    change
        .before
        .as_deref()
        .map(|bytes| String::from_utf8_lossy(bytes).into_owned())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{catalog::Class, generate::Output};

    #[test]
    fn a_difference_cannot_speak_to_the_terminal() {
        let change = Change {
            path: "a.rs".parse().unwrap(),
            kind: Kind::Replace,
            before: Some(b"one \x1b[2J\n".to_vec()),
            after: Some(Output {
                text: "one \x1b[2J\r\ntwo\n".into(),
                class: Class::Merged,
                executable: false,
            }),
            moved_from: None,
        };
        let mut out = Vec::new();
        let plan = Plan {
            changes: vec![change],
        };
        diffs(&mut out, &plan, true).unwrap();
        let said = anstream::adapter::strip_bytes(&out).into_vec();
        let said = String::from_utf8(said).unwrap();
        assert!(
            said.contains("-one \\u{1b}[2J\n+one \\u{1b}[2J\n+two\n"),
            "{said}"
        );
    }
}
