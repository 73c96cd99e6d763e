//! `--restore`: which deleted files come back.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use anyhow::Result;

use super::look::Project;
use crate::{
    generate::Output,
    project,
    refusal::{Exit, Problem, Refusal},
    relative::RelativePath,
    renewal::Present,
};

/// # Errors
/// A `Refusal` with the names that are none of deleted files.
pub fn restored(
    typed: &[String],
    project: &Project,
    present: &BTreeMap<RelativePath, Present>,
    generated: &BTreeMap<RelativePath, Output>,
) -> Result<BTreeSet<RelativePath>> {
    let here = here(project);
    let mut restored = BTreeSet::new();
    let mut problems = Vec::new();
    for name in typed {
        let plain = name.trim_start_matches("./").replace('\\', "/");
        let places = [plain.clone(), format!("{here}{plain}")];
        let paths = places
            .iter()
            .filter_map(|path| path.parse::<RelativePath>().ok());
        let is_known =
            |path: &RelativePath| generated.contains_key(path) || project.files.contains_key(path);
        match paths.into_iter().find(is_known) {
            None => problems.push(Problem::new(format!(
                "{} is none of the generated files",
                name.escape_debug()
            ))),
            Some(path) if !generated.contains_key(&path) => {
                problems.push(Problem::new(format!("{path} is no longer generated")));
            }
            Some(path) if present.contains_key(&path) => {
                problems.push(Problem::new(format!("{path} is there: nothing to restore")));
            }
            Some(path) => _ = restored.insert(path),
        }
    }
    match problems.is_empty() {
        true => Ok(restored),
        false => Err(Refusal::many(Exit::Usage, problems)
            .hint("--restore takes files that were deleted, as `mcp-auth regenerate --dry-run` names them")
            .into()),
    }
}

/// Where the person is, seen from the project: empty, or with a `/` at its end.
fn here(project: &Project) -> String {
    match project::inside(&project.root, Path::new(".")) {
        Some(inside) if !inside.is_empty() => inside + "/",
        _ => String::new(),
    }
}
