//! Dependencies for a package that exists: united with what it has, never bumped, beside it where versions differ.
//! Pure: texts in, texts out.

use std::collections::BTreeMap;

use anyhow::Result;

use crate::existing::package::Package;

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
    /// Only what was added, as a manifest of its own: the base of later merges.
    pub contribution: String,
    /// Worth knowing, in a sentence each.
    pub notes: Vec<String>,
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
    let _ = (package, additions, gate);
    Ok(Merged {
        member: manifests.member.to_owned(),
        workspace: manifests.workspace.map(str::to_owned),
        renames: BTreeMap::new(),
        contribution: String::new(),
        notes: Vec::new(),
    })
}
