//! Whether a merged file still is what its name says, and holds nothing twice that neither side had twice.
//! Pure.

mod rust;
mod yaml;

use std::collections::BTreeMap;

use crate::relative::RelativePath;

/// What is wrong, if the file is of a kind that is known here.
pub fn problem(path: &RelativePath, merged: &str, user: &str, new: &str) -> Option<String> {
    let extension = path
        .as_str()
        .rsplit_once('.')
        .map(|(_, extension)| extension);
    match extension? {
        "rs" => repeated(rust::names, [merged, user, new]),
        "yml" | "yaml" => repeated(yaml::keys, [merged, user, new]),
        "toml" => merged
            .parse::<toml_edit::DocumentMut>()
            .err()
            .map(|error| error.message().to_owned()),
        "json" => serde_json::from_str::<serde::de::IgnoredAny>(merged)
            .err()
            .map(|error| error.to_string()),
        _ => None,
    }
}

type Names = fn(&str) -> Result<Vec<String>, String>;

/// The first name that the merged text has more often than once, and more often than either side. A side that does
/// not parse has no names.
fn repeated(names: Names, [merged, user, new]: [&str; 3]) -> Option<String> {
    let merged = match names(merged) {
        Ok(names) => names,
        Err(problem) => return Some(problem),
    };
    let [user, new] = [user, new].map(|side| count(&names(side).unwrap_or_default()));
    let counts = count(&merged);
    let times = |side: &BTreeMap<String, usize>, name: &str| side.get(name).copied().unwrap_or(1);
    let is_repeated = |name: &&String| {
        let allowed = times(&user, name).max(times(&new, name));
        times(&counts, name) > allowed
    };
    let name = merged.iter().find(is_repeated)?;
    Some(format!("{name} is there twice"))
}

fn count(names: &[String]) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for name in names {
        *counts.entry(name.clone()).or_default() += 1;
    }
    counts
}
