//! Which keys `mcp-auth.toml` has and what they hold, as data; and what of a document that people may have edited is
//! otherwise. Pure.

mod checks;

use std::ops::Range;

use similar::TextDiff;
use toml_edit::{Item, Table, TableLike, Value};

use crate::{
    answers::{Description, ProjectName, Scope},
    relative::RelativePath,
};
use checks::{any, file, hash, identifier, one_of, parses, version};

/// What is wrong, and where if that can be told.
pub struct Wrong {
    pub place: Option<Range<usize>>,
    pub what: String,
}

#[derive(Clone, Copy)]
enum Shape {
    Text(Check),
    Texts(Check),
    Number(i64, i64),
    Truth,
    Table(&'static [Key]),
    /// Any keys that pass, all of the same shape.
    Each(Check, &'static Shape),
}

/// The error says why a text will not do.
type Check = fn(&str) -> Result<(), String>;

#[derive(Clone, Copy)]
struct Key {
    name: &'static str,
    shape: Shape,
    is_needed: bool,
}

const RECORD: &[Key] = &[
    needed("schema", Shape::Number(1, i64::MAX)),
    needed("generator", Shape::Text(version)),
    optional("kind", Shape::Text(|text| one_of(text, &["added"]))),
    optional("templates", Shape::Table(TEMPLATES)),
    needed("answers", Shape::Table(ANSWERS)),
    optional("added", Shape::Table(ADDED)),
    needed("files", Shape::Each(file, &Shape::Table(FILE))),
];

const TEMPLATES: &[Key] = &[
    needed("set", Shape::Text(any)),
    needed("sha256", Shape::Text(any)),
];

/// The option, the preset and the extras are in the catalog.
const ANSWERS: &[Key] = &[
    needed("name", Shape::Text(parses::<ProjectName>)),
    needed("description", Shape::Text(parses::<Description>)),
    needed("auth", Shape::Text(any)),
    needed("preset", Shape::Text(any)),
    needed("scopes", Shape::Texts(parses::<Scope>)),
    needed("port", Shape::Number(1, 65535)),
    optional("extras", Shape::Texts(any)),
];

const ADDED: &[Key] = &[
    needed("module", Shape::Text(identifier)),
    needed("source", Shape::Text(parses::<RelativePath>)),
    needed("mcp_path", Shape::Text(any)),
    needed("env_file", Shape::Text(file)),
    optional("renames", Shape::Each(any, &Shape::Text(any))),
    optional("http", Shape::Table(HTTP)),
    optional("features", Shape::Texts(any)),
    optional("gate", Shape::Text(any)),
    optional("dependencies", Shape::Text(any)),
    optional("workspace", Shape::Each(file, &Shape::Text(any))),
];

const HTTP: &[Key] = &[
    needed("module", Shape::Text(identifier)),
    needed("layers", Shape::Texts(any)),
];

const FILE: &[Key] = &[
    needed(
        "class",
        Shape::Text(|text| one_of(text, &["owned", "merged", "seed"])),
    ),
    needed("sha256", Shape::Text(hash)),
    optional("mode", Shape::Text(|text| one_of(text, &["644", "755"]))),
    optional("revision", Shape::Number(0, u32::MAX as i64)),
    optional("deleted", Shape::Truth),
];

const fn needed(name: &'static str, shape: Shape) -> Key {
    Key {
        name,
        shape,
        is_needed: true,
    }
}

const fn optional(name: &'static str, shape: Shape) -> Key {
    Key {
        name,
        shape,
        is_needed: false,
    }
}

/// Everything that is not as it should be, in the order of the file.
pub fn wrongs(record: &Table) -> Vec<Wrong> {
    let mut wrongs = Vec::new();
    table(record, record.span(), RECORD, "", &mut wrongs);
    wrongs.sort_by_key(|wrong| wrong.place.as_ref().map(|place| place.start));
    wrongs
}

/// `within` is the name of the table; empty at the top.
fn table(
    table: &dyn TableLike,
    place: Option<Range<usize>>,
    keys: &[Key],
    within: &str,
    wrongs: &mut Vec<Wrong>,
) {
    for (name, item) in table.iter() {
        match keys.iter().find(|key| key.name == name) {
            Some(key) => value(item, key.shape, name, wrongs),
            None => wrongs.push(Wrong {
                place: key_place(table, name),
                what: unknown(name, keys, within),
            }),
        }
    }
    for key in keys
        .iter()
        .filter(|key| key.is_needed && !table.contains_key(key.name))
    {
        let whole = if within.is_empty() { "it" } else { within };
        wrongs.push(Wrong {
            place: place.clone().filter(|_| !within.is_empty()),
            what: format!("{whole} has no `{}`", key.name),
        });
    }
}

fn value(item: &Item, shape: Shape, name: &str, wrongs: &mut Vec<Wrong>) {
    let inner = item.as_table_like();
    let why = match (shape, inner) {
        (Shape::Table(keys), Some(inner)) => {
            let within = format!("`{}`", name.escape_debug());
            return table(inner, item.span(), keys, &within, wrongs);
        }
        (Shape::Each(check, shape), Some(inner)) => {
            return each(inner, check, *shape, name, wrongs);
        }
        (Shape::Table(_) | Shape::Each(..), None) => Some("must be a table".to_owned()),
        (Shape::Text(check), _) => text(item, check),
        (Shape::Texts(check), _) => texts(item, check),
        (Shape::Number(least, most), _) => number(item, least, most),
        (Shape::Truth, _) => (!item.is_bool()).then(|| "must be true or false".to_owned()),
    };
    wrongs.extend(why.map(|why| Wrong {
        place: item.span(),
        what: format!("`{}` {why}", name.escape_debug()),
    }));
}

fn text(item: &Item, check: Check) -> Option<String> {
    let Some(text) = item.as_str() else {
        return Some("must be a text in quotes".to_owned());
    };
    let why = check(text).err()?;
    Some(format!("cannot be `{}`: {why}", text.escape_debug()))
}

fn texts(item: &Item, check: Check) -> Option<String> {
    let list = item.as_array().map(|list| list.iter().map(Value::as_str));
    let Some(list) = list.and_then(|list| list.collect::<Option<Vec<&str>>>()) else {
        return Some("must be a list of texts in quotes".to_owned());
    };
    let wrong = list
        .into_iter()
        .find_map(|text| Some((text, check(text).err()?)));
    wrong.map(|(text, why)| format!("cannot have `{}`: {why}", text.escape_debug()))
}

fn number(item: &Item, least: i64, most: i64) -> Option<String> {
    match item.as_integer() {
        Some(number) if (least..=most).contains(&number) => None,
        _ if most == i64::MAX => Some(format!("must be a number from {least} on")),
        _ => Some(format!("must be a number from {least} to {most}")),
    }
}

fn each(table: &dyn TableLike, check: Check, shape: Shape, within: &str, wrongs: &mut Vec<Wrong>) {
    for (name, item) in table.iter() {
        match check(name) {
            Ok(()) => value(item, shape, name, wrongs),
            Err(why) => wrongs.push(Wrong {
                place: key_place(table, name),
                what: format!("`{within}` cannot have `{}`: {why}", name.escape_debug()),
            }),
        }
    }
}

fn key_place(table: &dyn TableLike, name: &str) -> Option<Range<usize>> {
    table.get_key_value(name)?.0.span()
}

fn unknown(name: &str, keys: &[Key], within: &str) -> String {
    let likeness = |key: &&Key| (TextDiff::from_chars(key.name, name).ratio() * 100.0) as u32;
    let nearest = keys
        .iter()
        .max_by_key(likeness)
        .filter(|key| likeness(key) > 60);
    let place = match within.is_empty() {
        true => String::new(),
        false => format!(" in {within}"),
    };
    let meant = nearest.map_or(String::new(), |key| format!(": is `{}` meant?", key.name));
    format!("`{}` means nothing{place}{meant}", name.escape_debug())
}
