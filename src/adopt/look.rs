//! What there is before an adoption: the project's folder, what is left of its record, the template sets.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use anyhow::Result;
use semver::Version;
use toml_edit::DocumentMut;

use crate::{
    adopting::Known,
    answers::ProjectName,
    cli, project,
    refusal::Refusal,
    relative::RelativePath,
    sets,
    state::{self, Recorded},
    templates::TemplateSet,
};

/// What is left of `mcp-auth.toml`.
pub enum Memory {
    Read(Box<Recorded>),
    Lost,
    /// Why it cannot be read.
    Damaged(String),
}

/// The folder of the package that `path` is or lies in.
pub fn root(typed: &cli::Adopt) -> Result<PathBuf> {
    let path = typed.path.as_deref().unwrap_or(Path::new("."));
    let found = project::folder_of_project(path).ok();
    let nearest = found
        .as_deref()
        .and_then(|found| project::projects_around(found).next());
    match nearest {
        Some(root) => Ok(root.to_owned()),
        None => Err(Refusal::failed(format!(
            "there is no Cargo.toml in {} or above it",
            path.display()
        ))
        .hint("name the project's folder: mcp-auth adopt <PATH>")
        .into()),
    }
}

/// # Errors
/// The `Refusal` of a record that is newer than this program: nothing is lost then.
pub fn memory(root: &Path) -> Result<Memory> {
    let path: RelativePath = state::FILE.parse().map_err(anyhow::Error::msg)?;
    let Some(bytes) = project::read_existing(root, [&path])?.remove(&path) else {
        return Ok(Memory::Lost);
    };
    let Ok(text) = String::from_utf8(bytes) else {
        return Ok(Memory::Damaged(format!("{path} is no text")));
    };
    match state::read(&text) {
        Ok(recorded) => Ok(Memory::Read(Box::new(recorded))),
        Err(newer) if is_newer(&text) => Err(newer),
        Err(damage) => Ok(Memory::Damaged(damage.to_string())),
    }
}

fn is_newer(text: &str) -> bool {
    let Ok(doc) = text.parse::<DocumentMut>() else {
        return false;
    };
    let schema = doc.get("schema").and_then(|item| item.as_integer());
    let generator = doc.get("generator").and_then(|item| item.as_str());
    let version = |text: &str| Version::parse(text).ok();
    schema.is_some_and(|schema| schema > 1)
        || generator.and_then(version) > version(env!("CARGO_PKG_VERSION"))
}

/// The program's own templates, those that are recorded, those that are named; each once.
///
/// # Errors
/// A `Refusal` if the recorded ones are gone and no others are named.
pub fn known(typed: &cli::Adopt, root: &Path, memory: &Memory) -> Result<Vec<Known>> {
    let mut sets = vec![TemplateSet::embedded()?];
    if let Memory::Read(recorded) = memory {
        match sets::of_project(root, &recorded.templates.set, None) {
            Ok(set) => sets.push(set),
            Err(gone) if typed.templates.is_empty() => return Err(gone),
            Err(_) => {}
        }
    }
    for dir in &typed.templates {
        sets.push(sets::of_project(root, "", Some(dir))?);
    }
    let mut seen = BTreeSet::new();
    sets.retain(|set| seen.insert(set.origin().set.clone()));
    sets.into_iter().map(Known::new).collect()
}

/// What a project is called whose `Cargo.toml` does not tell.
pub fn fallback(root: &Path) -> Result<ProjectName> {
    let folder = project::folder_name(root)?;
    let name = ProjectName::suggestion(&folder);
    name.map_or_else(|| "mcp-server".parse().map_err(anyhow::Error::msg), Ok)
}
