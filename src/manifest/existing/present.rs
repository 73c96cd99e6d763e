//! What a package's manifest has already, in whatever form it is written.
//! Pure: parsed manifests in, plain data out.

use toml_edit::{DocumentMut, Item, TableLike, Value};

use super::{
    change::{DEPENDENCIES, DEV_DEPENDENCIES},
    implied::implied,
};
use crate::existing::package::{DependencyKind, Package};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    Normal,
    Dev,
    /// `[target.'cfg(...)'.dependencies]`
    Target,
}

#[derive(Clone, Debug)]
pub struct Present {
    pub section: Section,
    pub key: String,
    pub package: String,
    pub requirement: String,
    pub locked: Option<String>,
    pub optional: bool,
    pub defaults: bool,
    /// With those that come along with others.
    pub features: Vec<String>,
    /// `workspace = true`
    pub inherits: bool,
    /// Its version stands in the root manifest.
    pub is_at_root: bool,
    /// From a path or from git: its source cannot be said a second time with a version alone.
    pub is_own: bool,
}

/// The dependencies of the member. `shared` is the root's `[workspace.dependencies]`.
pub fn of_member(
    member: &DocumentMut,
    shared: Option<&dyn TableLike>,
    package: &Package,
) -> Vec<Present> {
    let mut all = Vec::new();
    for (section, name) in [
        (Section::Normal, DEPENDENCIES),
        (Section::Dev, DEV_DEPENDENCIES),
    ] {
        all.extend(
            entries(member.get(name))
                .map(|(key, item)| present(section, key, item, shared, package)),
        );
    }
    for (_, target) in entries(member.get("target")) {
        let inner = entries(target.get(DEPENDENCIES));
        all.extend(inner.map(|(key, item)| present(Section::Target, key, item, shared, package)));
    }
    all
}

/// The dependencies that the root offers to its members.
pub fn of_workspace(shared: &dyn TableLike, package: &Package) -> Vec<Present> {
    let offers = shared.iter().map(|(key, item)| Present {
        is_at_root: true,
        ..present(Section::Normal, key, item, None, package)
    });
    offers.collect()
}

fn present(
    section: Section,
    key: &str,
    item: &Item,
    shared: Option<&dyn TableLike>,
    package: &Package,
) -> Present {
    let inherits = is_true(item, "workspace");
    let root = shared
        .filter(|_| inherits)
        .and_then(|shared| shared.get(key));
    let source = root.unwrap_or(item);
    let mut features = strings(root.and_then(|root| root.get("features")));
    features.extend(strings(item.get("features")));
    let defaults = match root {
        Some(root) => has_defaults(root) || is_true(item, "default-features"),
        None => has_defaults(item),
    };
    let name = text(source, "package").unwrap_or(key);
    features.extend(implied(name, &features, defaults));
    Present {
        section,
        key: key.to_owned(),
        package: name.to_owned(),
        requirement: requirement(source).unwrap_or("*").to_owned(),
        locked: locked(package, section, key),
        optional: is_true(item, "optional"),
        defaults,
        features,
        inherits,
        is_at_root: inherits,
        is_own: source.get("path").is_some() || source.get("git").is_some(),
    }
}

fn locked(package: &Package, section: Section, key: &str) -> Option<String> {
    let kind = match section {
        Section::Dev => DependencyKind::Dev,
        Section::Normal | Section::Target => DependencyKind::Normal,
    };
    let of_key = package
        .dependencies
        .iter()
        .filter(|dependency| dependency.key == key);
    let mut of_key = of_key.filter(|dependency| dependency.kind == kind);
    of_key.find_map(|dependency| dependency.locked.clone())
}

pub fn entries(item: Option<&Item>) -> impl Iterator<Item = (&str, &Item)> {
    let table = item.and_then(Item::as_table_like);
    table.into_iter().flat_map(|table| table.iter())
}

pub fn requirement(item: &Item) -> Option<&str> {
    item.as_str().or_else(|| text(item, "version"))
}

/// Default features are on unless somebody turned them off.
pub fn has_defaults(item: &Item) -> bool {
    let said = ["default-features", "default_features"]
        .iter()
        .find_map(|key| item.get(key));
    said.and_then(Item::as_bool) != Some(false)
}

pub fn strings(item: Option<&Item>) -> Vec<String> {
    let array = item.and_then(Item::as_array);
    let strings = array.into_iter().flatten().filter_map(Value::as_str);
    strings.map(str::to_owned).collect()
}

fn is_true(item: &Item, key: &str) -> bool {
    item.get(key).and_then(Item::as_bool) == Some(true)
}

fn text<'a>(item: &'a Item, key: &str) -> Option<&'a str> {
    item.get(key).and_then(Item::as_str)
}
