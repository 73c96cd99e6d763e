//! Comparing, adding and replacing parts of a TOML document without loss of its comments.
//! Pure.

use serde_json::{Map, Value as Json};
use toml_edit::{Item, Table, TableLike, Value};

use super::tables::without_position;

/// The same values, however they are written.
pub fn is_same(one: &Item, other: &Item) -> bool {
    meaning(one) == meaning(other)
}

fn meaning(item: &Item) -> Json {
    match item {
        Item::None => Json::Null,
        Item::Value(value) => value_meaning(value),
        Item::Table(table) => table_meaning(table),
        Item::ArrayOfTables(tables) => tables.iter().map(|table| table_meaning(table)).collect(),
    }
}

fn value_meaning(value: &Value) -> Json {
    match value {
        Value::String(text) => text.value().as_str().into(),
        Value::Integer(number) => (*number.value()).into(),
        Value::Boolean(truth) => (*truth.value()).into(),
        Value::Float(number) => format!("float {}", number.value()).into(),
        Value::Datetime(time) => format!("time {}", time.value()).into(),
        Value::Array(array) => array.iter().map(value_meaning).collect(),
        Value::InlineTable(table) => table_meaning(table),
    }
}

fn table_meaning(table: &dyn TableLike) -> Json {
    let entries = table
        .iter()
        .map(|(key, item)| (key.to_owned(), meaning(item)));
    Json::Object(entries.collect::<Map<_, _>>())
}

/// Whether an entry that means the same as the base's has no comments that are not in the base: then it can go without
/// loss, however it is written.
pub fn says_nothing_else(name: &str, user: &dyn TableLike, base: &dyn TableLike) -> bool {
    let (own, known) = (entry_text(name, user), entry_text(name, base));
    let is_known = |line: &str| known.lines().any(|known| known.trim() == line.trim());
    own.lines().filter(|line| line.contains('#')).all(is_known)
}

/// The entry with the comments above and behind it.
fn entry_text(name: &str, table: &dyn TableLike) -> String {
    let Some((key, item)) = table.get_key_value(name) else {
        return String::new();
    };
    let header = item.as_table().map(Table::decor);
    let decors = [Some(key.leaf_decor()), header].into_iter().flatten();
    let parts = decors.flat_map(|decor| [decor.prefix(), decor.suffix()]);
    let comments: String = parts.flatten().filter_map(|part| part.as_str()).collect();
    format!("{comments}\n{item}")
}

/// The new value, with the comments that stood around the old one.
pub fn replace(user: &mut Item, new: &Item) {
    let decor = user.as_value().map(|value| value.decor().clone());
    *user = without_position(new);
    if let (Some(value), Some(decor)) = (user.as_value_mut(), decor) {
        *value.decor_mut() = decor;
    }
}
