//! `Cargo.toml` by its keys: tables and dependencies key by key, lists of words as sets. The order, the comments and
//! the layout are the owner's, and a base that holds only what was ours of a longer manifest will do. Pure.

mod dependency;
mod lists;
mod tables;
mod values;

use toml_edit::{Array, DocumentMut, Item, Table, TableLike};

use super::parts::{Parts, Side};
use tables::TableMut;
pub use values::is_same as means_same;
use values::{is_same, says_nothing_else};

/// The error says why the owner's or another text is no TOML.
pub fn merge(base: &str, user: &str, new: &str) -> Result<Parts, String> {
    let [base, user, new] = [base, user, new].map(read);
    let (base, user, new) = (base?, user?, new?);
    let decided = |side| {
        let mut doc = user.clone();
        let table = TableMut::Standard(doc.as_table_mut());
        Merge { side }.tables(&*base, table, &*new, "");
        doc.to_string()
    };
    let (yours, templates) = (decided(Side::Yours), decided(Side::Templates));
    // what we write must be what is read next time
    read(&yours).and(read(&templates))?;
    Ok(Parts::between(&yours, &templates))
}

fn read(text: &str) -> Result<DocumentMut, String> {
    text.parse().map_err(|error: toml_edit::TomlError| {
        let before = &text.as_bytes()[..error.span().map_or(0, |span| span.start.min(text.len()))];
        let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
        format!("line {line}: {}", error.message())
    })
}

/// Disputes are decided for one side: where the results for both differ is where the conflicts are.
#[derive(Clone, Copy)]
struct Merge {
    side: Side,
}

impl Merge {
    /// `name` is the key of these tables.
    fn tables(self, base: &dyn TableLike, mut user: TableMut<'_>, new: &dyn TableLike, name: &str) {
        let mut added = Vec::new();
        for key in keys(base, new) {
            match (base.get(&key), user.get().get_mut(&key), new.get(&key)) {
                (None, None, Some(_)) => added.push(key),
                (Some(before), Some(_), None) => self.dropped(base, before, user.get(), name, &key),
                (before, Some(user), Some(new)) => self.item(before, user, new, name, &key),
                _ => {}
            }
        }
        user.add(new, &added);
    }

    /// A key that the templates have no more: of a dependency that its owner has changed, nothing goes.
    fn dropped(
        self,
        table: &dyn TableLike,
        base: &Item,
        user: &mut dyn TableLike,
        name: &str,
        key: &str,
    ) {
        let is_bare = says_nothing_else(key, user, table);
        let Some(item) = user.get_mut(key) else {
            return;
        };
        let is_gone = match is_same(base, item) {
            true => is_bare || self.side == Side::Templates,
            false if name.ends_with("dependencies") => false,
            false => self.dropped_in_part(base, item, key),
        };
        if is_gone {
            user.remove(key);
        }
    }

    /// Whether nothing is left without what was ours.
    fn dropped_in_part(self, base: &Item, user: &mut Item, key: &str) -> bool {
        let nothing = Item::Value(Array::new().into());
        if lists::merge(self, Some(base), user, &nothing) {
            return user.as_array().is_some_and(Array::is_empty);
        }
        match (base.as_table_like(), TableMut::of(user)) {
            (Some(base), Some(mut own)) => {
                self.tables(base, own.reborrow(), &Table::new(), key);
                own.get().is_empty()
            }
            _ => false,
        }
    }

    /// A key that the owner and the templates have.
    fn item(self, base: Option<&Item>, user: &mut Item, new: &Item, table: &str, key: &str) {
        if is_same(user, new) || base.is_some_and(|base| is_same(base, new)) {
            return;
        }
        if table.ends_with("dependencies") && dependency::is_mixed(base, user, new) {
            return self.dependency(base, user, new, key);
        }
        if let (Some(user), Some(new)) = (TableMut::of(user), new.as_table_like()) {
            let empty = Table::new();
            let base = base.and_then(Item::as_table_like).unwrap_or(&empty);
            return self.tables(base, user, new, key);
        }
        if lists::merge(self, base, user, new) {
            return;
        }
        let is_untouched = base.is_some_and(|base| is_same(base, user));
        if is_untouched || self.side == Side::Templates {
            values::replace(user, new);
        }
    }

    /// `"1"` and `{ version = "1", ... }`: merged as tables, and written as a table only if it must be.
    fn dependency(self, base: Option<&Item>, user: &mut Item, new: &Item, key: &str) {
        let was_version = user.is_str();
        let base = base.map(dependency::as_table);
        let new = dependency::as_table(new);
        let mut merged = match was_version {
            true => dependency::as_table(user),
            false => user.clone(),
        };
        self.item(base.as_ref(), &mut merged, &new, "", key);
        *user = match was_version {
            true => dependency::as_version(merged),
            false => merged,
        };
    }
}

/// In the order of the templates.
fn keys(base: &dyn TableLike, new: &dyn TableLike) -> Vec<String> {
    let new_keys = new.iter().map(|(key, _)| key);
    let old_keys = base.iter().map(|(key, _)| key);
    let gone = old_keys.filter(|key| !new.contains_key(key));
    new_keys.chain(gone).map(str::to_owned).collect()
}
