//! Cargo.toml as TOML: text in, text out, and what was not asked for stays byte for byte.
//! Pure.

pub mod arrays;
pub mod existing;
pub mod habits;

use anyhow::{Context, Result, bail};
use toml_edit::{Array, DocumentMut, InlineTable, Item, Table, TableLike, Value};

/// What a `deps.toml` may add to a manifest.
const SECTIONS: [&str; 4] = [
    "dependencies",
    "dev-dependencies",
    "build-dependencies",
    "features",
];

/// What the examples of a layer are called: `existing` needs to know.
const EXAMPLE: &str = "example";

/// Sets `package.description`, whatever characters it holds.
pub fn describe(manifest: &str, description: &str) -> Result<String> {
    edit(manifest, |doc| {
        let package = doc.get_mut("package").and_then(Item::as_table_mut);
        package.context("Cargo.toml has no [package]")?["description"] =
            toml_edit::value(description);
        Ok(())
    })
}

/// Adds what the `deps.toml` texts, each with its path, ask for. What is there already stays, with the missing
/// features added; merging twice changes nothing.
pub fn merge<'a>(
    manifest: &str,
    additions: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> Result<String> {
    edit(manifest, |doc| {
        for (path, text) in additions {
            let addition = parse(text, path)?;
            for (section, entries) in addition.iter().filter(|(section, _)| *section != EXAMPLE) {
                let entries = entries.as_table().filter(|_| SECTIONS.contains(&section));
                let entries =
                    entries.with_context(|| format!("{path}: `{section}` cannot be merged"))?;
                merge_section(doc, section, entries).with_context(|| path.to_owned())?;
            }
        }
        Ok(())
    })
}

/// Leaves out the dev-dependencies that ask for nothing more than the dependency of the same name.
pub fn without_repeats(manifest: &str) -> Result<String> {
    edit(manifest, |doc| {
        let normal = doc
            .get("dependencies")
            .and_then(Item::as_table)
            .cloned()
            .unwrap_or_default();
        if let Some(dev) = doc.get_mut("dev-dependencies").and_then(Item::as_table_mut) {
            dev.retain(|name, item| normal.get(name).is_none_or(|normal| !covers(normal, item)));
        }
        Ok(())
    })
}

/// toml_edit writes `\n` and no byte order mark; a person's file gets its own habits back.
fn edit(manifest: &str, change: impl FnOnce(&mut DocumentMut) -> Result<()>) -> Result<String> {
    let mut doc = parse(&habits::plain(manifest), "Cargo.toml")?;
    change(&mut doc)?;
    Ok(habits::restore(manifest, &doc.to_string()))
}

fn parse(text: &str, path: &str) -> Result<DocumentMut> {
    text.parse()
        .with_context(|| format!("{path} is not valid TOML"))
}

fn merge_section(doc: &mut DocumentMut, section: &str, entries: &Table) -> Result<()> {
    if doc.get(section).is_none() {
        doc.insert(section, new_section());
    }
    let target = doc[section]
        .as_table_like_mut()
        .with_context(|| format!("`{section}` is not a table"))?;
    let was_sorted = target.iter().map(|(name, _)| name).is_sorted();
    for (name, entry) in entries {
        let entry = entry
            .as_value()
            .with_context(|| format!("`{section}.{name}` must be on one line"))?;
        match target.get_mut(name) {
            None => _ = target.insert(name, Item::Value(plain(entry))),
            Some(present) if section == "features" => {
                arrays::unite(present, &strings(Some(entry)))?
            }
            Some(present) => {
                merge_dependency(present, entry).with_context(|| format!("`{section}.{name}`"))?
            }
        }
    }
    if was_sorted {
        target.sort_values();
    }
    Ok(())
}

/// An empty table, with a blank line before it, at the end of the file.
fn new_section() -> Item {
    let mut table = Table::new();
    table.decor_mut().set_prefix("\n");
    Item::Table(table)
}

/// Same package in both: versions must agree, features are united, default features stay on if either wants them.
fn merge_dependency(present: &mut Item, wanted: &Value) -> Result<()> {
    let version = present
        .as_str()
        .or_else(|| present.get("version")?.as_str());
    let (version, wanted_version) = (version.map(str::to_owned), version_of(wanted));
    if let (Some(present), Some(wanted)) = (&version, wanted_version)
        && present != wanted
    {
        bail!("version {wanted} is wanted, {present} is there");
    }
    let Some(wanted) = wanted.as_inline_table() else {
        return Ok(());
    };
    if present.is_str() {
        *present = Item::Value(Value::InlineTable(as_table(present)));
    }
    let present = present
        .as_table_like_mut()
        .context("it is neither a version nor a table")?;
    if !wanted.contains_key("default-features") {
        present.remove("default-features");
    }
    unite_features(present, wanted)
}

fn version_of(dependency: &Value) -> Option<&str> {
    dependency
        .as_str()
        .or_else(|| dependency.as_inline_table()?.get("version")?.as_str())
}

/// `"1"` as `{ version = "1" }`, with the comment that stood behind it.
fn as_table(version: &Item) -> InlineTable {
    let mut table = InlineTable::new();
    if let Some(version) = version.as_value() {
        *table.decor_mut() = version.decor().clone();
        table.insert("version", plain(version));
    }
    table
}

fn unite_features(present: &mut dyn TableLike, wanted: &InlineTable) -> Result<()> {
    let wanted = strings(wanted.get("features"));
    if wanted.is_empty() {
        return Ok(());
    }
    let features = present.entry("features");
    arrays::unite(features.or_insert(toml_edit::value(Array::new())), &wanted)
}

fn strings(list: Option<&Value>) -> Vec<String> {
    let list = list.and_then(Value::as_array).into_iter().flatten();
    list.filter_map(Value::as_str).map(str::to_owned).collect()
}

fn covers(normal: &Item, dev: &Item) -> bool {
    let features = |item: &Item| -> Vec<String> {
        let array = item.get("features").and_then(Item::as_array);
        array
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect()
    };
    let defaults =
        |item: &Item| item.get("default-features").and_then(Item::as_bool) != Some(false);
    let present = features(normal);
    let all_there = features(dev)
        .iter()
        .all(|feature| present.contains(feature));
    all_there && (defaults(normal) || !defaults(dev))
}

/// `key.workspace = true` where the others of the table say it so.
pub fn in_their_style(table: &Table, value: Value) -> Item {
    let inherits = |item: &Item| item.get("workspace").is_some();
    let is_dotted = |item: &Item| item.as_table().is_some_and(Table::is_dotted) && inherits(item);
    match value {
        Value::InlineTable(entry)
            if entry.len() == 1
                && entry.contains_key("workspace")
                && table.iter().any(|(_, item)| is_dotted(item)) =>
        {
            let mut dotted = entry.into_table();
            dotted.set_dotted(true);
            Item::Table(dotted)
        }
        value => Item::Value(value),
    }
}

/// The value without the blanks and comments around it.
fn plain(value: &Value) -> Value {
    let mut value = value.clone();
    value.decor_mut().clear();
    value
}

#[cfg(test)]
mod tests;
