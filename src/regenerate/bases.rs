//! The pristine copies, each the one that the record means: by its hash, or made again where that can be proved.
//! Pure.

use std::collections::BTreeMap;

use anyhow::Result;

use super::look::Project;
use crate::{
    generate::{Output, copy_path},
    refusal::{Exit, Problem, Refusal},
    relative::RelativePath,
    renewal::Present,
    state,
};

/// # Errors
/// A `Refusal` with the copies that are gone or not what they were.
pub fn bases(
    project: &Project,
    present: &BTreeMap<RelativePath, Present>,
    generated: &BTreeMap<RelativePath, Output>,
) -> Result<BTreeMap<RelativePath, Vec<u8>>> {
    let mut bases = BTreeMap::new();
    let mut problems = Vec::new();
    for (path, file) in &project.files {
        let copy = copy_path(path)?;
        let kept = project.kept.get(&copy);
        let own = match present.get(path) {
            Some(Present::File(bytes)) => Some(bytes),
            _ => None,
        };
        let new = generated.get(path).map(|output| output.text.as_bytes());
        let candidates = [kept.map(Vec::as_slice), own.map(Vec::as_slice), new];
        let is_meant = |bytes: &&[u8]| hash(bytes).is_some_and(|hash| hash == file.sha256);
        match candidates.into_iter().flatten().find(is_meant) {
            Some(base) => _ = bases.insert(path.clone(), base.to_vec()),
            None => problems.push(Problem::new(match kept {
                Some(_) => format!("{copy} is not what was generated"),
                None => format!("{copy} is gone"),
            })),
        }
    }
    match problems.is_empty() {
        true => Ok(bases),
        false => Err(Refusal::many(Exit::Failed, problems)
            .hint("take them back from version control; or `mcp-auth adopt` finds out which texts they were")
            .into()),
    }
}

fn hash(bytes: &[u8]) -> Option<String> {
    std::str::from_utf8(bytes).ok().map(state::sha256)
}
