//! A table of the owner's, standard or inline, that gets more entries.
//! Pure.

use toml_edit::{Decor, InlineTable, Item, Key, Table, TableLike, Value};

use crate::{
    manifest::{arrays::insert_inline, in_their_style},
    merge::place,
};

pub enum TableMut<'a> {
    Standard(&'a mut Table),
    Inline(&'a mut InlineTable),
}

impl<'a> TableMut<'a> {
    pub fn of(item: &'a mut Item) -> Option<Self> {
        match item {
            Item::Table(table) => Some(Self::Standard(table)),
            Item::Value(Value::InlineTable(table)) => Some(Self::Inline(table)),
            _ => None,
        }
    }

    pub fn reborrow(&mut self) -> TableMut<'_> {
        match self {
            Self::Standard(table) => TableMut::Standard(table),
            Self::Inline(table) => TableMut::Inline(table),
        }
    }

    pub fn get(&mut self) -> &mut dyn TableLike {
        match self {
            Self::Standard(table) => *table,
            Self::Inline(table) => *table,
        }
    }

    /// Adds entries of `new`, each at its place.
    pub fn add(self, new: &dyn TableLike, added: &[String]) {
        match self {
            Self::Standard(table) => add(table, new, added),
            Self::Inline(table) => {
                for (name, item) in added.iter().filter_map(|name| Some((name, new.get(name)?))) {
                    if let Ok(mut value) = item.clone().into_value() {
                        value.decor_mut().clear();
                        insert_inline(table, name, value);
                    }
                }
            }
        }
    }
}

fn add(table: &mut Table, new: &dyn TableLike, added: &[String]) {
    let mut names: Vec<String> = table.iter().map(|(key, _)| key.to_owned()).collect();
    let is_sorted = names.len() > 1 && names.is_sorted();
    let order: Vec<String> = new.iter().map(|(key, _)| key.to_owned()).collect();
    for name in added {
        let Some((key, item)) = new.get_key_value(name) else {
            continue;
        };
        let at = match is_sorted {
            true => names.partition_point(|present| present < name),
            false => place::among(&names, &order, name),
        };
        names.insert(at, name.clone());
        let item = match without_position(item) {
            Item::Value(value) => in_their_style(table, value),
            item => item,
        };
        table.insert_formatted(&with_comment(key), item);
    }
    if !added.is_empty() {
        let rank = |key: &Key| names.iter().position(|name| name == key.get());
        table.sort_values_by(|one, _, other, _| rank(one).cmp(&rank(other)));
    }
}

/// The blanks around a key of an inline table mean nothing here.
fn with_comment(key: &Key) -> Key {
    let prefix = key.leaf_decor().prefix().and_then(|prefix| prefix.as_str());
    match prefix.is_some_and(|prefix| prefix.contains('\n')) {
        true => key.clone(),
        false => Key::new(key.get()),
    }
}

/// A table stands where its predecessor's position tells, not where it stood in another document.
pub fn without_position(item: &Item) -> Item {
    let mut item = item.clone();
    match &mut item {
        Item::Table(table) => forget_positions(table),
        Item::ArrayOfTables(tables) => tables.iter_mut().for_each(forget_positions),
        Item::Value(value) => {
            let suffix = value.decor().suffix().and_then(|suffix| suffix.as_str());
            let comment = suffix.filter(|suffix| suffix.contains('#'));
            let comment = comment.unwrap_or_default().to_owned();
            *value.decor_mut() = Decor::new(" ", comment);
        }
        Item::None => {}
    }
    item
}

fn forget_positions(table: &mut Table) {
    table.set_position(None);
    for (_, item) in table.iter_mut() {
        match item {
            Item::Table(table) => forget_positions(table),
            Item::ArrayOfTables(tables) => tables.iter_mut().for_each(forget_positions),
            Item::None | Item::Value(_) => {}
        }
    }
}
