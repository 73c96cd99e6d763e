//! Random dependencies, with a model as the oracle: what the merge of each should mean.

use std::collections::{BTreeMap, BTreeSet};

use proptest::{collection::btree_map, prelude::*, sample::select};
use toml_edit::{DocumentMut, Item};

use super::*;

type Features = BTreeSet<String>;
type Dependencies = BTreeMap<String, (String, Features)>;

fn dependencies() -> impl Strategy<Value = Dependencies> {
    let features = proptest::collection::btree_set(select(vec!["x", "y", "z"]), 0..3)
        .prop_map(|features| features.into_iter().map(str::to_owned).collect());
    let dependency = (
        select(vec!["1", "1", "2", "3"]).prop_map(str::to_owned),
        features,
    );
    btree_map(
        select(vec!["a", "b", "c", "d"]).prop_map(str::to_owned),
        dependency,
        0..4,
    )
}

/// `c` has a table of its own, `d` dotted keys.
fn written(dependencies: &Dependencies) -> String {
    let mut text = "[package]\nname = \"p\"\n\n[dependencies]\n".to_owned();
    let mut tables = String::new();
    for (name, (version, features)) in dependencies {
        let features: Vec<String> = features
            .iter()
            .map(|feature| format!("{feature:?}"))
            .collect();
        let list = format!("[{}]", features.join(", "));
        match (name.as_str(), features.is_empty()) {
            ("a" | "b", true) => text += &format!("{name} = \"{version}\"\n"),
            ("a" | "b", false) => {
                text += &format!("{name} = {{ version = \"{version}\", features = {list} }}\n");
            }
            ("c", true) => tables += &format!("\n[dependencies.c]\nversion = \"{version}\"\n"),
            ("c", false) => {
                tables +=
                    &format!("\n[dependencies.c]\nversion = \"{version}\"\nfeatures = {list}\n");
            }
            (_, true) => text += &format!("d.version = \"{version}\"\n"),
            (_, false) => text += &format!("d.version = \"{version}\"\nd.features = {list}\n"),
        }
    }
    text + &tables
}

fn read(text: &str) -> Dependencies {
    let doc: DocumentMut = text.parse().unwrap();
    let words = |item: &Item| -> Features {
        let list = item.get("features").and_then(Item::as_array);
        list.into_iter()
            .flatten()
            .map(|word| word.as_str().unwrap().to_owned())
            .collect()
    };
    let Some(dependencies) = doc["dependencies"].as_table_like() else {
        panic!("{text}");
    };
    let entries = dependencies.iter().map(|(name, item)| {
        let version = item.as_str().or_else(|| item.get("version")?.as_str());
        (name.to_owned(), (version.unwrap().to_owned(), words(item)))
    });
    entries.collect()
}

/// `Err` is a conflict.
fn three_way<T: Clone + PartialEq>(base: Option<&T>, user: &T, new: &T) -> Result<T, ()> {
    match () {
        () if user == new || base == Some(new) => Ok(user.clone()),
        () if base == Some(user) => Ok(new.clone()),
        () => Err(()),
    }
}

/// A list that its owner has deleted stays deleted.
fn features(base: Option<&Features>, user: &Features, new: &Features) -> Features {
    let none = Features::new();
    let base = base.unwrap_or(&none);
    if user.is_empty() && !base.is_empty() {
        return none;
    }
    let kept = user
        .iter()
        .filter(|word| !base.contains(*word) || new.contains(*word));
    kept.chain(new.difference(base)).cloned().collect()
}

fn expected(
    base: &Dependencies,
    user: &Dependencies,
    new: &Dependencies,
) -> Result<Dependencies, ()> {
    let mut merged = Dependencies::new();
    for name in ["a", "b", "c", "d"] {
        let entry = match (base.get(name), user.get(name), new.get(name)) {
            (Some(_), None, _) | (None, None, None) => None,
            (None, None, Some(new)) => Some(new.clone()),
            (Some(base), Some(user), None) => (base != user).then(|| user.clone()),
            (None, Some(user), None) => Some(user.clone()),
            (base, Some(user), Some(new)) => Some((
                three_way(base.map(|base| &base.0), &user.0, &new.0)?,
                features(base.map(|base| &base.1), &user.1, &new.1),
            )),
        };
        merged.extend(entry.map(|entry| (name.to_owned(), entry)));
    }
    Ok(merged)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2000) })]

    #[test]
    fn each_dependency_means_what_both_sides_wanted(
        base in dependencies(), user in dependencies(), new in dependencies(),
    ) {
        let [base_text, user_text, new_text] = [&base, &user, &new].map(written);
        let sides = [base_text.as_str(), &user_text, &new_text];
        match decided("Cargo.toml", sides[0], sides[1], sides[2]) {
            Decision::Conflict(_) => prop_assert!(expected(&base, &user, &new).is_err(), "{sides:#?}"),
            Decision::Replace(_) => prop_assert_eq!(base, user),
            decision => {
                let text = match decision {
                    Decision::Merge(clean) => String::from_utf8(clean.bytes).unwrap(),
                    _ => user_text.clone(),
                };
                prop_assert_eq!(Ok(read(&text)), expected(&base, &user, &new), "{:#?} {}", sides, text);
            }
        }
    }
}
