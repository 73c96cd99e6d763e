//! The documents of `mcp-auth regenerate --json`.

use std::path::Path;

use serde::Serialize;
use serde_json::{Value, json};

use super::{
    super::{
        addition::document::by_hand,
        json::{self as documents, SCHEMA, answers},
    },
    Compiled, Entry, Generation, Proposal, disputes,
    drift::drifting,
    entries::Action,
    findings, list,
    reasons::{self, Reason},
    unfinished::unfinished,
};
use crate::{
    changes::Change,
    merge::{Conflict, Decision},
    plan::is_base_copy,
    relative::RelativePath,
    renewal::{INCOMING, Renewed},
    state::{self, BASE},
};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    Planned,
    Regenerated,
    Unchanged,
    Checked,
    Conflicts,
}

pub fn document(
    outcome: Outcome,
    proposal: &Proposal<'_>,
    entries: &[Entry<'_>],
    diff: bool,
) -> Value {
    let renewal = proposal.renewal;
    let reasons = reasons::reasons(renewal);
    let disputed = entries.iter().map(|entry| entry.file);
    json!({
        "schema": SCHEMA,
        "command": "regenerate",
        "outcome": outcome,
        "root": root(proposal.root),
        "equivalent_command": proposal.command,
        "generator": both(proposal, |generation| generation.generator.into()),
        "templates": both(proposal, templates),
        "answers": both(proposal, |generation| answers(generation.answers)),
        "changes": entries.iter().map(|entry| change(entry, diff)).collect::<Vec<_>>(),
        "record": record(proposal),
        "around": proposal.around.iter().map(|it| documents::change(it, diff)).collect::<Vec<_>>(),
        "conflicts": disputed.filter_map(conflict).collect::<Vec<_>>(),
        "intents": reasons.iter().map(intent).collect::<Vec<_>>(),
        "advisories": renewal.advisories().iter().filter_map(advisory).collect::<Vec<_>>(),
        "drift": drifting(entries),
        "unfinished": unfinished(entries),
        "findings": findings::findings(proposal, entries),
        "counts": counts(entries),
        "remaining": proposal.remaining.iter().map(by_hand).collect::<Vec<_>>(),
        "notes": [],
        "next_steps": disputes::commands(proposal),
    })
}

pub fn compiles(compiled: &Compiled) -> Value {
    match compiled {
        Compiled::No(_) => false.into(),
        Compiled::Yes => true.into(),
        Compiled::NotTried => Value::Null,
    }
}

/// What the compiler said of it.
pub fn words(compiled: &Compiled) -> Value {
    match compiled {
        Compiled::No(words) => words.as_str().into(),
        Compiled::Yes | Compiled::NotTried => Value::Null,
    }
}

fn root(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

fn both(proposal: &Proposal<'_>, of: impl Fn(&Generation<'_>) -> Value) -> Value {
    json!({ "before": of(&proposal.before), "after": of(&proposal.after) })
}

fn templates(generation: &Generation<'_>) -> Value {
    json!({ "set": generation.origin.set, "sha256": generation.origin.sha256 })
}

fn change(entry: &Entry<'_>, diff: bool) -> Value {
    let file = entry.file;
    let mut change = json!({
        "path": file.path,
        "moved_from": file.moved_from,
        "action": entry.action,
        "kind": entry.kind,
        "class": file.class,
        "added": entry.added,
        "removed": entry.removed,
        "intents": numbers(&file.changes),
    });
    if !entry.markers.is_empty() {
        change["markers"] = entry.markers.as_slice().into();
    }
    if let Decision::NotMergeable(obstacle) = &file.decision {
        change["reason"] = list::reason(obstacle).into();
    }
    if let Some(text) = entry.diff().filter(|_| diff) {
        change["diff"] = text.into();
    }
    change
}

/// What is written besides the project's own files.
fn record(proposal: &Proposal<'_>) -> Vec<Value> {
    let is_ours = |path: &RelativePath| {
        let path_str = path.as_str();
        path_str == state::FILE || path_str.starts_with(INCOMING) || is_base_copy(path)
    };
    let written = proposal.plan.writes();
    written
        .filter(|change| is_ours(&change.path))
        .map(|change| json!({ "path": change.path, "kind": change.kind }))
        .collect()
}

/// Everything that it takes to decide, but for the owner's file itself.
fn conflict(file: &Renewed<'_>) -> Option<Value> {
    let Decision::Conflict(conflict) = &file.decision else {
        return None;
    };
    let base = file.moved_from.as_ref().unwrap_or(&file.path);
    Some(json!({
        "path": file.path,
        "reason": disputes::problem(conflict).unwrap_or("both sides changed the same lines"),
        "base": format!("{BASE}{base}"),
        "hunks": hunks(conflict),
        "templates": file.new.map(|output| output.text.as_ref()),
        "intents": numbers(&file.changes),
    }))
}

fn hunks(conflict: &Conflict) -> Vec<Value> {
    let places = conflict.places();
    let hunks = places.iter().map(|place| {
        json!({
            "line": place.line,
            "yours": place.hunk.yours,
            "templates": place.hunk.templates,
        })
    });
    hunks.collect()
}

fn numbers(changes: &[&Change]) -> Vec<u32> {
    changes.iter().map(|change| change.number).collect()
}

fn intent(reason: &Reason<'_>) -> Value {
    json!({
        "number": reason.change.number,
        "date": reason.change.date,
        "intent": reason.change.intent,
        "files": reason.files,
    })
}

fn advisory((change, files): &(&Change, Vec<&RelativePath>)) -> Option<Value> {
    let advisory = change.advisory.as_ref()?;
    Some(json!({
        "number": change.number,
        "severity": advisory.severity,
        "text": advisory.text,
        "intent": change.intent,
        "files": files,
    }))
}

fn counts(entries: &[Entry<'_>]) -> Value {
    let of = |action| {
        entries
            .iter()
            .filter(|entry| entry.action == action)
            .count()
    };
    let counts = Action::ALL.map(|action| (action.word().to_owned(), of(action).into()));
    Value::Object(counts.into_iter().collect())
}
