//! The record written again over the one that is there: its owner's comments, line ends and way of writing stay.
//! Pure.

use anyhow::Result;
use toml_edit::{Decor, DocumentMut, Item, RawString, Table, TableLike};

use super::{Record, record};
use crate::{manifest::habits, merge::means_same};

pub fn renew(present: &[u8], new: &Record<'_>) -> Result<String> {
    let text = record(new)?;
    let present = std::str::from_utf8(present).unwrap_or_default();
    let Ok(old) = habits::plain(present).parse::<DocumentMut>() else {
        return Ok(text);
    };
    let mut doc: DocumentMut = text.parse()?;
    keep(doc.as_table_mut(), old.as_table());
    if let Some(end) = comment(Some(old.trailing())) {
        doc.set_trailing(end);
    }
    Ok(habits::restore(present, &doc.to_string()))
}

/// What has the same meaning stays as it is written, and every comment that still has something to stand at.
fn keep(new: &mut Table, old: &dyn TableLike) {
    for (mut key, item) in new.iter_mut() {
        let Some((old_key, old)) = old.get_key_value(key.get()) else {
            continue;
        };
        if let Some(above) = comment(old_key.leaf_decor().prefix()) {
            key.leaf_decor_mut().set_prefix(above);
        }
        match (item, old) {
            (Item::Table(new), old) => {
                if let Some(table) = old.as_table() {
                    keep_comments(new.decor_mut(), table.decor());
                }
                if let Some(old) = old.as_table_like() {
                    keep(new, old);
                }
            }
            (Item::Value(new), Item::Value(old)) => {
                let is_same = means_same(&Item::Value(new.clone()), &Item::Value(old.clone()));
                match is_same {
                    true => *new = old.clone(),
                    false => keep_comments(new.decor_mut(), old.decor()),
                }
            }
            _ => {}
        }
    }
}

fn keep_comments(new: &mut Decor, old: &Decor) {
    if let Some(before) = comment(old.prefix()) {
        new.set_prefix(before);
    }
    if let Some(behind) = comment(old.suffix()) {
        new.set_suffix(behind);
    }
}

fn comment(text: Option<&RawString>) -> Option<&str> {
    text?.as_str().filter(|text| text.contains('#'))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::{
        answers::Answers,
        catalog::{Catalog, Class},
        generate::tests::{all_answers, embedded},
        state::FileRecord,
        templates::Origin,
    };

    struct Case {
        answers: Answers,
        catalog: Catalog,
        origin: Origin,
    }

    impl Case {
        fn new() -> Self {
            let (_, catalog) = embedded();
            let origin = Origin {
                set: "embedded".into(),
                sha256: "00".into(),
            };
            Self {
                answers: all_answers(&catalog).remove(0),
                catalog,
                origin,
            }
        }

        fn renewed(&self, present: &str) -> String {
            renew(present.as_bytes(), &self.record()).unwrap()
        }

        fn record(&self) -> Record<'_> {
            let file = FileRecord {
                class: Class::Owned,
                sha256: "00".into(),
                executable: false,
                revision: 0,
                deleted: false,
            };
            Record {
                answers: &self.answers,
                catalog: &self.catalog,
                templates: &self.origin,
                placement: None,
                files: BTreeMap::from([("a.rs".to_owned(), file)]),
            }
        }
    }

    #[test]
    fn what_is_written_by_us_is_written_as_for_a_new_project() {
        let mut case = Case::new();
        let before = record(&case.record()).unwrap();
        assert_eq!(case.renewed(&before), before);
        case.answers.port = "9000".parse().unwrap();
        assert_eq!(case.renewed(&before), record(&case.record()).unwrap());
        assert_eq!(case.renewed(""), record(&case.record()).unwrap());
    }

    #[test]
    fn the_owners_comments_and_way_of_writing_stay() {
        let mut case = Case::new();
        let before = record(&case.record()).unwrap();
        let edited = before
            .replace("schema = 1", "# Ours.\nschema = 1")
            .replace("[answers]", "# What we\n# chose.\n[answers] # once")
            .replace("port = 8123", "port = 8_123 # as everywhere")
            .replace(
                "scopes = [\"a:b\", \"c\"]",
                "scopes = [\n    \"a:b\", # all\n    'c',\n]",
            )
            .replace("\"a.rs\" = {", "# Hands off.\n\"a.rs\" = {")
            + "# The end.\n";
        assert_eq!(case.renewed(&edited), edited);
        let windows = format!("\u{feff}{}", edited.replace('\n', "\r\n"));
        assert_eq!(case.renewed(&windows), windows);

        case.answers.port = "9000".parse().unwrap();
        assert_eq!(case.renewed(&edited), edited.replace("8_123", "9000"));
        case.origin.sha256 = "11".into();
        let edited = edited.replace("sha256 = \"00\"\n", "sha256 = \"11\"\n");
        assert_eq!(case.renewed(&edited), edited.replace("8_123", "9000"));
    }

    #[test]
    fn other_line_ends_are_no_difference() {
        let case = Case::new();
        let windows = record(&case.record()).unwrap().replace('\n', "\r\n");
        assert_eq!(case.renewed(&windows), windows);
    }
}
