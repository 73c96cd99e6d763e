//! A dependency as a version alone, and as a table.
//! Pure.

use toml_edit::{InlineTable, Item, Value};

/// Whether one side has a table and another the version alone.
pub fn is_mixed(base: Option<&Item>, user: &Item, new: &Item) -> bool {
    let sides = || base.into_iter().chain([user, new]);
    let is_either = |item: &Item| item.is_str() || item.is_table_like();
    sides().any(Item::is_str) && sides().any(Item::is_table_like) && sides().all(is_either)
}

/// The comment behind the version stays behind the table.
pub fn as_table(item: &Item) -> Item {
    let Some(version) = item.as_value().filter(|value| value.is_str()) else {
        return item.clone();
    };
    let mut table = InlineTable::new();
    *table.decor_mut() = version.decor().clone();
    let mut version = version.clone();
    version.decor_mut().clear();
    table.insert("version", version);
    Item::Value(Value::InlineTable(table))
}

/// The other way, if there is nothing but the version.
pub fn as_version(item: Item) -> Item {
    let Some(table) = item.as_inline_table().filter(|table| table.len() == 1) else {
        return item;
    };
    let Some(version) = table.get("version").filter(|value| value.is_str()) else {
        return item;
    };
    let mut version = version.clone();
    *version.decor_mut() = table.decor().clone();
    Item::Value(version)
}
