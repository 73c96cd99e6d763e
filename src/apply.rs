//! Writes a plan: all of it or nothing. With `apply/`, the only writer of the disk.
//! Does not know why a file is written.

mod edit;
mod scratch;
mod stage;
mod undo;

pub use edit::{Deed, Edit, is_interrupted, undo_interrupted};
pub use scratch::Scratch;
pub use undo::Kept;

use std::{
    io::{self, ErrorKind},
    path::Path,
};

use anyhow::Result;

use crate::{
    plan::Plan,
    project::{Occupancy, Target},
    relative::RelativePath,
};

/// What a run before this one, which was killed, had left.
#[derive(Debug, PartialEq, Eq)]
pub enum Aftermath {
    Nothing,
    /// Files of its own, which were removed.
    Litter,
    /// Half of its changes, which were undone; these files were changed since by somebody else and stay.
    Undone(Vec<RelativePath>),
}

/// Makes the target what the plan says.
pub fn apply(plan: &Plan, target: &Target, progress: &mut dyn FnMut(usize)) -> Result<Aftermath> {
    match target.occupancy {
        Occupancy::Missing => stage::create(plan, &target.root, progress),
        Occupancy::Empty => {
            stage::create(plan, &target.root, progress).or_else(
                |error| match cannot_be_renamed_over(&error) {
                    true => edit::edit(plan, &target.root, progress).map(|()| Aftermath::Nothing),
                    false => Err(error),
                },
            )
        }
        Occupancy::Here | Occupancy::Occupied(_) => {
            edit::edit(plan, &target.root, progress).map(|()| Aftermath::Nothing)
        }
    }
}

/// A mount point, or a folder whose parent is not ours to write into: it is filled where it is.
fn cannot_be_renamed_over(error: &anyhow::Error) -> bool {
    let kind = error.downcast_ref::<io::Error>().map(io::Error::kind);
    let kinds = [
        ErrorKind::ResourceBusy,
        ErrorKind::CrossesDevices,
        ErrorKind::PermissionDenied,
    ];
    kind.is_some_and(|kind| kinds.contains(&kind) || kind == ErrorKind::ReadOnlyFilesystem)
}

/// Writes files that no project depends on, such as manual pages.
pub fn save(dir: &Path, files: &[(String, Vec<u8>)]) -> Result<()> {
    stage::save(dir, files)
}
