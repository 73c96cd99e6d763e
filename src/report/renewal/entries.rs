//! What becomes of each file, in the words that people and programs get.
//! Pure.

use std::{borrow::Cow, collections::BTreeMap};

use serde::Serialize;
use similar::TextDiff;

use super::{super::files::line_counts, Proposal};
use crate::{
    merge::{self, Decision},
    plan::{self, Kind},
    relative::RelativePath,
    renewal::{Renewed, Settlement},
};

/// One word each, the same in the text and in the document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    Create,
    Replace,
    Merge,
    Conflict,
    /// Only its path is another.
    Move,
    Delete,
    /// The owner's text stays as it is.
    Keep,
    StaysDeleted,
    /// There was such a file before it was generated.
    Beside,
    /// Both sides changed what cannot be merged.
    Incoming,
    /// No longer generated, and its owner's.
    Ungenerated,
    /// `--security-only` leaves what is new for it for later.
    Held,
    Unchanged,
}

impl Action {
    pub const ALL: [Self; 13] = [
        Self::Create,
        Self::Replace,
        Self::Merge,
        Self::Conflict,
        Self::Move,
        Self::Delete,
        Self::Keep,
        Self::StaysDeleted,
        Self::Beside,
        Self::Incoming,
        Self::Ungenerated,
        Self::Held,
        Self::Unchanged,
    ];

    pub fn word(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Replace => "replace",
            Self::Merge => "merge",
            Self::Conflict => "conflict",
            Self::Move => "move",
            Self::Delete => "delete",
            Self::Keep => "keep",
            Self::StaysDeleted => "stays-deleted",
            Self::Beside => "beside",
            Self::Incoming => "incoming",
            Self::Ungenerated => "ungenerated",
            Self::Held => "held",
            Self::Unchanged => "unchanged",
        }
    }

    fn of(file: &Renewed<'_>, settlement: Option<&Settlement>) -> Self {
        let is_settled = matches!(settlement, Some(Settlement::File(_) | Settlement::AsItIs));
        match &file.decision {
            Decision::Create(_) => Self::Create,
            Decision::Replace(_) => Self::Replace,
            Decision::Merge(_) => Self::Merge,
            Decision::Conflict(_) => Self::Conflict,
            Decision::Delete => Self::Delete,
            Decision::KeepUngenerated => Self::Ungenerated,
            Decision::StaysDeleted if file.is_news => Self::StaysDeleted,
            Decision::Beside(_) | Decision::NotMergeable(_) if is_settled => Self::Keep,
            Decision::Beside(_) => Self::Beside,
            Decision::NotMergeable(_) => Self::Incoming,
            Decision::Keep | Decision::Same if file.moved_from.is_some() => Self::Move,
            Decision::Keep | Decision::Same if file.is_held && has_news(file) => Self::Held,
            Decision::Keep if is_touched(file) => Self::Keep,
            Decision::Keep | Decision::Same | Decision::StaysDeleted => Self::Unchanged,
        }
    }
}

/// One file with what becomes of it.
pub struct Entry<'a> {
    pub file: &'a Renewed<'a>,
    pub action: Action,
    pub kind: Kind,
    pub added: usize,
    pub removed: usize,
    /// Where markers are left in it.
    pub markers: Vec<usize>,
    /// What somebody decided about it.
    pub settlement: Option<&'a Settlement>,
    /// What will be there, if something is written.
    after: Option<&'a str>,
}

/// Sorted by path.
pub fn entries<'a>(proposal: &Proposal<'a>) -> Vec<Entry<'a>> {
    let planned = proposal.plan.changes.iter();
    let planned: BTreeMap<&RelativePath, &plan::Change> =
        planned.map(|change| (&change.path, change)).collect();
    let files = proposal.renewal.files.iter();
    files
        .map(|file| {
            let change = planned.get(&file.path).copied();
            Entry::new(file, change, proposal.settled.get(&file.path))
        })
        .collect()
}

/// Something besides the record and the pristine copies.
pub fn is_written(proposal: &Proposal<'_>, entries: &[Entry<'_>]) -> bool {
    let is_same = |kind| kind == Kind::Same;
    let around = proposal.around.iter().map(|change| change.kind);
    let kinds = entries.iter().map(|entry| entry.kind).chain(around);
    !kinds.into_iter().all(is_same)
}

impl<'a> Entry<'a> {
    pub fn new(
        file: &'a Renewed<'a>,
        change: Option<&'a plan::Change>,
        settlement: Option<&'a Settlement>,
    ) -> Self {
        let written = change.filter(|change| change.kind != Kind::Same);
        let mut entry = Self {
            file,
            action: Action::of(file, settlement),
            kind: written.map_or(Kind::Same, |change| change.kind),
            added: 0,
            removed: 0,
            markers: Vec::new(),
            settlement,
            after: written.map(plan::Change::text),
        };
        if let Some(after) = entry.after {
            (entry.added, entry.removed) = line_counts(&entry.before(), after);
            if entry.action == Action::Conflict {
                entry.markers = merge::markers(after);
            }
        }
        entry
    }

    /// Its owner's text.
    fn before(&self) -> Cow<'a, str> {
        String::from_utf8_lossy(self.file.user.unwrap_or_default())
    }

    /// The new text lies beside the owner's, or would.
    pub fn is_incoming(&self) -> bool {
        let is_open = matches!(self.settlement, None | Some(Settlement::Incoming));
        match self.action {
            Action::Beside | Action::Incoming => true,
            Action::Conflict => is_open,
            _ => false,
        }
    }

    /// Whether one has to look at it although it is not written.
    pub fn is_shown(&self) -> bool {
        match self.action {
            Action::Unchanged | Action::Held => false,
            Action::Keep => has_news(self.file),
            _ => true,
        }
    }

    /// From the owner's file to what will be there.
    pub fn diff(&self) -> Option<String> {
        let after = self.after?;
        let path = &self.file.path;
        let old = match (&self.file.moved_from, self.file.user) {
            (Some(old), _) => format!("a/{old}"),
            (None, Some(_)) => format!("a/{path}"),
            (None, None) => "/dev/null".to_owned(),
        };
        let new = match self.kind {
            Kind::Delete => "/dev/null".to_owned(),
            _ => format!("b/{path}"),
        };
        let before = self.before();
        let diff = TextDiff::from_lines(before.as_ref(), after);
        Some(diff.unified_diff().header(&old, &new).to_string())
    }
}

/// The templates have something else for it than last time.
fn has_news(file: &Renewed<'_>) -> bool {
    match (file.base, file.new) {
        (Some(base), Some(new)) => !merge::is_same(base, new.text.as_bytes()),
        _ => true,
    }
}

fn is_touched(file: &Renewed<'_>) -> bool {
    match (file.base, file.user) {
        (Some(base), Some(user)) => !merge::is_same(base, user),
        _ => true,
    }
}
