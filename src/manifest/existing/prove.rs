//! Proves that a manifest differs at the planned places and nowhere else.
//! Pure: a difference that nobody planned is a mistake of ours, and nothing is written.

use anyhow::{Result, ensure};
use serde_json::{Map, Value as Json, json};
use toml_edit::{DocumentMut, Item, Value};

use super::change::{Change, EXAMPLE, FEATURES, What};

pub fn prove<'a>(
    before: &DocumentMut,
    after: &DocumentMut,
    changes: impl IntoIterator<Item = &'a Change>,
) -> Result<()> {
    let mut expected = json(before.as_item());
    let mut found = json(after.as_item());
    for change in changes {
        expect(&mut expected, &mut found, change);
    }
    ensure!(
        expected == found,
        "the edited Cargo.toml would differ in more than what is planned; nothing was written"
    );
    Ok(())
}

/// Makes the change in `expected`; lists that grew are compared as sets.
fn expect(expected: &mut Json, found: &mut Json, change: &Change) {
    let mut path: Vec<&str> = change.table.clone();
    if let What::Example(feature) = &change.what {
        let example = json!({ "name": change.key, "required-features": [feature] });
        if let Json::Array(examples) = at(expected, &[EXAMPLE], json!([])) {
            examples.push(example);
        }
        return;
    }
    path.push(&change.key);
    let more = match &change.what {
        What::Insert(value) => {
            *at(expected, &path, Json::Null) = value_json(value);
            return;
        }
        What::Members(more) => more,
        What::Features(more) => {
            for side in [&mut *expected, &mut *found] {
                let dependency = at(side, &path, Json::Null);
                if dependency.is_string() {
                    *dependency = json!({ "version": dependency.clone() });
                }
            }
            path.push(FEATURES);
            more
        }
        What::Example(_) => return,
    };
    if let Json::Array(list) = at(expected, &path, json!([])) {
        list.extend(more.iter().map(|entry| json!(entry)));
    }
    for side in [expected, found] {
        if let Json::Array(list) = at(side, &path, json!([])) {
            list.sort_by_key(Json::to_string);
        }
    }
}

/// The value at the path, made if it is missing.
fn at<'a>(root: &'a mut Json, path: &[&str], missing: Json) -> &'a mut Json {
    let Some((last, above)) = path.split_last() else {
        return root;
    };
    let above = at(root, above, json!({}));
    if !above.is_object() {
        *above = json!({});
    }
    match above {
        Json::Object(table) => table.entry(*last).or_insert(missing),
        other => other,
    }
}

fn json(item: &Item) -> Json {
    match item {
        Item::None => Json::Null,
        Item::Value(value) => value_json(value),
        Item::Table(table) => object(table.iter().map(|(key, item)| (key, json(item)))),
        Item::ArrayOfTables(tables) => {
            let tables = tables.iter();
            tables
                .map(|table| object(table.iter().map(|(key, item)| (key, json(item)))))
                .collect()
        }
    }
}

fn value_json(value: &Value) -> Json {
    match value {
        Value::Array(list) => list.iter().map(value_json).collect(),
        Value::InlineTable(table) => {
            object(table.iter().map(|(key, value)| (key, value_json(value))))
        }
        Value::String(text) => json!(text.value()),
        Value::Boolean(flag) => json!(flag.value()),
        // numbers and dates: as they are written
        other => json!(other.to_string().trim()),
    }
}

fn object<'a>(entries: impl Iterator<Item = (&'a str, Json)>) -> Json {
    let entries = entries.map(|(key, value)| (key.to_owned(), value));
    Json::Object(Map::from_iter(entries))
}
