//! The old tree again: files that were written are replaced or removed, deleted ones and their folders come back.
//! Goes by the journal, and can be interrupted and run again at any point.
#![expect(
    clippy::disallowed_methods,
    reason = "part of the only writer of the disk"
)]

use std::{
    fs,
    io::{self, ErrorKind},
    path::Path,
};

use anyhow::{Context, Result};

use super::{
    disk::touch,
    journal::{Journal, Step},
    record::UNDO,
    work::{Work, is_interrupted, old_text, read_journal},
};
use crate::{
    apply::{Aftermath, stage::gone},
    project,
    relative::RelativePath,
};

/// Puts right what a killed run left in this folder.
pub fn undo_interrupted(root: &Path) -> Result<Aftermath> {
    if !is_interrupted(root) {
        return Ok(Aftermath::Nothing);
    }
    let work = Work::take_over(root)?;
    let aftermath = match read_journal(&work.dir)? {
        Some(journal) => Aftermath::Undone(work.undo(&journal)?),
        None => {
            work.put_kept_away()?;
            Aftermath::Litter
        }
    };
    work.end()?;
    Ok(aftermath)
}

/// Whether a step's file is still what it was when its old text was put aside; `kept` holds the old texts.
pub fn is_before(kept: &Path, number: usize, step: &Step, root: &Path) -> Result<bool> {
    let now = step.now(root)?;
    if !step.existed {
        return Ok(now.is_none());
    }
    let old = fs::read(old_text(kept, number))
        .with_context(|| format!("cannot read the old text of {}", step.path))?;
    Ok(now == Some(old))
}

impl Work<'_> {
    pub fn is_before(&self, number: usize, step: &Step) -> Result<bool> {
        is_before(&self.kept(), number, step, self.root)
    }

    /// Returns what somebody else changed after it was written: it stays.
    pub fn undo(&self, journal: &Journal) -> Result<Vec<RelativePath>> {
        let mut stayed = Vec::new();
        for (number, folder) in journal.emptied.iter().enumerate() {
            self.put_folder_back(number, folder)
                .with_context(|| format!("cannot put back the folder {folder}"))?;
        }
        for (number, (step, left)) in journal.left().into_iter().enumerate().rev() {
            if step.is_ours(left, self.root) {
                self.put_back(number, step.existed, &self.root.join(step.path.native()))
                    .with_context(|| format!("cannot put back {}", step.path))?;
            } else if step.sha256.is_some() && self.was_changed(number, step) {
                stayed.push(step.path.clone());
            }
        }
        for folder in journal.folders.iter().rev() {
            // stays if somebody has put something into it
            let _ = fs::remove_dir(self.root.join(folder.native()));
        }
        // made for a record that did not get there
        let _ = fs::remove_dir(self.root.join(UNDO))
            .and_then(|()| fs::remove_dir(self.root.join(".mcp-auth")));
        stayed.reverse();
        Ok(stayed)
    }

    fn put_folder_back(&self, number: usize, folder: &RelativePath) -> io::Result<()> {
        // what has come into its place, or lies behind a link, is somebody's own
        let there = project::read_existing(self.root, [folder]);
        if !there.is_ok_and(|there| there.is_empty()) {
            return Ok(());
        }
        let place = self.root.join(folder.native());
        match fs::rename(self.twin(number), &place) {
            Err(error) if error.kind() == ErrorKind::NotFound => fs::create_dir_all(place),
            renamed => renamed,
        }
    }

    /// Neither new nor old, although it was written: the new text is no longer aside, and the old one still is.
    fn was_changed(&self, number: usize, step: &Step) -> bool {
        let was_written = !self.new_text(number).exists();
        let was_put_back = step.existed && !self.old_text(number).exists();
        was_written && !was_put_back && !self.is_before(number, step).unwrap_or(false)
    }

    fn put_back(&self, number: usize, existed: bool, place: &Path) -> io::Result<()> {
        let old = self.old_text(number);
        match existed {
            true => gone(touch(&old).and_then(|()| fs::rename(old, place))),
            false => gone(fs::remove_file(place)),
        }
    }
}
