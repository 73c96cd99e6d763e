//! The plan: what would be written, as data that can be printed, compared, serialised or applied.
//! Pure: knows what was generated and what is there, and touches neither disk nor terminal.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::{
    generate::{Generated, Output},
    relative::RelativePath,
    state,
};

/// Sorted by path; one entry per file that belongs to the project.
#[derive(Clone, Debug)]
pub struct Plan {
    pub changes: Vec<Change>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub path: RelativePath,
    pub kind: Kind,
    /// What is there now.
    pub before: Option<Vec<u8>>,
    /// What will be there; nothing if the file is deleted.
    pub after: Option<Output>,
    /// The file whose place this one takes: it keeps its permissions.
    pub moved_from: Option<RelativePath>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    Create,
    Replace,
    Delete,
    /// There already, with the same content.
    Same,
}

/// `existing` are the files of the target that have a path in `generated`.
pub fn plan(generated: Generated, mut existing: BTreeMap<RelativePath, Vec<u8>>) -> Plan {
    let changes = generated.files.into_iter().map(|(path, after)| {
        let before = existing.remove(&path);
        let kind = match &before {
            None => Kind::Create,
            Some(before) if before == after.text.as_bytes() => Kind::Same,
            Some(_) => Kind::Replace,
        };
        Change {
            path,
            kind,
            before,
            after: Some(after),
            moved_from: None,
        }
    });
    Plan {
        changes: changes.collect(),
    }
}

impl Plan {
    /// The changes that write something.
    pub fn writes(&self) -> impl Iterator<Item = &Change> {
        self.changes
            .iter()
            .filter(|change| change.kind != Kind::Same)
    }
}

impl Change {
    /// Empty for a file that is deleted.
    pub fn text(&self) -> &str {
        self.after
            .as_ref()
            .map_or("", |output| output.text.as_ref())
    }

    pub fn is_base_copy(&self) -> bool {
        is_base_copy(&self.path)
    }
}

/// One of the copies under `.mcp-auth/base/` of the project or of a package in it, which people need not look at.
pub fn is_base_copy(path: &RelativePath) -> bool {
    let path = path.as_str();
    path.find(state::BASE)
        .is_some_and(|at| at == 0 || path[..at].ends_with('/'))
}
