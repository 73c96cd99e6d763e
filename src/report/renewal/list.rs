//! The plan of a regeneration for people: where it comes from, a line per file, and how many.

use std::{
    collections::BTreeMap,
    io::{self, Write},
};

use anstyle::Style;

use super::{
    super::{
        BAD, DIM,
        files::{self, ADDED, CHANGED, Detail, MANY, REMOVED, folder},
        visible::visible,
    },
    Proposal,
    entries::{Action, Entry},
};
use crate::{
    merge::{Decision, Obstacle, Rung},
    plan::{Kind, Plan},
    renewal::{INCOMING, Renewed, Settlement},
    state,
};

/// One line per file or folder, the copies and the record, and their number.
pub fn list(
    out: &mut dyn Write,
    proposal: &Proposal<'_>,
    entries: &[Entry<'_>],
    detail: Detail,
) -> io::Result<()> {
    let shown = |entry: &&Entry<'_>| detail == Detail::All || entry.is_shown();
    let mut groups: BTreeMap<(Action, &str), usize> = BTreeMap::new();
    if detail == Detail::Folders {
        for key in entries.iter().filter(shown).filter_map(group) {
            *groups.entry(key).or_default() += 1;
        }
        groups.retain(|_, count| *count >= MANY);
    }
    let mut said = Vec::new();
    for entry in entries.iter().filter(shown) {
        let key = group(entry).and_then(|key| groups.get_key_value(&key));
        match key {
            Some((key, _)) if said.contains(key) => {}
            Some((key @ (action, folder), count)) => {
                let (sign, style) = look(*action);
                let word = action.word();
                writeln!(
                    out,
                    "  {style}{sign} {folder}{style:#}  {word} {count} files"
                )?;
                said.push(*key);
            }
            None => line(out, entry)?,
        }
    }
    for change in proposal
        .around
        .iter()
        .filter(|change| change.kind != Kind::Same)
    {
        files::line(out, change, "in the workspace")?;
    }
    bookkeeping(out, proposal.plan)?;
    writeln!(out, "  {}", counts(entries))
}

/// What is the same for many files of a folder.
fn group<'a>(entry: &Entry<'a>) -> Option<(Action, &'a str)> {
    let is_plain = matches!(
        entry.action,
        Action::Create | Action::Replace | Action::Delete
    );
    let is_plain = is_plain && entry.file.moved_from.is_none();
    let folder = folder(&entry.file.path).filter(|_| is_plain)?;
    Some((entry.action, folder))
}

pub fn line(out: &mut dyn Write, entry: &Entry<'_>) -> io::Result<()> {
    let (sign, style) = look(entry.action);
    let (path, word) = (&entry.file.path, entry.action.word());
    let about = about(entry);
    writeln!(out, "  {style}{sign} {path}{style:#}  {word}{about}")
}

fn look(action: Action) -> (char, Style) {
    match action {
        Action::Create => ('+', ADDED),
        Action::Replace | Action::Merge => ('~', CHANGED),
        Action::Move => ('>', CHANGED),
        Action::Delete => ('-', REMOVED),
        Action::Conflict => ('!', BAD),
        Action::Beside | Action::Incoming => ('!', CHANGED),
        Action::Keep
        | Action::StaysDeleted
        | Action::Ungenerated
        | Action::Held
        | Action::Unchanged => ('=', DIM),
    }
}

/// What there is to say behind the word.
fn about(entry: &Entry<'_>) -> String {
    let file = entry.file;
    let path = &file.path;
    let from = match (&file.moved_from, entry.action) {
        (None, _) => String::new(),
        (Some(old), Action::Move) => format!(" from {old}"),
        (Some(old), _) => format!(", moved from {old}"),
    };
    let size = match (entry.kind, entry.added, entry.removed) {
        (Kind::Same, ..) | (_, 0, 0) => String::new(),
        (Kind::Create, added, 0) => format!(", +{added}"),
        (Kind::Delete, _, removed) => format!(", -{removed}"),
        (_, added, removed) => format!(", +{added} -{removed}"),
    };
    let why = match (entry.action, &file.decision) {
        (Action::Merge, Decision::Merge(clean)) if clean.rung == Rung::Formatted => {
            "; the whole file is formatted anew".to_owned()
        }
        (Action::Conflict, _) => conflict(entry),
        (Action::Keep, _) => ": it is yours".to_owned(),
        (Action::StaysDeleted, _) => {
            format!(": you deleted it, and `--restore {path}` brings it back")
        }
        (Action::Ungenerated, _) => {
            ": no longer generated; it has your changes, so it stays".to_owned()
        }
        (Action::Held, _) => ": what is new for it can wait".to_owned(),
        (Action::Beside, _) => {
            format!(": yours was there first; the new one goes to {INCOMING}{path}")
        }
        (Action::Incoming, Decision::NotMergeable(obstacle)) => format!(
            ": yours {}; the new one goes to {INCOMING}{path}",
            reason(obstacle)
        ),
        _ => String::new(),
    };
    format!("{from}{size}{why}")
}

fn conflict(entry: &Entry<'_>) -> String {
    let places = places(entry.file);
    let path = &entry.file.path;
    match (entry.settlement, entry.markers.len()) {
        (None, _) => format!(" in {places}"),
        (Some(Settlement::Incoming), _) => {
            format!(" in {places}; the new one goes to {INCOMING}{path}")
        }
        (Some(_), 0) => ", decided".to_owned(),
        (Some(_), _) => format!(", markers in {places}"),
    }
}

fn places(file: &Renewed<'_>) -> String {
    let count = match &file.decision {
        Decision::Conflict(conflict) => conflict.count(),
        _ => 0,
    };
    counted(count, "place")
}

/// Why the owner's file cannot be merged, as what it is or has.
pub fn reason(obstacle: &Obstacle) -> String {
    match obstacle {
        Obstacle::Binary => "is no text".to_owned(),
        Obstacle::Unfinished(line) => {
            format!("has conflict markers of an earlier merge, in line {line}")
        }
        Obstacle::InvalidToml(problem) => format!("cannot be read ({})", visible(problem)),
        Obstacle::Link => "is a symbolic link, or in a folder that is one".to_owned(),
        Obstacle::NotAFile => "is no file".to_owned(),
        Obstacle::Fix => "lacks a fix, and is not ours to change".to_owned(),
    }
}

/// The record, the pristine copies and what is under `incoming/`: a line for all.
fn bookkeeping(out: &mut dyn Write, plan: &Plan) -> io::Result<()> {
    let copies = plan.writes().filter(|change| change.is_base_copy()).count();
    let record = plan
        .writes()
        .any(|change| change.path.as_str() == state::FILE);
    let finished = plan
        .writes()
        .filter(|change| change.kind == Kind::Delete && change.path.as_str().starts_with(INCOMING));
    let finished = finished.count();
    let (file, base) = (state::FILE, state::BASE);
    match copies {
        0 if !record => {}
        0 => writeln!(out, "  {DIM}~ {file}  the record{DIM:#}")?,
        1 => writeln!(
            out,
            "  {DIM}~ {file}, {base}  the record, 1 pristine copy{DIM:#}"
        )?,
        _ => writeln!(
            out,
            "  {DIM}~ {file}, {base}  the record, {copies} pristine copies{DIM:#}"
        )?,
    }
    if finished > 0 {
        let files = counted(finished, "file");
        writeln!(out, "  {DIM}- {INCOMING}  {files} of earlier runs{DIM:#}")?;
    }
    Ok(())
}

/// `3 files: 1 create, 2 merge`
fn counts(entries: &[Entry<'_>]) -> String {
    let parts = Action::ALL.map(|action| {
        let count = entries.iter().filter(|entry| entry.action == action);
        (count.count(), action.word())
    });
    let parts: Vec<String> = parts
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{count} {word}"))
        .collect();
    let files = counted(entries.len(), "file");
    match parts.is_empty() {
        true => files,
        false => format!("{files}: {}", parts.join(", ")),
    }
}

pub fn counted(count: usize, what: &str) -> String {
    match count {
        1 => format!("1 {what}"),
        _ => format!("{count} {what}s"),
    }
}
