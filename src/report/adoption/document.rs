//! The documents of `mcp-auth adopt --json`.

use std::path::Path;

use serde_json::{Value, json};

use super::{Proposal, equivalent};
use crate::{
    adopting::{Adoption, Finding, Sureness},
    report::json::{SCHEMA, answers, change},
};

pub(super) fn unchanged(adoption: &Adoption<'_>, root: &Path, notes: &[String]) -> Value {
    json!({
        "schema": SCHEMA,
        "command": "adopt",
        "outcome": "unchanged",
        "root": root.to_string_lossy(),
        "answers": answers(&adoption.answers),
        "changes": [],
        "notes": notes,
    })
}

pub(super) fn document(outcome: &str, proposal: &Proposal<'_>, notes: &[String]) -> Value {
    let adoption = proposal.adoption;
    json!({
        "schema": SCHEMA,
        "command": "adopt",
        "outcome": outcome,
        "root": proposal.root.to_string_lossy(),
        "answers": answers(&adoption.answers),
        "answers_are": if adoption.is_recorded { "recorded" } else { "found" },
        "alternatives": adoption.others,
        "templates": { "set": adoption.origin.set, "sha256": adoption.origin.sha256 },
        "equivalent_command": equivalent(proposal),
        "files": adoption.findings.iter().map(finding).collect::<Vec<_>>(),
        "changes": proposal.plan.changes.iter().map(|each| change(each, false)).collect::<Vec<_>>(),
        "notes": notes,
    })
}

fn finding(finding: &Finding) -> Value {
    let (sureness, percent) = match finding.sureness {
        Sureness::Sound => ("sound", None),
        Sureness::Proved => ("proved", None),
        Sureness::Exact => ("exact", Some(100)),
        Sureness::Copy => ("copy", None),
        Sureness::Close(percent) => ("close", Some(percent)),
        Sureness::Far => ("far", None),
        Sureness::Yours => ("yours", None),
        Sureness::Deleted => ("deleted", None),
    };
    json!({
        "path": finding.path.as_str(),
        "sureness": sureness,
        "percent": percent,
        "set": finding.set,
        "revision": finding.kept.as_ref().map(|(record, _)| record.revision),
    })
}
