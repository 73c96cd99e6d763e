//! Files in which markers of an earlier merge are left: told until they are settled.

use std::io::{self, Write};

use super::{
    super::{HINT, visible::visible},
    Entry,
};

/// `src/main.rs:12`, for the first marker of each file.
pub fn unfinished(entries: &[Entry<'_>]) -> Vec<String> {
    let files = entries.iter().map(|entry| entry.file);
    files
        .filter_map(|file| {
            let line = file.unfinished.first()?;
            Some(format!("{}:{line}", file.path))
        })
        .collect()
}

pub fn write(out: &mut dyn Write, entries: &[Entry<'_>]) -> io::Result<()> {
    let places = unfinished(entries);
    if places.is_empty() {
        return Ok(());
    }
    writeln!(
        out,
        "  {HINT}note:{HINT:#} markers of an earlier merge are left in {}",
        visible(&places.join(", "))
    )
}
