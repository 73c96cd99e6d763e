//! What an addition leaves in the package: files of its own, its parts of files that are there, and what is remembered.
//! Pure.

use std::collections::BTreeMap;

use anyhow::{Context, Result};

use super::{Added, GITIGNORE, MANIFEST, Names, Placement};
use crate::{
    answers::Answers,
    catalog::{Catalog, Class},
    generate::{Output, inner_path},
    relative::RelativePath,
    state::{self, FileRecord, Record},
    templates::{TemplateSet, Text},
};

/// Our parts of files of the package that are made elsewhere; of the settings it is in `Added`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shares {
    /// What was added to `Cargo.toml`, as a manifest of its own.
    pub manifest: String,
    /// The lines for `.gitignore`, if that of the package is the one that has them.
    pub gitignore: Option<String>,
}

/// All that has a pristine copy, by its path from the package's folder. Of `Cargo.toml`, of the settings and of
/// `.gitignore` only our part is kept.
pub fn parts(
    added: &Added,
    shares: &Shares,
    placement: &Placement,
) -> Result<BTreeMap<RelativePath, Output>> {
    let manifest = (MANIFEST, shares.manifest.as_str());
    let settings = (placement.env_file.as_str(), added.env_example.as_str());
    let gitignore = shares.gitignore.as_deref().map(|text| (GITIGNORE, text));
    let mut parts = BTreeMap::new();
    for (name, text) in [manifest, settings].into_iter().chain(gitignore) {
        let output = Output {
            class: Class::Merged,
            ..Output::owned(Text::Owned(text.to_owned()))
        };
        parts.insert(inner_path(name)?, output);
    }
    for (path, output) in &added.files {
        let inner = path.as_str().strip_prefix(&placement.package);
        let inner = inner.with_context(|| format!("{path} is outside of the package"))?;
        parts.insert(inner_path(inner)?, output.clone());
    }
    Ok(parts)
}

/// All files of the addition that are ours alone, by their path in the workspace: those with the record of what was
/// added, and the pristine copies.
pub fn complete(
    added: &Added,
    shares: &Shares,
    answers: &Answers,
    catalog: &Catalog,
    templates: &TemplateSet,
    placement: &Placement,
) -> Result<BTreeMap<RelativePath, Output>> {
    let parts = parts(added, shares, placement)?;
    let (changes, names) = (templates.changes()?, Names::of(Some(placement))?);
    let files = parts.iter().map(|(path, output)| {
        let revision = changes.newest_of(&names.in_templates(path));
        (path.to_string(), FileRecord::new(output, revision))
    });
    let record = state::record(&Record {
        answers,
        catalog,
        templates: templates.origin(),
        placement: Some(placement),
        files: files.collect(),
    })?;
    let mut complete = added.files.clone();
    for (path, output) in &parts {
        let copy = placement.in_package(&format!("{}{path}", state::BASE))?;
        complete.insert(copy, Output::owned(output.text.clone()));
    }
    complete.insert(
        placement.in_package(state::FILE)?,
        Output::owned(record.into()),
    );
    Ok(complete)
}
