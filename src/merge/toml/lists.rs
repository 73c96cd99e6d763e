//! Lists in TOML: words as a set, and tables such as `[[example]]` by their names.
//! Pure.

use toml_edit::{Array, ArrayOfTables, Item, Table, Value};

use super::{Merge, TableMut, values::is_same};
use crate::{manifest::arrays, merge::parts::Side};

/// Whether these were lists that can be merged.
pub fn merge(merge: Merge, base: Option<&Item>, user: &mut Item, new: &Item) -> bool {
    match (user, new) {
        (Item::ArrayOfTables(user), Item::ArrayOfTables(new)) => {
            let none = ArrayOfTables::new();
            let base = base.and_then(Item::as_array_of_tables).unwrap_or(&none);
            tables(merge, base, user, new)
        }
        (user, new) => words(base, user, new).is_some(),
    }
}

/// What the templates added and dropped, done to the owner's list.
fn words(base: Option<&Item>, user: &mut Item, new: &Item) -> Option<()> {
    let new = strings(new)?;
    let base = base.map_or(Some(Vec::new()), strings)?;
    strings(user)?;
    let list = user.as_array_mut()?;
    let is_dropped = |value: &Value| {
        let word = value.as_str();
        word.is_some_and(|word| base.iter().any(|b| b == word) && !new.iter().any(|n| n == word))
    };
    if list
        .iter()
        .any(|value| is_dropped(value) && has_comment(value))
    {
        return None;
    }
    remove(list, is_dropped);
    let added: Vec<String> = new
        .into_iter()
        .filter(|word| !base.contains(word))
        .collect();
    arrays::unite(user, &added).ok()
}

fn strings(item: &Item) -> Option<Vec<String>> {
    let values = item.as_array()?.iter();
    values
        .map(|value| value.as_str().map(str::to_owned))
        .collect()
}

fn has_comment(value: &Value) -> bool {
    let decor = value.decor();
    let mut around = [decor.prefix(), decor.suffix()].into_iter().flatten();
    around.any(|part| part.as_str().is_none_or(|text| text.contains('#')))
}

/// The blanks behind the bracket stay as they are, whichever word is the first or the last.
fn remove(list: &mut Array, is_dropped: impl Fn(&Value) -> bool) {
    let opening = list
        .get(0)
        .and_then(|first| first.decor().prefix().cloned());
    let closing = list
        .iter()
        .last()
        .and_then(|last| last.decor().suffix().cloned());
    let count = list.len();
    list.retain(|value| !is_dropped(value));
    if list.len() == count {
        return;
    }
    if let (Some(first), Some(opening)) = (list.get_mut(0), opening) {
        first.decor_mut().set_prefix(opening);
    }
    if let (Some(last), Some(closing)) = (list.iter_mut().last(), closing) {
        last.decor_mut().set_suffix(closing);
    }
}

/// `false` if two have the same name, or one has none.
fn tables(
    merge: Merge,
    base: &ArrayOfTables,
    user: &mut ArrayOfTables,
    new: &ArrayOfTables,
) -> bool {
    let (Some(olds), Some(owns), Some(news)) = (names(base), names(user), names(new)) else {
        return false;
    };
    let none = Table::new();
    for (name, table) in news.iter().zip(new.iter()) {
        let old = find(base, name);
        let own = user.iter_mut().find(|own| name_of(own) == Some(name));
        match own.map(TableMut::Standard) {
            Some(own) => merge.tables(old.unwrap_or(&none), own, table, ""),
            None if old.is_none() => {
                let mut table = table.clone();
                table.set_position(None);
                user.push(table);
            }
            None => {}
        }
    }
    let gone = |name: &String| olds.contains(name) && !news.contains(name);
    for name in owns.iter().filter(|name| gone(name)) {
        user.retain(|own| name_of(own) != Some(name) || !is_dropped(merge, find(base, name), own));
    }
    true
}

/// A comment in it makes that a dispute.
fn is_dropped(merge: Merge, base: Option<&Table>, user: &Table) -> bool {
    let item = |table: &Table| Item::Table(table.clone());
    let is_same = base.is_some_and(|base| is_same(&item(base), &item(user)));
    is_same && (merge.side == Side::Templates || !user.to_string().contains('#'))
}

fn names(tables: &ArrayOfTables) -> Option<Vec<String>> {
    let names: Option<Vec<String>> = tables
        .iter()
        .map(|table| name_of(table).map(str::to_owned))
        .collect();
    let names = names?;
    let is_first = |at: usize| !names[..at].contains(&names[at]);
    (0..names.len()).all(is_first).then_some(names)
}

fn find<'a>(tables: &'a ArrayOfTables, name: &str) -> Option<&'a Table> {
    tables.iter().find(|table| name_of(table) == Some(name))
}

fn name_of(table: &Table) -> Option<&str> {
    table.get("name")?.as_str()
}
