//! The cases of `snapshots/regenerate/`: what the templates and what the owner changed, as data.

use std::{fs, os::unix::fs::symlink};

use serde::Deserialize;

use super::{generations::Edits, owner::Project, snapshots};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// The row or the rung, in words.
    pub about: String,
    /// What is typed besides.
    #[serde(default)]
    pub flags: Vec<String>,
    /// The templates of the project that was made, if they are not the embedded ones.
    pub earlier: Option<Edits>,
    /// What they are now.
    #[serde(default)]
    pub templates: Edits,
    /// What is new in their history: tables of changes, without numbers.
    #[serde(default)]
    pub changes: String,
    #[serde(default)]
    pub owner: Vec<Edit>,
}

/// What the owner did to a file.
#[derive(Deserialize)]
pub struct Edit {
    file: String,
    #[serde(flatten)]
    deed: Deed,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Deed {
    /// This, with that in its place.
    Replaced([String; 2]),
    Written(String),
    /// Bytes that are no text.
    Bytes(Vec<u8>),
    /// A symbolic link to this, with the text of the file.
    Linked(String),
    Becomes(Other),
}

/// What is in its place.
#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Other {
    Nothing,
    Folder,
}

impl Case {
    pub fn read(name: &str) -> Self {
        let file = snapshots().join("regenerate").join(name).join("case.toml");
        toml_edit::de::from_str(&fs::read_to_string(file).unwrap())
            .unwrap_or_else(|error| panic!("{name}: {error}"))
    }
}

impl Edit {
    pub fn make(&self, project: &Project) {
        let file = self.file.as_str();
        match &self.deed {
            Deed::Replaced([find, replace]) => project.edit(file, find, replace),
            Deed::Written(text) => project.write(file, text),
            Deed::Bytes(bytes) => fs::write(project.path(file), bytes).unwrap(),
            Deed::Becomes(Other::Nothing) => project.delete(file),
            Deed::Linked(to) => {
                project.rename(file, to);
                let above = "../".repeat(file.matches('/').count());
                symlink(format!("{above}{to}"), project.path(file)).unwrap();
            }
            Deed::Becomes(Other::Folder) => {
                project.delete(file);
                project.write(&format!("{file}/mine"), "mine\n");
            }
        }
    }
}
