//! How bytes come onto the disk: so that they are there after a power failure, and so that compilers see them.
//! Knows nothing of what they are.
#![expect(
    clippy::disallowed_methods,
    reason = "part of the only writer of the disk"
)]

use std::{
    fs::File,
    io::{self, Write},
    panic::resume_unwind,
    path::{Path, PathBuf},
    thread,
    time::SystemTime,
};

use anyhow::{Context, Result};

/// Compilers go by the time of the last change: a text that was written a while ago and comes into its place now
/// would be taken for one that was compiled already.
pub fn touch(path: &Path) -> io::Result<()> {
    open(path)?.set_modified(SystemTime::now())
}

/// A disk takes about as long for so many as for one.
const AT_ONCE: usize = 16;

/// After a power failure they are there as a whole.
pub fn sync(paths: &[PathBuf]) -> Result<()> {
    let share = paths.len().div_ceil(AT_ONCE).max(1);
    thread::scope(|scope| {
        let shares = paths.chunks(share);
        let threads: Vec<_> = shares
            .map(|paths| scope.spawn(|| paths.iter().try_for_each(|path| sync_one(path))))
            .collect();
        let mut results = threads.into_iter().map(|thread| thread.join());
        results.try_for_each(|result| result.unwrap_or_else(|panic| resume_unwind(panic)))
    })
}

fn sync_one(path: &Path) -> Result<()> {
    open(path)
        .and_then(|file| file.sync_all())
        .with_context(|| format!("cannot write {}", path.display()))
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
