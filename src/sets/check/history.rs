//! `changes.toml`: numbers that count up, days, intents, paths.
//! Pure.

use super::Findings;
use crate::{
    changes::{Change, FILE},
    relative::RelativePath,
    templates::TemplateSet,
};

pub(super) fn check(set: &TemplateSet, findings: &mut Findings) {
    let changes = match set.changes() {
        Ok(changes) => changes,
        Err(error) => return findings.problem(error.to_string()),
    };
    let file = set.shown(FILE);
    for (change, expected) in changes.all().iter().zip(1..) {
        let number = change.number;
        let mut problem = |what: &str| findings.problem(format!("{file}, change {number}: {what}"));
        if number != expected {
            problem(&format!(
                "its number should be {expected}: they count up from 1"
            ));
        }
        if !is_day(&change.date) {
            problem("its date is no day such as 2026-11-24");
        }
        if change.intent.trim().is_empty() || change.intent.contains('\n') {
            problem("its intent is not one line");
        }
        if change.files.is_empty() {
            problem("it names no files");
        }
        for path in paths(change) {
            if let Err(why) = path.parse::<RelativePath>() {
                problem(&why);
            }
        }
    }
}

fn paths(change: &Change) -> impl Iterator<Item = &str> {
    let files = change.files.iter();
    let files = files.map(|file| file.strip_suffix('/').unwrap_or(file));
    let renamed = change.renamed.iter();
    files.chain(renamed.flat_map(|(old, new)| [old.as_str(), new.as_str()]))
}

fn is_day(date: &str) -> bool {
    let shape: String = date
        .chars()
        .map(|c| if c.is_ascii_digit() { '0' } else { c })
        .collect();
    let part = |range| date.get(range).and_then(|part: &str| part.parse().ok());
    shape == "0000-00-00"
        && part(5..7).is_some_and(|month: u8| (1..=12).contains(&month))
        && part(8..10).is_some_and(|day: u8| (1..=31).contains(&day))
}
