//! Files that belong to the templates and were changed all the same.

use std::io::{self, Write};

use super::{super::HINT, Entry, reasons};
use crate::relative::RelativePath;

pub fn drifting<'a>(entries: &[Entry<'a>]) -> Vec<&'a RelativePath> {
    let files = entries.iter().map(|entry| entry.file);
    files
        .filter(|file| file.drifts)
        .map(|file| &file.path)
        .collect()
}

pub fn write(out: &mut dyn Write, entries: &[Entry<'_>]) -> io::Result<()> {
    let files = drifting(entries);
    if files.is_empty() {
        return Ok(());
    }
    writeln!(
        out,
        "  {HINT}note:{HINT:#} changed here, though the templates own it: {}",
        reasons::named(&files, true)
    )
}
