//! Reads the files of an existing project, by their path in it.
//! Part of the only reader of the disk: it writes nothing.
#![expect(
    clippy::disallowed_methods,
    reason = "part of the only reader of the disk"
)]

use std::{
    cell::RefCell,
    collections::BTreeMap,
    fs,
    io::ErrorKind,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

use crate::{existing::Files, relative::RelativePath};

/// A project on the disk. Each text is read once: an edit is planned for the text that was understood, whatever somebody
/// saves in the meantime.
#[derive(Debug)]
pub struct Disk {
    root: PathBuf,
    known: RefCell<BTreeMap<RelativePath, Option<String>>>,
}

impl Disk {
    pub fn new(root: &Path) -> Self {
        Self {
            root: root.to_owned(),
            known: RefCell::default(),
        }
    }

    fn metadata(&self, path: &RelativePath) -> Result<Option<fs::Metadata>> {
        match fs::metadata(self.root.join(path.native())) {
            Ok(metadata) => Ok(Some(metadata)),
            Err(error) if is_absent(error.kind()) => Ok(None),
            Err(error) => Err(error).with_context(|| format!("cannot look at {path}")),
        }
    }
}

impl Disk {
    fn look_into(&self, path: &RelativePath) -> Result<Option<String>> {
        // opening a pipe would wait for ever
        if !self
            .metadata(path)?
            .is_some_and(|metadata| metadata.is_file())
        {
            return Ok(None);
        }
        let bytes = fs::read(self.root.join(path.native()))
            .with_context(|| format!("cannot read {path}"))?;
        Ok(String::from_utf8(bytes).ok())
    }
}

impl Files for Disk {
    fn read(&self, path: &RelativePath) -> Result<Option<String>> {
        if let Some(known) = self.known.borrow().get(path) {
            return Ok(known.clone());
        }
        let text = self.look_into(path)?;
        self.known.borrow_mut().insert(path.clone(), text.clone());
        Ok(text)
    }

    fn is_there(&self, path: &RelativePath) -> Result<bool> {
        Ok(self.metadata(path)?.is_some())
    }
}

fn is_absent(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::NotFound | ErrorKind::NotADirectory)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_plain_text_and_nothing_else() {
        let root = std::env::temp_dir().join(format!("mcp-auth-disk-{}", std::process::id()));
        fs::create_dir_all(root.join("src/folder.rs")).unwrap();
        fs::write(root.join("src/main.rs"), "\u{feff}fn main() {}\r\n").unwrap();
        fs::write(root.join("src/latin.rs"), b"// caf\xe9").unwrap();
        let disk = Disk::new(&root);
        let read = |path: &str| disk.read(&path.parse().unwrap()).unwrap();
        let is_there = |path: &str| disk.is_there(&path.parse().unwrap()).unwrap();

        assert_eq!(
            read("src/main.rs").as_deref(),
            Some("\u{feff}fn main() {}\r\n")
        );
        for none in [
            "src/latin.rs",
            "src/folder.rs",
            "src/missing.rs",
            "src/main.rs/mod.rs",
        ] {
            assert_eq!(read(none), None, "{none}");
        }
        assert!(is_there("src/folder.rs") && is_there("src/latin.rs"));
        assert!(!is_there("src/missing.rs"));
        fs::remove_dir_all(&root).unwrap();
    }
}
