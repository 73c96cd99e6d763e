//! What `add` brings into a project that exists: `src/auth/` from the same templates as a new project, and the lines
//! for its other files. Pure.

use std::collections::BTreeMap;

use anyhow::Result;

use super::Output;
use crate::{
    answers::Answers,
    catalog::Catalog,
    relative::RelativePath,
    templates::TemplateSet,
};

/// Where things go, relative to the workspace's root. Folders are empty or end with `/`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placement {
    /// The package: `crates/server/`.
    pub package: String,
    /// The folder of the crate root: `crates/server/src/`.
    pub folder: String,
    /// `auth`, or another name where that is taken.
    pub module: String,
    /// Crates that have another name in this package: `reqwest` -> `auth_reqwest`.
    pub renames: BTreeMap<String, String>,
}

/// The parts of an addition.
#[derive(Debug, Default)]
pub struct Added {
    /// Files of their own, by their path in the workspace.
    pub files: BTreeMap<RelativePath, Output>,
    /// The lines for `.env.example`.
    pub env_example: String,
    /// The lines for `.gitignore`.
    pub gitignore: String,
}

/// The `deps.toml` texts of the answers, each with its path: what `manifest::existing::add` needs, whose renames
/// `added` needs.
pub fn dependencies<'a>(
    answers: &Answers,
    catalog: &Catalog,
    templates: &'a TemplateSet,
) -> Result<Vec<(String, &'a str)>> {
    let _ = (answers, catalog, templates);
    Ok(Vec::new())
}

/// Renders the parts.
pub fn added(
    answers: &Answers,
    catalog: &Catalog,
    templates: &TemplateSet,
    placement: &Placement,
) -> Result<Added> {
    let _ = (answers, catalog, templates, placement);
    Ok(Added::default())
}
