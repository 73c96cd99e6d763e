//! Writes planned changes into a manifest, in the style that is found there.
//! Pure.

use anyhow::{Context, Result};
use toml_edit::{ArrayOfTables, DocumentMut, Item, Key, Table, Value};

use super::{
    change::{Change, DEPENDENCIES, DEV_DEPENDENCIES, EXAMPLE, FEATURES, What},
    present::entries,
};
use crate::manifest::{arrays, as_table, in_their_style};

pub fn write(doc: &mut DocumentMut, change: &Change) -> Result<()> {
    match &change.what {
        What::Insert(value) => insert(section(doc, &change.table)?, &change.key, value.clone()),
        What::Members(more) => arrays::unite(entry(doc, change)?, more),
        What::Features(more) => features(entry(doc, change)?, more),
        What::Example(feature) => example(doc, &change.key, feature),
    }
    .with_context(|| format!("`{}.{}`", change.table.join("."), change.key))
}

fn entry<'a>(doc: &'a mut DocumentMut, change: &Change) -> Result<&'a mut Item> {
    inner(section(doc, &change.table)?, &change.key).context("it is not there")
}

/// Unlike indexing, this makes nothing.
fn inner<'a>(item: &'a mut Item, key: &str) -> Option<&'a mut Item> {
    item.as_table_like_mut()?.get_mut(key)
}

/// The table, made at its usual place if it is missing.
fn section<'a>(doc: &'a mut DocumentMut, path: &[&str]) -> Result<&'a mut Item> {
    let [name, rest @ ..] = path else {
        return Ok(doc.as_item_mut());
    };
    if doc.get(name).is_none() {
        let table = new_section(place(doc, name));
        doc.insert(name, Item::Table(table));
    }
    let mut item = doc.get_mut(name).context("it cannot be made")?;
    for name in rest {
        item = inner(item, name).with_context(|| format!("there is no `{name}` in it"))?;
    }
    Ok(item)
}

fn new_section(position: isize) -> Table {
    let mut table = Table::new();
    table.decor_mut().set_prefix("\n");
    table.set_position(Some(position));
    table
}

/// Dependencies before those of tests and targets, those of tests after them, features after all dependencies; else at
/// the end. Of two tables at one position, the one that was there comes first.
fn place(doc: &DocumentMut, name: &str) -> isize {
    let of = |name: &str| positions(doc.get(name));
    let before: &[&str] = match name {
        DEPENDENCIES => &[DEV_DEPENDENCIES, "build-dependencies", "target"],
        _ => &[],
    };
    if let Some(next) = before.iter().flat_map(|name| of(name)).min() {
        return next - 1;
    }
    let after: &[&str] = match name {
        DEV_DEPENDENCIES => &[DEPENDENCIES],
        FEATURES => &[
            DEPENDENCIES,
            DEV_DEPENDENCIES,
            "build-dependencies",
            "target",
        ],
        _ => &[],
    };
    let previous = after.iter().flat_map(|name| of(name)).max();
    let last = positions(Some(doc.as_item())).into_iter().max();
    previous.or(last.map(|last| last + 1)).unwrap_or(0)
}

/// Of all tables in it that have a header of their own.
fn positions(item: Option<&Item>) -> Vec<isize> {
    let mut positions = Vec::new();
    match item {
        Some(Item::Table(table)) => {
            positions.extend(
                table
                    .position()
                    .filter(|_| !table.is_implicit() && !table.is_dotted()),
            );
            positions.extend(
                table
                    .iter()
                    .flat_map(|(_, item)| self::positions(Some(item))),
            );
        }
        Some(Item::ArrayOfTables(tables)) => {
            positions.extend(tables.iter().filter_map(Table::position))
        }
        _ => {}
    }
    positions
}

/// At its sorted place if the others are sorted, else behind them.
fn insert(section: &mut Item, key: &str, value: Value) -> Result<()> {
    match section {
        Item::Table(table) => {
            if table.is_implicit() && table.decor().prefix().is_none() {
                table.decor_mut().set_prefix("\n");
            }
            let following = following(table.iter(), key);
            let entry = in_their_style(table, value);
            table.insert_formatted(&like_its_neighbours(table, key), entry);
            for name in following {
                if let Some((key, item)) = table.remove_entry(&name) {
                    table.insert_formatted(&key, item);
                }
            }
        }
        Item::Value(Value::InlineTable(table)) => arrays::insert_inline(table, key, value),
        _ => anyhow::bail!("it is not a table"),
    }
    Ok(())
}

/// The entries that come after `key`; tables with a header of their own are printed after all of them anyway.
fn following<'a>(entries: impl Iterator<Item = (&'a str, &'a Item)>, key: &str) -> Vec<String> {
    let has_header = |item: &Item| item.as_table().is_some_and(|table| !table.is_dotted());
    let names: Vec<&str> = entries
        .filter(|(_, item)| !has_header(item))
        .map(|(name, _)| name)
        .collect();
    let sorted = names.is_sorted();
    let after = names.into_iter().filter(|name| sorted && *name > key);
    after.map(str::to_owned).collect()
}

/// Indented as the first entry is.
fn like_its_neighbours(table: &Table, key: &str) -> Key {
    let first = table.iter().next().and_then(|(name, _)| table.key(name));
    let prefix = first.and_then(|key| key.leaf_decor().prefix()?.as_str());
    let indent = prefix.and_then(|prefix| prefix.rsplit('\n').next());
    let indent = indent.filter(|indent| !indent.is_empty() && indent.trim().is_empty());
    let mut key = Key::new(key);
    if let Some(indent) = indent {
        key.leaf_decor_mut().set_prefix(indent);
        key.leaf_decor_mut().set_suffix(" ");
    }
    key
}

pub fn features(dependency: &mut Item, more: &[String]) -> Result<()> {
    if dependency.is_str() {
        *dependency = Item::Value(Value::InlineTable(as_table(dependency)));
    }
    if let Some(list) = inner(dependency, FEATURES) {
        return arrays::unite(list, more);
    }
    let list = Value::from_iter(more.iter().map(String::as_str));
    match dependency {
        Item::Value(Value::InlineTable(table)) => arrays::insert_inline(table, FEATURES, list),
        _ => {
            let table = dependency
                .as_table_like_mut()
                .context("it is neither a version nor a table")?;
            table.insert(FEATURES, Item::Value(list));
        }
    }
    Ok(())
}

fn example(doc: &mut DocumentMut, name: &str, feature: &str) -> Result<()> {
    let position = place(doc, EXAMPLE);
    let present = entries(Some(doc.as_item())).any(|(key, _)| key == EXAMPLE);
    if !present {
        doc.insert(EXAMPLE, Item::ArrayOfTables(ArrayOfTables::new()));
    }
    let examples = doc.get_mut(EXAMPLE).and_then(Item::as_array_of_tables_mut);
    let examples = examples.context("`example` is not a list of tables")?;
    let last = examples.iter().filter_map(Table::position).max();
    let mut table = new_section(last.unwrap_or(position));
    table["name"] = toml_edit::value(name);
    table["required-features"] = toml_edit::value(toml_edit::Array::from_iter([feature]));
    examples.push(table);
    Ok(())
}
