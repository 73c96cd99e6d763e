//! What the changes of the templates mean for the files of this project: which have another path since, which lack a
//! change, and which are not looked at because only fixes of weaknesses are wanted. Pure.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;

use super::{Inputs, Present};
use crate::{changes::Change, generate::added::Names, merge, relative::RelativePath};

pub struct History<'a> {
    inputs: &'a Inputs<'a>,
    names: Names<'a>,
    /// From the new path of a file to the one that it has here.
    moves: BTreeMap<&'a RelativePath, &'a RelativePath>,
    /// The numbers of the changes that a file of this project lacks.
    lacked: BTreeSet<u32>,
}

impl<'a> History<'a> {
    pub fn of(inputs: &'a Inputs<'a>) -> Result<Self> {
        let mut history = Self {
            inputs,
            names: Names::of(inputs.placement)?,
            moves: BTreeMap::new(),
            lacked: BTreeSet::new(),
        };
        history.moves = history.moves();
        let paths = history.paths().into_iter();
        let lacked = paths.flat_map(|path| history.lacking_since(path));
        history.lacked = lacked.map(|change| change.number).collect();
        if inputs.security_only {
            let wanted = history.wanted();
            history
                .moves
                .retain(|path, was| wanted.contains(path) || wanted.contains(was));
        }
        Ok(history)
    }

    /// Every file that is recorded or generated, by its new path.
    pub fn paths(&self) -> BTreeSet<&'a RelativePath> {
        let gone: BTreeSet<&RelativePath> = self.moves.values().copied().collect();
        let recorded = self
            .inputs
            .recorded
            .keys()
            .filter(|path| !gone.contains(path));
        recorded.chain(self.inputs.generated.keys()).collect()
    }

    /// The path that a file has until now.
    pub fn before(&self, path: &'a RelativePath) -> &'a RelativePath {
        self.moves.get(path).copied().unwrap_or(path)
    }

    /// The files that an open advisory is about.
    pub fn wanted(&self) -> BTreeSet<&'a RelativePath> {
        let open: Vec<&Change> = self
            .open()
            .into_iter()
            .flat_map(|(_, changes)| changes)
            .collect();
        let is_concerned = |path: &&RelativePath| {
            open.iter()
                .any(|change| self.concern(change, path) || self.concern(change, self.before(path)))
        };
        self.paths().into_iter().filter(is_concerned).collect()
    }

    /// The files that are there and lack changes with an advisory, with these changes.
    pub fn open(&self) -> Vec<(&'a RelativePath, Vec<&'a Change>)> {
        let is_there = |path: &&RelativePath| {
            let before = self.before(path);
            self.inputs.recorded.contains_key(before) && self.inputs.present.contains_key(before)
        };
        let open = |path| {
            let mut lacking = self.lacking(path);
            lacking.retain(|change| change.advisory.is_some());
            (path, lacking)
        };
        let files = self.paths().into_iter().filter(is_there).map(open);
        files.filter(|(_, lacking)| !lacking.is_empty()).collect()
    }

    /// The changes that the pristine copy of a file lacks, oldest first. A new file came with the changes about it that
    /// another file lacks; if there are none, it came with other answers.
    pub fn lacking(&self, path: &'a RelativePath) -> Vec<&'a Change> {
        if self.inputs.recorded.contains_key(self.before(path)) {
            return self.lacking_since(path);
        }
        let changes = self.inputs.changes.after(0);
        let is_lacked = |change: &&Change| self.lacked.contains(&change.number);
        let about = changes.filter(|change| self.concern(change, path));
        about.filter(is_lacked).collect()
    }

    /// Of a recorded file: none if it is the same with them.
    fn lacking_since(&self, path: &'a RelativePath) -> Vec<&'a Change> {
        let before = self.before(path);
        let Some(recorded) = self.inputs.recorded.get(before) else {
            return Vec::new();
        };
        let is_known = recorded.revision > 0 || !self.is_edited(before);
        if before == path && is_known && self.is_same_now(path) {
            return Vec::new();
        }
        let newer = self.inputs.changes.after(recorded.revision);
        newer
            .filter(|change| self.concern(change, path) || self.concern(change, before))
            .collect()
    }

    /// Whether its owner's text is not the pristine copy. If nobody knows of which generation that is, as after
    /// `adopt`, it may lack any change.
    fn is_edited(&self, path: &RelativePath) -> bool {
        let base = self.inputs.bases.get(path);
        match (base, self.inputs.present.get(path)) {
            (Some(base), Some(Present::File(user))) => !merge::is_same(base, user),
            _ => false,
        }
    }

    fn is_same_now(&self, path: &RelativePath) -> bool {
        let base = self.inputs.bases.get(path);
        let new = self.inputs.generated.get(path);
        base.zip(new)
            .is_some_and(|(base, new)| merge::is_same(base, new.text.as_bytes()))
    }

    /// The number of the newest change about this file.
    pub fn newest_of(&self, path: &RelativePath) -> u32 {
        self.inputs
            .changes
            .newest_of(&self.names.in_templates(path))
    }

    fn concern(&self, change: &Change, path: &RelativePath) -> bool {
        change.concerns(&self.names.in_templates(path))
    }

    fn moves(&self) -> BTreeMap<&'a RelativePath, &'a RelativePath> {
        let mut moves = BTreeMap::new();
        for (path, file) in &self.inputs.recorded {
            if self.inputs.generated.contains_key(path) || !self.is_movable(path) {
                continue;
            }
            if let Some(new) = self.renamed(path, file.revision) {
                moves.entry(new).or_insert(path);
            }
        }
        moves
    }

    /// Through all renames since, to a path that is generated and where nothing is.
    fn renamed(&self, path: &RelativePath, revision: u32) -> Option<&'a RelativePath> {
        let mut name = self.names.in_templates(path);
        for change in self.inputs.changes.after(revision) {
            if let Some(next) = change.renamed.get(&name) {
                name.clone_from(next);
            }
        }
        let new = self.names.here(&name)?;
        let (new, _) = self.inputs.generated.get_key_value(&new)?;
        let is_free =
            !self.inputs.recorded.contains_key(new) && !self.inputs.present.contains_key(new);
        is_free.then_some(new)
    }

    /// A text, or a file that its owner has deleted.
    fn is_movable(&self, path: &RelativePath) -> bool {
        match self.inputs.present.get(path) {
            None => true,
            Some(Present::File(bytes)) => std::str::from_utf8(bytes).is_ok(),
            Some(Present::Link | Present::NotAFile) => false,
        }
    }
}
