//! Dependencies for a package that exists: united with what it has, never bumped, beside it where versions differ.
//! Pure: texts in, texts out.

mod change;
mod contribution;
mod decide;
mod features;
mod gate;
mod implied;
mod present;
mod prove;
mod shipping;
mod versions;
mod wanted;
mod without;
mod write;

pub use contribution::keep_shared;
pub use without::without;

use std::collections::BTreeMap;

use anyhow::Result;
use toml_edit::DocumentMut;

use self::{
    change::{Change, DEPENDENCIES, File},
    decide::{Decided, There},
    features::Features,
    wanted::Wanted,
};
use super::{habits, parse};
use crate::{
    existing::package::Package,
    refusal::{Exit, Refusal},
};

/// The manifests that may change.
pub struct Manifests<'a> {
    pub member: &'a str,
    /// The root manifest, if it is another file than the member's and has a `[workspace]`.
    pub workspace: Option<&'a str>,
}

/// What the manifests become.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Merged {
    pub member: String,
    pub workspace: Option<String>,
    /// Crates that the package has in another version: their name in code, as in `reqwest` -> `auth_reqwest`.
    pub renames: BTreeMap<String, String>,
    /// Only what was added to the member's, as a manifest of its own: the base of later merges.
    pub contribution: String,
    /// The same for that of the workspace, if it is another file.
    pub shared: String,
    /// The feature that turns the server on.
    pub gate: Option<String>,
    /// Worth knowing, in a sentence each.
    pub notes: Vec<String>,
    /// What `cargo publish` would pack.
    pub shipping: Option<String>,
}

/// Adds what the `deps.toml` texts, each with its path, ask for. `gate` is the feature that turns the MCP server on,
/// where there is one: then the new dependencies are optional and part of it.
///
/// # Errors
/// A `Refusal` with the exact requirement, where a crate that must be shared (axum) has another version.
pub fn add(
    manifests: &Manifests<'_>,
    package: &Package,
    additions: &[(&str, &str)],
    gate: Option<&str>,
) -> Result<Merged> {
    let member = parse(&habits::plain(manifests.member), package.manifest.as_str())?;
    let root = manifests
        .workspace
        .map(|text| parse(&habits::plain(text), "Cargo.toml"));
    let root = root.transpose()?;
    let there = there(&member, root.as_ref(), package, gate);
    let decided = decide(&there, &Wanted::read(additions)?)?;

    let in_root = |change: &&Change| root.is_some() && change.file == File::Workspace;
    let (of_root, of_member): (Vec<&Change>, Vec<&Change>) =
        decided.changes.iter().partition(in_root);
    Ok(Merged {
        member: edited(manifests.member, &member, &of_member)?,
        workspace: match (manifests.workspace, &root) {
            (Some(text), Some(root)) => Some(edited(text, root, &of_root)?),
            _ => None,
        },
        renames: decided.renames(),
        contribution: contribution::contribution(&of_member)?,
        shared: contribution::contribution(&of_root)?,
        gate: there.gate.clone(),
        notes: decided.notes,
        shipping: shipping::note(&member, root.as_ref(), there.member_path),
    })
}

fn there<'a>(
    member: &DocumentMut,
    root: Option<&DocumentMut>,
    package: &'a Package,
    gate: Option<&str>,
) -> There<'a> {
    let shared = root.unwrap_or(member).get("workspace");
    let shared = shared.and_then(|workspace| workspace.get(DEPENDENCIES)?.as_table_like());
    let present = present::of_member(member, shared, package);
    let features = Features::read(member, &present);
    let inherits = present.iter().any(|present| present.inherits);
    let offered = shared.filter(|_| inherits);
    There {
        offered: offered.map(|shared| present::of_workspace(shared, package)),
        gate: gate
            .map(str::to_owned)
            .or_else(|| features.of_axum(&present)),
        features,
        present,
        examples: wanted::examples(member),
        member_path: package.manifest.as_str(),
        workspace_path: "Cargo.toml",
    }
}

fn decide<'a>(there: &'a There<'a>, wanted: &Wanted) -> Result<Decided<'a>> {
    let mut decided = Decided::nothing(there);
    for dependency in &wanted.normal {
        decided.normal(dependency);
    }
    for dependency in &wanted.dev {
        decided.dev(dependency);
    }
    gate::decide(&mut decided, wanted);
    match decided.problems.is_empty() {
        true => Ok(decided),
        false => Err(Refusal::many(Exit::Failed, decided.problems).into()),
    }
}

fn edited(text: &str, before: &DocumentMut, changes: &[&Change]) -> Result<String> {
    if changes.is_empty() {
        return Ok(text.to_owned());
    }
    let mut doc = before.clone();
    for change in changes {
        write::write(&mut doc, change)?;
    }
    let edited = habits::restore(text, &doc.to_string());
    let after = parse(&habits::plain(&edited), "the edited Cargo.toml")?;
    prove::prove(before, &after, changes.iter().copied())?;
    Ok(edited)
}

#[cfg(test)]
mod tests;
