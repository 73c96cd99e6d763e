//! Lists of strings and inline tables that get more entries and keep their layout and comments.
//! Pure.

use anyhow::{Context, Result};
use toml_edit::{Array, Decor, InlineTable, Item, Key, RawString, Value};

/// Adds the strings that are missing, sorted in if the list was sorted.
pub fn unite(list: &mut Item, wanted: &[String]) -> Result<()> {
    let list = list.as_array_mut().context("it is not a list")?;
    for entry in wanted {
        let names: Vec<&str> = list.iter().filter_map(Value::as_str).collect();
        if names.contains(&entry.as_str()) {
            continue;
        }
        let sorted = names.is_sorted();
        let at = names
            .iter()
            .position(|name| sorted && *name > entry.as_str())
            .unwrap_or(names.len());
        insert(list, at, entry);
    }
    Ok(())
}

/// On a line of its own where its neighbour has one; else after one blank.
fn insert(list: &mut Array, at: usize, entry: &str) {
    let neighbour = list.get(at).or_else(|| list.iter().last());
    let before = neighbour.map(prefix).unwrap_or_default();
    match before.rfind('\n').map(|line| before[line..].to_owned()) {
        Some(own_line) => insert_line(list, at, entry, &own_line),
        None => insert_word(list, at, entry),
    }
}

fn insert_word(list: &mut Array, at: usize, entry: &str) {
    let opening = list.get(0).map(|first| prefix(first).to_owned());
    let is_last = at == list.len();
    let mut suffix = String::new();
    if is_last && let Some(last) = at.checked_sub(1).and_then(|at| list.get_mut(at)) {
        suffix = text(last.decor().suffix()).to_owned();
        last.decor_mut().set_suffix("");
    }
    if let (0, Some(first)) = (at, list.get_mut(0)) {
        first.decor_mut().set_prefix(" ");
    }
    let before = if at == 0 {
        opening.unwrap_or_default()
    } else {
        " ".to_owned()
    };
    list.insert_formatted(at, Value::from(entry).decorated(before, suffix));
}

/// A comment behind the entry before stays there.
fn insert_line(list: &mut Array, at: usize, entry: &str, own_line: &str) {
    let (behind, rest) = if let Some(next) = list.get(at) {
        split(prefix(next))
    } else if list.trailing_comma() {
        split(text(Some(list.trailing())))
    } else {
        let last = at.checked_sub(1).and_then(|at| list.get(at));
        split(last.map_or("", |last| text(last.decor().suffix())))
    };
    let mut suffix = "";
    if let Some(next) = list.get_mut(at) {
        next.decor_mut().set_prefix(rest.as_str());
    } else if list.trailing_comma() {
        list.set_trailing(rest.as_str());
    } else {
        suffix = &rest;
        if let Some(last) = at.checked_sub(1).and_then(|at| list.get_mut(at)) {
            last.decor_mut().set_suffix("");
        }
    }
    let prefix = format!("{}{own_line}", behind.trim_end());
    list.insert_formatted(at, Value::from(entry).decorated(prefix, suffix));
}

/// The rest of the line, and what comes after it.
fn split(text: &str) -> (String, String) {
    let (behind, rest) = text.split_at(text.find('\n').unwrap_or(text.len()));
    (behind.to_owned(), rest.to_owned())
}

fn prefix(value: &Value) -> &str {
    text(value.decor().prefix())
}

fn text(raw: Option<&RawString>) -> &str {
    raw.and_then(RawString::as_str).unwrap_or_default()
}

/// Behind the other entries of `{ ... }`, on a line of its own if the last one has one; what stands before the brace
/// stays there.
pub fn insert_inline(table: &mut InlineTable, key: &str, value: Value) {
    let own_line = table.iter().last().and_then(|(last, _)| {
        let prefix = text(table.key(last)?.leaf_decor().prefix());
        prefix.rfind('\n').map(|line| prefix[line..].to_owned())
    });
    let end = take_end(table);
    let mut key = Key::new(key);
    let mut suffix = end.clone();
    if let (Some(own_line), Some(end)) = (own_line, end) {
        let (behind, rest) = split(&end);
        key.leaf_decor_mut()
            .set_prefix(format!("{}{own_line}", behind.trim_end()));
        key.leaf_decor_mut().set_suffix(" ");
        suffix = Some(rest);
    }
    table.insert_formatted(&key, value);
    let Some(suffix) = suffix else { return };
    let has_comma = table.trailing_comma();
    if let Some(value) = table.get_mut(key.get()) {
        *value.decor_mut() = Decor::new(" ", if has_comma { "" } else { &suffix });
    }
    if has_comma {
        table.set_trailing(suffix);
    }
}

/// What stands between the last entry, or its comma, and the brace; `None` for a table that nobody formatted.
fn take_end(table: &mut InlineTable) -> Option<String> {
    if table.trailing_comma() {
        return Some(text(Some(table.trailing())).to_owned());
    }
    let (_, last) = table.iter_mut().last()?;
    let suffix = last.decor().suffix()?.as_str()?.to_owned();
    last.decor_mut().set_suffix("");
    Some(suffix)
}
