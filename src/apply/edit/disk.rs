//! How bytes come onto the disk: so that they are there after a power failure, and so that compilers see them.
//! Knows nothing of what they are.
#![expect(
    clippy::disallowed_methods,
    reason = "part of the only writer of the disk"
)]

use std::{
    fs::File,
    io::{self, Write},
    path::Path,
    time::SystemTime,
};

use anyhow::{Context, Result};

/// Compilers go by the time of the last change: a text that was written a while ago and comes into its place now
/// would be taken for one that was compiled already.
pub fn touch(path: &Path) -> io::Result<()> {
    open(path)?.set_modified(SystemTime::now())
}

/// After a power failure it is there as a whole.
pub fn sync(path: &Path) -> io::Result<()> {
    open(path)?.sync_all()
}

/// For writing, if that is allowed: some systems ask for it.
fn open(path: &Path) -> io::Result<File> {
    let file = File::options().append(true).open(path);
    file.or_else(|_| File::open(path))
}

pub fn write_synced(path: &Path, bytes: &[u8]) -> Result<()> {
    let written: io::Result<()> = File::create(path).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()
    });
    written.with_context(|| format!("cannot write {}", path.display()))
}
