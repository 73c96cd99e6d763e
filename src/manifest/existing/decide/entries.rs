//! Dependencies as they are written into a manifest.
//! Pure.

use toml_edit::{InlineTable, Value};

use super::Dependency;

/// `{ workspace = true, ... }`
pub fn inherited(features: &[String], optional: bool) -> Value {
    let mut table = InlineTable::new();
    table.insert("workspace", true.into());
    finish(&mut table, features, optional);
    table.into()
}

/// With its version, which stands alone where nothing else is to be said.
pub fn declared(key: &str, wanted: &Dependency, optional: bool) -> Value {
    let mut table = InlineTable::new();
    if key != wanted.package {
        table.insert("package", wanted.package.as_str().into());
    }
    table.insert("version", wanted.requirement.as_str().into());
    if !wanted.defaults {
        table.insert("default-features", false.into());
    }
    finish(&mut table, &wanted.features, optional);
    match table.len() {
        1 => wanted.requirement.as_str().into(),
        _ => table.into(),
    }
}

fn finish(table: &mut InlineTable, features: &[String], optional: bool) {
    if !features.is_empty() {
        table.insert(
            "features",
            Value::from_iter(features.iter().map(String::as_str)),
        );
    }
    if optional {
        table.insert("optional", true.into());
    }
}
