//! What is kept of an edit, so that it can be taken back: its journal and the old texts, in `.mcp-auth/undo/<number>/`.
//! Moves it there and back again.
#![expect(
    clippy::disallowed_methods,
    reason = "part of the only writer of the disk"
)]

use std::fs;

use anyhow::{Context, Result};

use super::{
    disk::write_synced,
    journal::Journal,
    work::{JOURNAL, Work},
};
use crate::project;

/// Where the records are, numbered.
pub const UNDO: &str = ".mcp-auth/undo";
/// So many of them; an older one is dropped.
pub const MOST: usize = 10;

impl Work<'_> {
    /// From when the journal is among what is kept, the new tree is the one that stays.
    pub fn keep(&self, journal: &Journal) -> Result<()> {
        let kept = self.kept();
        fs::create_dir_all(&kept).context("cannot keep what there was before")?;
        write_synced(&kept.join(".gitignore"), b"*\n")?;
        self.write(journal)?;
        fs::create_dir_all(self.root.join(UNDO)).with_context(|| format!("cannot make {UNDO}"))?;
        fs::rename(self.dir.join(JOURNAL), kept.join(JOURNAL))
            .context("cannot keep what there was before")?;
        self.put_kept_away()
    }

    /// If the journal is there: without it, it is of no use.
    pub fn put_kept_away(&self) -> Result<()> {
        let kept = self.kept();
        if !kept.join(JOURNAL).exists() {
            return Ok(());
        }
        let undo = self.root.join(UNDO);
        let numbers = project::undo_numbers(self.root)?;
        let number = numbers.last().unwrap_or(&0).checked_add(1);
        let number = number.with_context(|| format!("{UNDO} has no number left"))?;
        fs::create_dir_all(&undo)
            .and_then(|()| fs::rename(&kept, undo.join(number.to_string())))
            .with_context(|| format!("cannot write into {UNDO}"))?;
        let surplus = (numbers.len() + 1).saturating_sub(MOST);
        for number in &numbers[..surplus] {
            // it goes as a whole, with the work folder
            let (name, dropped) = (number.to_string(), format!("{number}.dropped"));
            fs::rename(undo.join(&name), self.dir.join(dropped))
                .with_context(|| format!("cannot drop {UNDO}/{name}"))?;
        }
        Ok(())
    }

    /// The other way round: from when the journal is back, the old tree is the one that will be.
    pub fn reopen(&self, number: u32) -> Result<()> {
        let kept = self.kept();
        let undo = self.root.join(UNDO);
        fs::rename(undo.join(number.to_string()), &kept)
            .and_then(|()| fs::rename(kept.join(JOURNAL), self.dir.join(JOURNAL)))
            .with_context(|| format!("cannot move {UNDO}/{number}"))?;
        // stay if they hold more
        let _ = fs::remove_dir(&undo).and_then(|()| fs::remove_dir(self.root.join(".mcp-auth")));
        Ok(())
    }
}
