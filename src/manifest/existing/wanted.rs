//! What the `deps.toml` texts ask for, united.
//! Pure.

use std::collections::BTreeMap;

use anyhow::Result;
use toml_edit::{DocumentMut, Item};

use super::{
    change::{DEPENDENCIES, DEV_DEPENDENCIES, EXAMPLE, FEATURES},
    present::{has_defaults, strings},
};
use crate::manifest::{merge, parse};

#[derive(Debug)]
pub struct Wanted {
    pub normal: Vec<Dependency>,
    pub dev: Vec<Dependency>,
    pub features: BTreeMap<String, Vec<String>>,
    /// The examples that come with it.
    pub examples: Vec<String>,
}

#[derive(Clone, Debug)]
pub struct Dependency {
    pub package: String,
    pub requirement: String,
    pub defaults: bool,
    pub features: Vec<String>,
    pub optional: bool,
}

/// What is used of a crate's default features, for packages that have turned them off.
const USED_OF_DEFAULTS: [(&str, &[&str]); 11] = [
    ("base64", &["std"]),
    ("cookie", &[]),
    ("dotenvy", &[]),
    ("form_urlencoded", &["std"]),
    ("getrandom", &[]),
    ("http-body-util", &[]),
    ("maud", &[]),
    ("redb", &["std"]),
    ("serde", &["std"]),
    ("serde_json", &["std"]),
    ("tracing", &["std"]),
];

impl Wanted {
    pub fn read(additions: &[(&str, &str)]) -> Result<Self> {
        let united = parse(&merge("", additions.iter().copied())?, "deps.toml")?;
        let mut names = Vec::new();
        for (path, text) in additions {
            names.extend(examples(&parse(text, path)?));
        }
        Ok(Self {
            normal: dependencies(&united, DEPENDENCIES),
            dev: dependencies(&united, DEV_DEPENDENCIES),
            features: features(&united),
            examples: names,
        })
    }
}

impl Dependency {
    /// What it needs of the default features, one by one. `None`: nobody has said it yet.
    pub fn used_of_defaults(&self) -> Option<&'static [&'static str]> {
        let known = USED_OF_DEFAULTS
            .iter()
            .find(|(package, _)| *package == self.package);
        match (self.defaults, known) {
            (false, _) => Some(&[]),
            // it has no default features
            (true, None) if self.package == "tokio" => Some(&[]),
            (true, known) => known.map(|(_, used)| *used),
        }
    }
}

/// The names of the `[[example]]`s.
pub fn examples(manifest: &DocumentMut) -> Vec<String> {
    let tables = manifest.get(EXAMPLE).and_then(Item::as_array_of_tables);
    let names = tables
        .into_iter()
        .flatten()
        .filter_map(|table| table.get("name")?.as_str());
    names.map(str::to_owned).collect()
}

fn dependencies(united: &DocumentMut, section: &str) -> Vec<Dependency> {
    let entries = united.get(section).and_then(Item::as_table_like);
    let entries = entries.into_iter().flat_map(|table| table.iter());
    let entries = entries.map(|(package, item)| Dependency {
        package: package.to_owned(),
        requirement: super::present::requirement(item).unwrap_or("*").to_owned(),
        defaults: has_defaults(item),
        features: strings(item.get("features")),
        optional: item.get("optional").and_then(Item::as_bool) == Some(true),
    });
    entries.collect()
}

fn features(united: &DocumentMut) -> BTreeMap<String, Vec<String>> {
    let entries = united.get(FEATURES).and_then(Item::as_table_like);
    let entries = entries.into_iter().flat_map(|table| table.iter());
    entries
        .map(|(name, members)| (name.to_owned(), strings(Some(members))))
        .collect()
}
