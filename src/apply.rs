//! Writes a plan: all of it or nothing. With `apply/`, the only writer of the disk.
//! Does not know why a file is written.

mod edit;
mod stage;

pub use edit::undo_interrupted;

use std::path::Path;

use anyhow::Result;

use crate::{
    plan::Plan,
    project::{Occupancy, Target},
};

/// What was found on the way and put right.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Swept {
    pub leftovers: usize,
}

/// Makes the target what the plan says.
pub fn apply(plan: &Plan, target: &Target, progress: &mut dyn FnMut(usize)) -> Result<Swept> {
    match target.occupancy {
        Occupancy::Missing | Occupancy::Empty => stage::create(plan, &target.root, progress),
        Occupancy::Here | Occupancy::Occupied(_) => edit::edit(plan, &target.root, progress),
    }
}

/// Writes files that no project depends on, such as manual pages.
pub fn save(dir: &Path, files: &[(String, Vec<u8>)]) -> Result<()> {
    stage::save(dir, files)
}
