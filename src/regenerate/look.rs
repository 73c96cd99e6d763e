//! What is there before a regeneration: the record, the pristine copies and their owner's files.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use anyhow::Result;
use toml_edit::DocumentMut;

use crate::{
    generate::Output,
    project,
    refusal::Refusal,
    relative::RelativePath,
    renewal::{INCOMING, Present},
    state::{self, FileRecord, Recorded},
    templates::Origin,
};

const MANIFEST: &str = "Cargo.toml";

pub struct Project {
    pub root: PathBuf,
    /// `mcp-auth.toml` as it is, and what it says.
    pub record: Vec<u8>,
    pub recorded: Recorded,
    pub files: BTreeMap<RelativePath, FileRecord>,
    /// What lies in `.mcp-auth/base/` and `.mcp-auth/incoming/`.
    pub kept: BTreeMap<RelativePath, Vec<u8>>,
}

pub fn look(root: &Path) -> Result<Project> {
    let path: RelativePath = state::FILE.parse().map_err(anyhow::Error::msg)?;
    let record = project::read_existing(root, [&path])?.remove(&path);
    let record = record.unwrap_or_default();
    let Ok(text) = std::str::from_utf8(&record) else {
        return Err(Refusal::failed(format!("{path} is no text"))
            .hint("take it back from version control: it is written by mcp-auth alone")
            .into());
    };
    let recorded = state::read(text)?;
    let mut kept = project::read_below(root, state::BASE)?;
    kept.extend(project::read_below(root, INCOMING)?);
    Ok(Project {
        root: root.to_owned(),
        files: recorded.files(),
        record,
        recorded,
        kept,
    })
}

impl Project {
    /// What is at the paths of the recorded and of the generated files.
    pub fn present(
        &self,
        generated: &BTreeMap<RelativePath, Output>,
    ) -> Result<BTreeMap<RelativePath, Present>> {
        let new = generated
            .keys()
            .filter(|path| !self.files.contains_key(*path));
        project::read_present(&self.root, self.files.keys().chain(new))
    }
    /// The set that made what is there.
    pub fn origin(&self) -> Origin {
        Origin {
            set: self.recorded.templates.set.clone(),
            sha256: self.recorded.templates.sha256.clone(),
        }
    }

    /// Which Rust its files are written in.
    pub fn edition(&self, present: &BTreeMap<RelativePath, Present>) -> String {
        let manifest = present.iter().find_map(|(path, present)| match present {
            Present::File(bytes) if path.as_str() == MANIFEST => Some(bytes),
            _ => None,
        });
        let edition = manifest.and_then(|manifest| of_package(manifest, "edition"));
        // a member of a workspace has that of the workspace
        edition.unwrap_or_else(|| "2024".to_owned())
    }

    /// The name that cargo knows the package by now.
    pub fn package(&self) -> Result<Option<String>> {
        let path: RelativePath = MANIFEST.parse().map_err(anyhow::Error::msg)?;
        let there = project::read_present(&self.root, [&path])?;
        Ok(match there.get(&path) {
            Some(Present::File(manifest)) => of_package(manifest, "name"),
            _ => None,
        })
    }

    /// What has to be turned on for the files to be compiled at all.
    pub fn features(&self) -> &[String] {
        let added = self.recorded.added.as_ref();
        added.map_or(&[], |added| &added.features)
    }
}

fn of_package(manifest: &[u8], key: &str) -> Option<String> {
    let text = std::str::from_utf8(manifest).ok()?;
    let manifest: DocumentMut = text.trim_start_matches('\u{feff}').parse().ok()?;
    Some(manifest.get("package")?.get(key)?.as_str()?.to_owned())
}
