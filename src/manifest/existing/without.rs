//! A manifest as it would be if nothing had been added to it, whatever its owner has made of our entries since: what
//! another addition is decided from. Pure.

use anyhow::Result;
use toml_edit::{ArrayOfTables, DocumentMut, Item, TableLike};

use super::{
    change::{DEPENDENCIES, DEV_DEPENDENCIES, EXAMPLE, FEATURES},
    present::strings,
    wanted,
};
use crate::manifest::{edit, parse};

/// `contribution` is what was added.
pub fn without(manifest: &str, contribution: &str) -> Result<String> {
    let ours = parse(contribution, "the copy of what was added to Cargo.toml")?;
    edit(manifest, |doc| {
        for section in [DEPENDENCIES, DEV_DEPENDENCIES] {
            dependencies(doc.get_mut(section), ours.get(section));
        }
        let root = doc.get_mut("workspace");
        dependencies(
            root.and_then(|root| root.get_mut(DEPENDENCIES)),
            ours.get("workspace")
                .and_then(|root| root.get(DEPENDENCIES)),
        );
        if let Some(present) = table(doc.get_mut(FEATURES)) {
            for (name, members) in super::present::entries(ours.get(FEATURES)) {
                feature(present, name, &strings(Some(members)));
            }
        }
        if let Some(present) = doc.get_mut(EXAMPLE).and_then(Item::as_array_of_tables_mut) {
            examples(present, &ours);
        }
        Ok(())
    })
}

fn table(item: Option<&mut Item>) -> Option<&mut dyn TableLike> {
    item.and_then(Item::as_table_like_mut)
}

/// What is united has nothing but features; all else was made by us.
fn dependencies(present: Option<&mut Item>, ours: Option<&Item>) {
    let Some(present) = table(present) else {
        return;
    };
    for (key, entry) in super::present::entries(ours) {
        let entry = entry.as_table_like().filter(|entry| entry.len() == 1);
        match entry.and_then(|entry| entry.get(FEATURES)) {
            Some(features) => {
                let list = table(present.get_mut(key)).and_then(|own| own.get_mut(FEATURES));
                take_out(list, &strings(Some(features)));
            }
            None => _ = present.remove(key),
        }
    }
}

/// A feature with nothing in it was made by us.
fn feature(present: &mut dyn TableLike, name: &str, members: &[String]) {
    take_out(present.get_mut(name), members);
    let list = present.get(name).and_then(Item::as_array);
    if list.is_some_and(toml_edit::Array::is_empty) {
        present.remove(name);
    }
}

fn take_out(list: Option<&mut Item>, words: &[String]) {
    if let Some(list) = list.and_then(Item::as_array_mut) {
        list.retain(|value| {
            value
                .as_str()
                .is_none_or(|word| !words.iter().any(|it| it == word))
        });
    }
}

fn examples(present: &mut ArrayOfTables, ours: &DocumentMut) {
    let names = wanted::examples(ours);
    present.retain(|example| {
        let name = example.get("name").and_then(Item::as_str);
        name.is_none_or(|name| !names.iter().any(|it| it == name))
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_added_is_gone_and_what_was_there_stays() {
        let manifest = "[dependencies]\r\naxum = { version = \"0.8\", features = [\"ws\", \"http1\"] } # mine\r\nbase64.version = \"0.23\"\r\n\
            serde_json.workspace = true\r\nserde_json.features = [\"raw_value\"]\r\n\r\n[features]\r\nhttp = [\"dep:axum\", \"dep:base64\"]\r\n\
            new = [\"x\"]\r\n\r\n[[example]]\r\nname = \"mine\"\r\n\r\n[[example]]\r\nname = \"ours\"\r\n";
        let ours = "[dependencies]\naxum = { features = [\"http1\"] }\nbase64 = \"0.22\"\nserde_json = { features = [\"raw_value\"] }\n\
            [features]\nhttp = [\"dep:base64\"]\nnew = [\"x\"]\n[[example]]\nname = \"ours\"\nrequired-features = [\"http\"]\n";
        let expected = "[dependencies]\r\naxum = { version = \"0.8\", features = [\"ws\"] } # mine\r\nserde_json.workspace = true\r\n\
            serde_json.features = []\r\n\r\n[features]\r\nhttp = [\"dep:axum\"]\r\n\r\n[[example]]\r\nname = \"mine\"\r\n";
        assert_eq!(without(manifest, ours).unwrap(), expected);
        assert_eq!(without(manifest, "").unwrap(), manifest);
    }

    #[test]
    fn the_root_offers_nothing_of_ours_either() {
        let root = "[workspace]\nmembers = [\"a\"]\n\n[workspace.dependencies]\naxum = \"0.8\"\nbase64 = \"0.22\"\n";
        let ours = "[workspace.dependencies]\nbase64 = \"0.22\"\n";
        let expected =
            "[workspace]\nmembers = [\"a\"]\n\n[workspace.dependencies]\naxum = \"0.8\"\n";
        assert_eq!(without(root, ours).unwrap(), expected);
    }
}
