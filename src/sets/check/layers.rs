//! Layers that no answers reach, and classes for paths that no answers give.
//! Pure.

use std::collections::BTreeSet;

use super::Findings;
use crate::{
    catalog::Catalog,
    existing::stdio,
    templates::{CATALOG, LAYERS, TemplateSet},
};

pub(super) fn check(set: &TemplateSet, catalog: &Catalog, findings: &mut Findings) {
    let named = catalog.layers();
    let named: BTreeSet<&str> = named.chain(stdio::LAYERS.into_iter().flatten()).collect();
    let folders = set.below(&format!("{LAYERS}/"));
    let folders = folders.filter_map(|(path, _)| path.split('/').nth(1));
    let folders: BTreeSet<&str> = folders.collect();
    for layer in folders.difference(&named) {
        let folder = set.shown(&format!("{LAYERS}/{layer}"));
        findings
            .notes
            .push(format!("no option has the layer {folder}"));
    }
    let file = set.shown(CATALOG);
    // what cannot be rendered gives nothing, and that is told already
    if !findings.problems.is_empty() {
        return;
    }
    for path in catalog.classified_paths() {
        if !findings.outputs.contains(path) {
            findings.problem(format!("{file}, [ownership]: no option gives {path}"));
        }
    }
}
