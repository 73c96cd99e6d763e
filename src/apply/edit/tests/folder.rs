//! A folder that is edited, and stopped in the middle of it.

use std::{borrow::Cow, collections::BTreeMap, fs, path::PathBuf};

use crate::{
    apply::edit::Edit,
    catalog::Class,
    generate::{Generated, Output},
    plan::{self, Plan},
};

/// A folder of its own with three files in it, gone afterwards.
pub struct Folder(pub PathBuf);

impl Folder {
    pub fn new(name: &str) -> Self {
        let root =
            std::env::temp_dir().join(format!("mcp-auth-edit-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&root);
        fs::create_dir_all(root.join("src")).unwrap();
        for (path, text) in [
            ("notes.txt", "mine"),
            ("src/main.rs", "old main"),
            ("README.md", "old readme"),
        ] {
            fs::write(root.join(path), text).unwrap();
        }
        Self(root)
    }

    pub fn files(&self) -> Vec<(String, String)> {
        let entries = walkdir::WalkDir::new(&self.0)
            .sort_by_file_name()
            .into_iter()
            .map(Result::unwrap);
        entries
            .filter(|entry| entry.file_type().is_file())
            .map(|entry| {
                let path = entry
                    .path()
                    .strip_prefix(&self.0)
                    .unwrap()
                    .to_string_lossy()
                    .into_owned();
                (path, fs::read_to_string(entry.path()).unwrap())
            })
            .collect()
    }

    /// Files and folders by their path, with mode and text.
    pub fn everything(&self) -> BTreeMap<String, (u32, String)> {
        let entries = walkdir::WalkDir::new(&self.0).min_depth(1).into_iter();
        let all = entries.map(|entry| {
            let entry = entry.unwrap();
            let path = entry.path().strip_prefix(&self.0).unwrap();
            let path = path.to_string_lossy().replace('\\', "/");
            let text = fs::read_to_string(entry.path()).unwrap_or_default();
            (path, (mode(&entry.metadata().unwrap()), text))
        });
        all.collect()
    }

    pub fn folders(&self) -> usize {
        let entries = walkdir::WalkDir::new(&self.0)
            .into_iter()
            .map(Result::unwrap);
        entries.filter(|entry| entry.file_type().is_dir()).count()
    }
}

#[cfg(unix)]
fn mode(meta: &fs::Metadata) -> u32 {
    std::os::unix::fs::PermissionsExt::mode(&meta.permissions())
}

#[cfg(not(unix))]
fn mode(_: &fs::Metadata) -> u32 {
    0
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Replaces two of the files and adds two, one of them in a new folder.
pub fn plan() -> Plan {
    let mut generated = Generated::default();
    for path in [
        "README.md",
        "src/main.rs",
        "src/deep/er/new.rs",
        "Cargo.toml",
    ] {
        let text = Cow::Owned(format!("new {path}"));
        let output = Output {
            text,
            class: Class::Owned,
            executable: false,
        };
        generated.files.insert(path.parse().unwrap(), output);
    }
    let existing = [("README.md", "old readme"), ("src/main.rs", "old main")];
    let existing = existing.map(|(path, text)| (path.parse().unwrap(), text.as_bytes().to_vec()));
    plan::plan(generated, existing.into())
}

/// Stops as a kill would: after the journal and this many renames, with nothing cleaned up.
pub fn killed_after(steps: usize, folder: &Folder) {
    let mut edit = prepared(folder);
    edit.journal.steps.truncate(steps);
    edit.perform(&mut |_| ()).unwrap();
}

pub fn prepared(folder: &Folder) -> Edit<'_> {
    Edit::prepare(&plan(), &folder.0, &["Cargo.lock".parse().unwrap()]).unwrap()
}
