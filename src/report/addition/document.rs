//! The documents of `mcp-auth add --json`.

use std::path::Path;

use anyhow::Result;
use serde_json::{Value, json};

use super::{Proposal, next_steps};
use crate::{
    adding::Protected,
    existing::{
        mounts::{ByHand, MountPath},
        site::Site,
    },
    report::json::{SCHEMA, answers, change},
    verify::Verdict,
};

pub(super) fn planned(proposal: &Proposal<'_>, diff: bool, notes: &[String]) -> Result<Value> {
    document("planned", proposal, diff, notes)
}

pub(super) fn added(
    proposal: &Proposal<'_>,
    diff: bool,
    notes: &[String],
    verified: Option<&Result<Verdict>>,
) -> Result<Value> {
    let mut document = document("added", proposal, diff, notes)?;
    document["verified"] = verdict(verified);
    Ok(document)
}

/// Nothing had to be done.
pub(super) fn unchanged(
    site: &Site,
    root: &Path,
    notes: &[String],
    verified: Option<&Result<Verdict>>,
) -> Value {
    json!({
        "schema": SCHEMA,
        "command": "add",
        "outcome": "unchanged",
        "root": root.to_string_lossy(),
        "package": site.package.name,
        "rmcp": site.rmcp,
        "changes": [],
        "remaining": site.remaining.iter().map(by_hand).collect::<Vec<_>>(),
        "notes": notes,
        "verified": verdict(verified),
    })
}

fn verdict(verified: Option<&Result<Verdict>>) -> Value {
    match verified {
        None => Value::Null,
        Some(Ok(verdict)) => json!({ "good": verdict.is_good(), "checks": verdict.checks }),
        Some(Err(error)) => json!({ "good": false, "error": format!("{error:#}") }),
    }
}

fn document(outcome: &str, proposal: &Proposal<'_>, diff: bool, notes: &[String]) -> Result<Value> {
    let addition = proposal.addition;
    let changes = proposal.plan.changes.iter();
    Ok(json!({
        "schema": SCHEMA,
        "command": "add",
        "outcome": outcome,
        "root": proposal.root.to_string_lossy(),
        "package": proposal.site.package.name,
        "rmcp": proposal.site.rmcp,
        "answers": answers(proposal.answers),
        "equivalent_command": proposal.command,
        "mounts": addition.mounts.iter().map(mount).collect::<Vec<_>>(),
        "features": addition.features,
        "changes": changes.map(|each| change(each, diff)).collect::<Vec<_>>(),
        "remaining": addition.remaining.iter().map(by_hand).collect::<Vec<_>>(),
        "notes": notes,
        "next_steps": next_steps(proposal),
    }))
}

fn mount(protected: &Protected) -> Value {
    let mount = &protected.mount;
    let path = match &mount.path {
        MountPath::Known(path) => json!({ "known": path }),
        MountPath::Expression(expression) => json!({ "expression": expression }),
        MountPath::Root => json!({ "known": "" }),
    };
    json!({
        "file": mount.file.as_str(),
        "line": mount.line,
        "call": mount.call,
        "function": mount.function,
        "path": path,
        "before": protected.before,
        "after": protected.after,
    })
}

pub(in crate::report) fn by_hand(step: &ByHand) -> Value {
    json!({
        "file": step.file.as_str(),
        "line": step.line,
        "why": step.why,
        "steps": step.steps,
    })
}
