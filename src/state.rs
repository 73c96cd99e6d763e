//! `mcp-auth.toml` and `.mcp-auth/base/`: what a project remembers of its generation, so that it can be regenerated.
//! Pure. Answers and hashes only, never a secret.

mod read;

pub use read::{Recorded, read};

use sha2::{Digest, Sha256};
use toml_edit::{Array, DocumentMut, InlineTable, Item, Table, value};

use crate::{
    answers::Answers,
    catalog::Catalog,
    generate::{Output, added::Placement},
};

pub const FILE: &str = "mcp-auth.toml";
/// The pristine copies, each under its own path.
pub const BASE: &str = ".mcp-auth/base/";

const SCHEMA: i64 = 1;
/// The kind of a record whose project was there before, and the table that tells where things went.
const ADDED: &str = "added";
const HEADER: &str = "\
# Written by mcp-auth, and read by it to bring newer templates into this project.
# Commit it together with .mcp-auth/. It holds answers and hashes, never a secret.
";

/// `files` by their path from the project's folder. `placement` is there if they were added to a project that was
/// there before: what is needed to make them again.
pub fn record<'a>(
    answers: &Answers,
    catalog: &Catalog,
    files: impl IntoIterator<Item = (&'a str, &'a Output)>,
    placement: Option<&Placement>,
) -> anyhow::Result<String> {
    let mut doc = DocumentMut::new();
    doc["schema"] = value(SCHEMA);
    doc["generator"] = value(env!("CARGO_PKG_VERSION"));
    if placement.is_some() {
        doc["kind"] = value(ADDED);
    }
    doc["answers"] = Item::Table(answers_table(answers, catalog)?);
    if let Some(placement) = placement {
        doc[ADDED] = Item::Table(place(placement)?);
    }
    let mut entries = Table::new();
    for (path, output) in files {
        entries.insert(path, value(file_entry(output)));
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
    table["auth"] = value(answers.auth.name());
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

fn file_entry(output: &Output) -> InlineTable {
    let mut entry = InlineTable::new();
    entry.insert("class", output.class.name().into());
    entry.insert("sha256", sha256(&output.text).into());
    if output.executable {
        entry.insert("mode", "755".into());
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
