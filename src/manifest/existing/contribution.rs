//! The changes alone, as a manifest that depends on nothing else: what later merges start from.
//! Pure.

use anyhow::{Context, Result};
use toml_edit::{Array, ArrayOfTables, DocumentMut, InlineTable, Item, Table, Value, value};

use super::{
    change::{Change, DEPENDENCIES, EXAMPLE, FEATURES, What},
    present::entries,
    write,
};
use crate::manifest::parse;

/// A manifest with nothing but the changes, sorted.
pub fn contribution(changes: &[&Change]) -> Result<String> {
    let mut doc = DocumentMut::new();
    for change in changes {
        add(&mut doc, change).with_context(|| format!("`{}` in the contribution", change.key))?;
    }
    sort(doc.as_table_mut());
    Ok(doc.to_string())
}

fn add(doc: &mut DocumentMut, change: &Change) -> Result<()> {
    let item = match &change.what {
        What::Insert(entry) => value(entry.clone()),
        What::Members(more) => value(Array::from_iter(more.iter().map(String::as_str))),
        What::Features(more) => {
            let mut entry = InlineTable::new();
            entry.insert(FEATURES, Value::from_iter(more.iter().map(String::as_str)));
            value(entry)
        }
        What::Example(feature) => return example(doc, &change.key, feature),
    };
    let table = section(doc, &change.table)?;
    match (table.get_mut(&change.key), &change.what) {
        // those of the tests, in the entry that the program has too
        (Some(entry), What::Features(more)) => write::features(entry, more)?,
        _ => _ = table.insert(&change.key, item),
    }
    Ok(())
}

fn section<'a>(doc: &'a mut DocumentMut, path: &[&str]) -> Result<&'a mut Table> {
    let mut table = doc.as_table_mut();
    for name in path {
        let inner = table.entry(name).or_insert_with(|| {
            let mut inner = Table::new();
            inner.set_implicit(true);
            Item::Table(inner)
        });
        table = inner.as_table_mut().context("two kinds of change meet")?;
    }
    Ok(table)
}

fn example(doc: &mut DocumentMut, name: &str, feature: &str) -> Result<()> {
    let examples = doc
        .entry(EXAMPLE)
        .or_insert_with(|| Item::ArrayOfTables(ArrayOfTables::new()));
    let examples = examples
        .as_array_of_tables_mut()
        .context("two kinds of change meet")?;
    let mut table = Table::new();
    table["name"] = value(name);
    table["required-features"] = value(Array::from_iter([feature]));
    examples.push(table);
    Ok(())
}

fn sort(table: &mut Table) {
    table.sort_values();
    for (_, item) in table.iter_mut() {
        if let Some(inner) = item.as_table_mut() {
            sort(inner);
        }
    }
}

/// Adds to what the workspace's manifest got what it had got `before` and is still in use. Gives the names of the
/// dependencies in use that are others now.
pub fn keep_shared(
    share: &mut String,
    before: &str,
    is_used: impl Fn(&str) -> bool,
) -> Result<Vec<String>> {
    let mut doc = parse(share, "the new part")?;
    let before = parse(before, "the old part")?;
    let old = before
        .get("workspace")
        .and_then(|root| root.get(DEPENDENCIES));
    let mut changed = Vec::new();
    for (key, entry) in entries(old).filter(|(key, _)| is_used(key)) {
        let table = section(&mut doc, &["workspace", DEPENDENCIES])?;
        match table.get(key) {
            Some(now) if now.to_string().trim() == entry.to_string().trim() => {}
            Some(_) => changed.push(key.to_owned()),
            None => _ = table.insert(key, entry.clone()),
        }
    }
    sort(doc.as_table_mut());
    *share = doc.to_string();
    Ok(changed)
}
