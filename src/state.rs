//! `mcp-auth.toml` and `.mcp-auth/base/`: what a project remembers of its generation, so that it can be regenerated.
//! Pure. Answers and hashes only, never a secret.

mod read;
mod recorded;
mod renew;
mod shape;

pub use read::read;
pub use recorded::{Recorded, RecordedPlace};
pub use renew::renew;

use sha2::{Digest, Sha256};
use toml_edit::{Array, DocumentMut, InlineTable, Item, Table, value};

use std::collections::BTreeMap;

use crate::{
    answers::Answers,
    catalog::{Catalog, Class},
    generate::{Output, added::Placement},
    templates::Origin,
};

pub const FILE: &str = "mcp-auth.toml";
/// The pristine copies, each under its own path.
pub const BASE: &str = ".mcp-auth/base/";

/// Whether this is where we keep our own things, also while we are at work.
pub fn is_own(path: &str) -> bool {
    let top = path
        .split('/')
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    top == FILE || top == OWN || top.starts_with(&format!("{OWN}-"))
}

const OWN: &str = ".mcp-auth";
const SCHEMA: i64 = 1;
/// The kind of a record whose project was there before, and the table that tells where things went.
const ADDED: &str = "added";
const HEADER: &str = "\
# Written by mcp-auth, and read by it to bring newer templates into this project.
# Commit it together with .mcp-auth/. It holds answers and hashes, never a secret.
";

/// All that `mcp-auth.toml` says.
pub struct Record<'a> {
    pub answers: &'a Answers,
    pub catalog: &'a Catalog,
    pub templates: &'a Origin,
    /// There if the files were added to a project that was there before: what is needed to make them again.
    pub placement: Option<&'a Placement>,
    /// By their path from the project's folder.
    pub files: BTreeMap<String, FileRecord>,
}

/// One generated file, as its pristine copy is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileRecord {
    pub class: Class,
    pub sha256: String,
    pub executable: bool,
    /// The number of the newest template change that is in it.
    pub revision: u32,
    /// Its owner deleted it, and was told that it stays so.
    pub deleted: bool,
}

impl FileRecord {
    pub fn new(output: &Output, revision: u32) -> Self {
        Self {
            class: output.class,
            sha256: sha256(&output.text),
            executable: output.executable,
            revision,
            deleted: false,
        }
    }
}

pub fn record(record: &Record<'_>) -> anyhow::Result<String> {
    let Record {
        answers,
        catalog,
        placement,
        ..
    } = record;
    let mut doc = DocumentMut::new();
    doc["schema"] = value(SCHEMA);
    doc["generator"] = value(env!("CARGO_PKG_VERSION"));
    if placement.is_some() {
        doc["kind"] = value(ADDED);
    }
    let mut templates = Table::new();
    templates["set"] = value(&record.templates.set);
    templates["sha256"] = value(&record.templates.sha256);
    doc["templates"] = Item::Table(templates);
    doc["answers"] = Item::Table(answers_table(answers, catalog)?);
    if let Some(placement) = *placement {
        doc[ADDED] = Item::Table(place(placement)?);
    }
    let mut entries = Table::new();
    for (path, file) in &record.files {
        entries.insert(path, value(file_entry(file)));
    }
    doc["files"] = Item::Table(entries);
    Ok(format!("{HEADER}{doc}"))
}

/// Relative to the package, so that it may be moved.
fn place(placement: &Placement) -> anyhow::Result<Table> {
    let mut table = Table::new();
    table["module"] = value(&placement.module);
    table["source"] = value(placement.source()?);
    table["mcp_path"] = value(&placement.mcp_path);
    table["env_file"] = value(&placement.env_file);
    table["renames"] = value(InlineTable::from_iter(&placement.renames));
    if let Some(http) = &placement.http {
        let mut entry = InlineTable::new();
        entry.insert("module", http.module.as_str().into());
        entry.insert("layers", Array::from_iter(&http.layers).into());
        table["http"] = value(entry);
    }
    if !placement.features.is_empty() {
        table["features"] = value(Array::from_iter(&placement.features));
    }
    if let Some(gate) = &placement.gate {
        table["gate"] = value(gate);
    }
    table["dependencies"] = value(&placement.dependencies);
    if !placement.workspace.is_empty() {
        let mut shares = Table::new();
        for (file, share) in &placement.workspace {
            shares.insert(file, value(share));
        }
        table["workspace"] = Item::Table(shares);
    }
    Ok(table)
}

/// Of the text as it is with `\n` line ends, so that a checkout with others is the same file.
pub fn sha256(text: &str) -> String {
    let hash = match text.contains('\r') {
        true => Sha256::digest(text.replace("\r\n", "\n")),
        false => Sha256::digest(text),
    };
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn answers_table(answers: &Answers, catalog: &Catalog) -> anyhow::Result<Table> {
    let mut table = Table::new();
    table["name"] = value(answers.name.as_str());
    table["description"] = value(answers.description.as_str());
    table["auth"] = value(answers.auth.as_str());
    table["preset"] = value(answers.preset.as_str());
    table["scopes"] = value(Array::from_iter(
        answers.scopes.iter().map(|scope| scope.as_str()),
    ));
    table["port"] = value(i64::from(answers.port.get()));
    let mut extras = Array::new();
    for extra in &answers.extras {
        // `git` is something done once, not something the project has
        if !catalog.extra(*extra)?.layers.is_empty() {
            extras.push(extra.name());
        }
    }
    table["extras"] = value(extras);
    Ok(table)
}

fn file_entry(file: &FileRecord) -> InlineTable {
    let mut entry = InlineTable::new();
    entry.insert("class", file.class.name().into());
    entry.insert("sha256", file.sha256.as_str().into());
    if file.executable {
        entry.insert("mode", "755".into());
    }
    if file.revision > 0 {
        entry.insert("revision", i64::from(file.revision).into());
    }
    if file.deleted {
        entry.insert("deleted", true.into());
    }
    entry
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_does_not_see_line_ends() {
        assert_eq!(sha256("a\r\nb\r\n"), sha256("a\nb\n"));
        assert_eq!(
            sha256(""),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        );
    }
}
