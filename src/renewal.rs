//! What `regenerate` makes of a project: for each file the decision of `merge`, and with the answers to the conflicts a
//! plan that also moves the pristine copies and the record. Pure: `regenerate` looks, asks and applies.

mod file;
mod history;
mod plan;

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

use anyhow::Result;

use crate::{
    answers::Answers,
    catalog::{Catalog, Class},
    changes::{Change, Changes},
    generate::{Output, added::Placement},
    merge::{Decision, Formatter},
    plan::Plan,
    relative::RelativePath,
    state::FileRecord,
    templates::Origin,
};
use history::History;

/// The folder for new texts that could not be put in the place of what is there.
pub const INCOMING: &str = ".mcp-auth/incoming/";

/// What it is made from. All paths are from the project's folder.
pub struct Inputs<'a> {
    /// What was asked for now.
    pub answers: &'a Answers,
    pub catalog: &'a Catalog,
    pub origin: &'a Origin,
    pub changes: &'a Changes,
    /// There if the files were added to a project that was there before.
    pub placement: Option<&'a Placement>,
    /// What `mcp-auth.toml` says of the files.
    pub recorded: BTreeMap<RelativePath, FileRecord>,
    /// `mcp-auth.toml` as it is.
    pub record: Vec<u8>,
    /// The pristine copies of the recorded files, each the one that the record means.
    pub bases: BTreeMap<RelativePath, Vec<u8>>,
    /// The files that are there, of the recorded and of the generated ones.
    pub present: BTreeMap<RelativePath, Present>,
    /// What lies in `.mcp-auth/base/` and `.mcp-auth/incoming/` now, by its whole path.
    pub kept: BTreeMap<RelativePath, Vec<u8>>,
    /// What is generated now, without the record and the copies.
    pub generated: BTreeMap<RelativePath, Output>,
    /// `--restore`: files that are generated, but missing, and come back.
    pub restored: BTreeSet<RelativePath>,
    /// `--security-only`: what no advisory is about stays as it is.
    pub security_only: bool,
}

/// What is at a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Present {
    File(Vec<u8>),
    /// A symbolic link, there or on the way.
    Link,
    /// A folder or another thing that is no file, there or on the way.
    NotAFile,
}

/// The decisions, sorted by path.
pub struct Renewal<'a> {
    pub files: Vec<Renewed<'a>>,
    inputs: &'a Inputs<'a>,
    /// The files that lack fixes of weaknesses, with these.
    open: Vec<(&'a RelativePath, Vec<&'a Change>)>,
}

/// What becomes of one file.
pub struct Renewed<'a> {
    pub path: RelativePath,
    /// Where it was until now, if the templates have given it another path.
    pub moved_from: Option<RelativePath>,
    pub class: Class,
    /// Its owner's text, if there is one that can be read.
    pub user: Option<&'a [u8]>,
    pub base: Option<&'a [u8]>,
    /// What is generated now.
    pub new: Option<&'a Output>,
    pub decision: Decision,
    /// The template changes that its pristine copy lacks, oldest first.
    pub changes: Vec<&'a Change>,
    /// It belongs to the templates, and its owner has changed it.
    pub drifts: bool,
    /// Its owner has not been told of this deletion yet.
    pub is_news: bool,
    /// What `mcp-auth.toml` says of it.
    pub recorded: Option<&'a FileRecord>,
    /// `--security-only` leaves it as it is.
    pub is_held: bool,
    /// The lines where markers of a merge begin that its owner has not finished.
    pub unfinished: Vec<usize>,
    /// The number of the newest change about it.
    newest: u32,
}

/// The answers to conflicts and obstacles, by the new path of the file.
pub type Settled = BTreeMap<RelativePath, Settlement>;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Settlement {
    /// These bytes; the pristine copy becomes what is generated now.
    File(Vec<u8>),
    /// What is there stays, whatever it is; the pristine copy becomes what is generated now.
    AsItIs,
    /// The file stays, the new one lies under `incoming/`, and the same is offered again next time.
    Incoming,
}

/// `format` is `rustfmt`, where there is one.
pub fn renewal<'a>(inputs: &'a Inputs<'a>, format: Formatter<'_>) -> Result<Renewal<'a>> {
    let history = History::of(inputs)?;
    let wanted = inputs.security_only.then(|| history.wanted());
    let is_held = |path| {
        let is_wanted = wanted.as_ref().is_none_or(|wanted| wanted.contains(path));
        !is_wanted && !inputs.restored.contains(path)
    };
    let paths = history.paths().into_iter();
    let files = paths.filter_map(|path| file::renew(inputs, &history, path, is_held(path), format));
    Ok(Renewal {
        files: files.collect(),
        inputs,
        open: history.open(),
    })
}

impl<'a> Renewal<'a> {
    /// The files that somebody has to decide about.
    pub fn conflicts(&self) -> impl Iterator<Item = &Renewed<'a>> {
        self.files
            .iter()
            .filter(|file| matches!(file.decision, Decision::Conflict(_)))
    }

    /// Everything that is written: files, pristine copies, `incoming/`, the record. A conflict that is not settled goes
    /// under `incoming/`.
    pub fn plan(&self, settled: &Settled) -> Result<Plan> {
        plan::plan(self, settled)
    }

    /// The changes with an advisory that this project lacks, each with its files, the worst first.
    pub fn advisories(&self) -> Vec<(&'a Change, Vec<&'a RelativePath>)> {
        let mut advisories: Vec<(&Change, Vec<&RelativePath>)> = Vec::new();
        for (path, changes) in &self.open {
            for change in changes {
                let mut known = advisories.iter_mut();
                match known.find(|(known, _)| known.number == change.number) {
                    Some((_, files)) => files.push(path),
                    None => advisories.push((change, vec![path])),
                }
            }
        }
        let severity = |change: &Change| change.advisory.as_ref().map(|advisory| advisory.severity);
        advisories.sort_by_key(|(change, _)| (Reverse(severity(change)), change.number));
        advisories
    }
}

#[cfg(test)]
pub mod tests;
