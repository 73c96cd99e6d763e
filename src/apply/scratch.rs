//! A file outside of any project, in a folder that only its owner may enter, gone when dropped: what an editor opens.
#![expect(
    clippy::disallowed_methods,
    reason = "part of the only writer of the disk"
)]

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

pub struct Scratch {
    folder: PathBuf,
    file: PathBuf,
}

impl Scratch {
    /// `name` tells editors what kind of text it is.
    pub fn new(name: &str, bytes: &[u8]) -> Result<Self> {
        let number = getrandom::u64().context("the system gives no random number")?;
        let folder = env::temp_dir().join(format!("mcp-auth-{number:016x}"));
        make_private(&folder)
            .with_context(|| format!("cannot make the folder {}", folder.display()))?;
        let scratch = Self {
            file: folder.join(name),
            folder,
        };
        fs::write(&scratch.file, bytes)
            .with_context(|| format!("cannot write {}", scratch.file.display()))?;
        Ok(scratch)
    }

    pub fn path(&self) -> &Path {
        &self.file
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // what an editor may have left beside it goes too; if it fails, the system tidies up
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// Fails if something is there.
fn make_private(folder: &Path) -> std::io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}
