//! The features of a package: what each turns on, and those that optional dependencies make of themselves.
//! Pure: parsed manifest in, plain data out.

use std::collections::{BTreeMap, BTreeSet};

use toml_edit::DocumentMut;

use super::{
    change::FEATURES,
    present::{Present, Section, entries, strings},
};

/// The features of a package, those that optional dependencies make of themselves included.
pub struct Features {
    pub lists: BTreeMap<String, Vec<String>>,
    /// Optional dependencies that are a feature, since no list names them with `dep:`.
    pub implicit: BTreeSet<String>,
}

impl Features {
    pub fn read(member: &DocumentMut, present: &[Present]) -> Self {
        let lists = entries(member.get(FEATURES));
        let lists: BTreeMap<_, _> = lists
            .map(|(name, list)| (name.to_owned(), strings(Some(list))))
            .collect();
        let named = |key: &str| {
            lists
                .values()
                .flatten()
                .any(|member| member.strip_prefix("dep:") == Some(key))
        };
        let optional = present.iter().filter(|present| present.optional);
        let implicit = optional
            .map(|present| &present.key)
            .filter(|key| !named(key) && !lists.contains_key(*key));
        let implicit = implicit.cloned().collect();
        Self { lists, implicit }
    }

    /// The feature that brings an optional axum, if it is a single one.
    pub fn of_axum(&self, present: &[Present]) -> Option<String> {
        let axum =
            |present: &&Present| present.package == "axum" && present.section == Section::Normal;
        let key = &present.iter().find(axum).filter(|axum| axum.optional)?.key;
        let mut lists = self
            .lists
            .iter()
            .filter(|(_, list)| list.iter().any(|member| turns_on(member, key)));
        match (lists.next(), lists.next()) {
            (Some((name, _)), None) => Some(name.clone()),
            (None, _) if self.implicit.contains(key) => Some(key.clone()),
            _ => None,
        }
    }

    /// Whether a feature turns an optional dependency on, through other features too.
    pub fn reaches(&self, feature: &str, key: &str) -> bool {
        let mut seen = BTreeSet::from([feature]);
        let mut open = vec![feature];
        while let Some(name) = open.pop() {
            if name == key && self.implicit.contains(key) {
                return true;
            }
            for member in self.lists.get(name).into_iter().flatten() {
                if turns_on(member, key) && (member != key || self.implicit.contains(key)) {
                    return true;
                }
                if seen.insert(member) {
                    open.push(member);
                }
            }
        }
        false
    }

    /// How a list names an optional dependency, so that no feature loses its meaning.
    pub fn name_of(&self, key: &str) -> String {
        match self.implicit.contains(key) {
            true => key.to_owned(),
            false => format!("dep:{key}"),
        }
    }
}

/// `dep:x`, `x` and `x/feature` do; `x?/feature` does not.
fn turns_on(member: &str, key: &str) -> bool {
    let member = member.strip_prefix("dep:").unwrap_or(member);
    let name = member.split_once('/').map_or(member, |(name, _)| name);
    name == key
}
