//! The documents of `--json`. Their shape is an interface: `schema` changes when a reader would have to.

use anyhow::Result;
use serde_json::{Value, json};

use super::{Created, Proposal, Repository, files, proposal::next_steps};
use crate::{
    answers::Answers,
    plan::{Change, Kind},
    project::Target,
    refusal::{Exit, Problem},
    state,
};

pub(super) const SCHEMA: u32 = 1;

pub(super) fn planned(
    proposal: &Proposal<'_>,
    target: &Target,
    diff: bool,
    notes: &[String],
) -> Result<Value> {
    document("planned", proposal, target, diff, notes)
}

pub(super) fn created(created: &Created<'_>, diff: bool, notes: &[String]) -> Result<Value> {
    let nothing = created.proposal.plan.writes().next().is_none();
    let outcome = if nothing { "unchanged" } else { "created" };
    let mut document = document(outcome, created.proposal, created.target, diff, notes)?;
    document["git"] = match &created.repository {
        Repository::Made => "made",
        Repository::NotWanted => "not wanted",
        Repository::AlreadyThere => "already there",
        Repository::Failed(_) => "failed",
    }
    .into();
    Ok(document)
}

pub(super) fn error(exit: Exit, problems: &[Problem]) -> Value {
    let messages: Vec<&str> = problems
        .iter()
        .map(|problem| problem.what.as_str())
        .collect();
    let list = problems.iter().map(
        |problem| json!({ "message": problem.what, "words": problem.words, "hint": problem.hint }),
    );
    json!({
        "schema": SCHEMA,
        "error": {
            "exit": exit as u8,
            "message": messages.join("; "),
            "problems": list.collect::<Vec<_>>(),
        },
    })
}

fn document(
    outcome: &str,
    proposal: &Proposal<'_>,
    target: &Target,
    diff: bool,
    notes: &[String],
) -> Result<Value> {
    Ok(json!({
        "schema": SCHEMA,
        "command": "new",
        "outcome": outcome,
        "root": target.root.to_string_lossy(),
        "answers": answers(proposal.answers),
        "equivalent_command": proposal.command,
        "changes": proposal.plan.changes.iter().map(|each| change(each, diff)).collect::<Vec<_>>(),
        "notes": notes,
        "next_steps": next_steps(proposal)?,
    }))
}

pub(super) fn answers(answers: &Answers) -> Value {
    json!({
        "name": answers.name.as_str(),
        "description": answers.description.as_str(),
        "auth": answers.auth.as_str(),
        "preset": answers.preset.as_str(),
        "scopes": answers.scopes.iter().map(|scope| scope.as_str()).collect::<Vec<_>>(),
        "port": answers.port.get(),
        "extras": answers.extras.iter().map(|extra| extra.name()).collect::<Vec<_>>(),
    })
}

pub(super) fn change(change: &Change, diff: bool) -> Value {
    let mut entry = json!({
        "path": change.path.as_str(),
        "kind": change.kind,
    });
    if let Some(after) = &change.after {
        entry["class"] = json!(after.class);
        entry["bytes"] = after.text.len().into();
        entry["sha256"] = state::sha256(&after.text).into();
        entry["executable"] = after.executable.into();
    }
    if diff && change.kind != Kind::Same && !change.is_base_copy() {
        entry["diff"] = files::diff(change).into();
    }
    entry
}
