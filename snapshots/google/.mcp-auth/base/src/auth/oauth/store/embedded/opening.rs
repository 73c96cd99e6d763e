//! Opens the file, and says clearly why it cannot: another server, damage, a missing right. Wipes nothing.

use std::{
    fs::{self, DirBuilder, File, OpenOptions},
    io::{self, ErrorKind, Read},
    path::Path,
};

use redb::{Builder, Database, DatabaseError, StorageError, backends::FileBackend};

/// How much of the file is kept in memory.
const CACHE_BYTES: usize = 16 * 1024 * 1024;

/// The database in a file, made if it is not there, with its folder; readable for its owner alone.
///
/// # Errors
/// What is wrong with it, in words that follow its name.
pub(super) fn open_or_make(path: &Path) -> Result<Database, String> {
    make_folder(path).map_err(|error| format!("is in a folder that cannot be made: {error}"))?;
    let make = || {
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        builder().create_with_backend(FileBackend::new(options.open(path)?)?)
    };
    match make() {
        Err(DatabaseError::Storage(StorageError::Io(error)))
            if error.kind() == ErrorKind::InvalidData && is_unfinished(path) =>
        {
            // A process was killed while it made the file, before any record was in it. Moved, not deleted.
            tracing::warn!("`{}` was never finished; making it anew", path.display());
            fs::rename(path, path.with_extension("unfinished"))
                .map_err(|error| format!("cannot be moved: {error}"))?;
            make()
        }
        made => made,
    }
    .map_err(in_words)
}

/// The database in a file that was open before.
///
/// # Errors
/// What is wrong with it, in words that follow its name.
pub(super) fn open(path: &Path) -> Result<Database, String> {
    builder().open(path).map_err(in_words)
}

/// How all databases are opened.
pub(super) fn builder() -> Builder {
    let mut builder = Builder::new();
    builder.set_cache_size(CACHE_BYTES);
    builder
}

/// What is wrong, in words that follow the name of the file.
pub(super) fn in_words(error: DatabaseError) -> String {
    match error {
        DatabaseError::DatabaseAlreadyOpen => {
            "is used by another server; several servers need one redis://".to_owned()
        }
        DatabaseError::Storage(StorageError::Io(error))
            if error.kind() != ErrorKind::InvalidData =>
        {
            format!("cannot be used: {error}")
        }
        error => format!(
            "is damaged, or no store: {error}; restore it from a backup, or move it away: then everybody has to log in again"
        ),
    }
}

/// Whether a file does not even begin as a database: its first bytes are written last.
fn is_unfinished(path: &Path) -> bool {
    let mut first = [1; 8];
    let read = File::open(path).and_then(|mut file| file.read_exact(&mut first));
    read.is_ok() && first == [0; 8]
}

fn make_folder(path: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => builder.create(folder),
        _ => Ok(()),
    }
}
