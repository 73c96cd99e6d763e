//! The feature that turns the MCP server on gets the new dependencies, and the features of an addition are united.
//! Pure: data in, planned changes out.

use std::collections::BTreeMap;

use toml_edit::Value;

use super::{
    change::{EXAMPLE, FEATURES, File, What},
    decide::Decided,
    wanted::Wanted,
};
use crate::refusal::Problem;

pub fn decide(decided: &mut Decided<'_>, wanted: &Wanted) {
    let features = &decided.there.features;
    let mut more: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    if let Some(gate) = &decided.there.gate {
        let needed = needed(decided, wanted).filter(|key| !features.reaches(gate, key));
        let names: Vec<String> = needed.map(|key| features.name_of(key)).collect();
        if !names.is_empty() {
            more.insert(gate, names);
        }
        examples(decided, wanted, gate);
    } else {
        let needed = needed(decided, wanted);
        let problems: Vec<Problem> = needed.map(|key| always_needed(decided, key)).collect();
        decided.problems.extend(problems);
    }
    for (name, members) in &wanted.features {
        let missing = missing(decided, name, members);
        let is_there = features.lists.contains_key(name) || features.implicit.contains(name);
        if !missing.is_empty() || !is_there {
            more.entry(name).or_default().extend(missing);
        }
    }
    for (feature, members) in more {
        extend(decided, feature, members);
    }
}

/// The optional dependencies without which nothing of the addition works.
fn needed<'a>(decided: &'a Decided<'_>, wanted: &Wanted) -> impl Iterator<Item = &'a str> {
    let needed = wanted
        .normal
        .iter()
        .filter(|dependency| !dependency.optional);
    let homes = needed.filter_map(|dependency| decided.homes.get(&dependency.package));
    homes
        .filter(|home| home.optional)
        .map(|home| home.key.as_str())
}

fn always_needed(decided: &Decided<'_>, key: &str) -> Problem {
    let manifest = decided.there.member_path;
    Problem::new(format!("{key} is optional in {manifest}; `src/auth` always needs it")).hint(format!(
        "take `optional = true` away there, and `dep:{key}` out of [{FEATURES}]; or put the MCP server behind a feature that has {key}"
    ))
}

/// Examples use the optional dependencies, so that they are built only with the feature.
fn examples(decided: &mut Decided<'_>, wanted: &Wanted, gate: &str) {
    let there = decided.there;
    for example in wanted
        .examples
        .iter()
        .filter(|name| !there.examples.contains(name))
    {
        let what = What::Example(gate.to_owned());
        decided.change(File::Member, vec![EXAMPLE], example, what);
    }
}

/// The members of an addition's feature that the package's does not have, by the names that the dependencies have here.
fn missing(decided: &Decided<'_>, name: &str, members: &[String]) -> Vec<String> {
    let features = &decided.there.features;
    let members = members.iter().filter_map(|member| {
        let home = member
            .strip_prefix("dep:")
            .and_then(|package| decided.homes.get(package));
        let Some(home) = home else {
            return Some(member.clone());
        };
        let is_on = !home.optional || (!home.is_new && features.reaches(name, &home.key));
        (!is_on).then(|| features.name_of(&home.key))
    });
    let present = features.lists.get(name);
    members
        .filter(|member| !present.is_some_and(|present| present.contains(member)))
        .collect()
}

/// A dependency that was a feature by itself stays what it was, once a list has its name.
fn extend(decided: &mut Decided<'_>, feature: &str, members: Vec<String>) {
    let features = &decided.there.features;
    let what = match features.lists.get(feature) {
        Some(_) => What::Members(members),
        None => {
            let itself = features
                .implicit
                .contains(feature)
                .then(|| format!("dep:{feature}"));
            What::Insert(Value::from_iter(itself.into_iter().chain(members)))
        }
    };
    decided.change(File::Member, vec![FEATURES], feature, what);
}
