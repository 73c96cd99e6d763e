//! The texts of the project that are edited: before and after.
//! Reads through `Files`.

use std::collections::BTreeMap;

use anyhow::{Context, Result};

use crate::{catalog::Class, existing::Files, generate::Output, relative::RelativePath};

pub struct Texts<'a> {
    files: &'a dyn Files,
    pub before: BTreeMap<RelativePath, String>,
    pub after: BTreeMap<RelativePath, Output>,
}

impl<'a> Texts<'a> {
    pub fn new(files: &'a dyn Files) -> Self {
        Self {
            files,
            before: BTreeMap::new(),
            after: BTreeMap::new(),
        }
    }

    pub fn read(&self, path: &RelativePath) -> Result<String> {
        let text = self.files.read(path)?;
        text.with_context(|| format!("{path} cannot be read as text"))
    }

    pub fn edit(&mut self, path: &RelativePath, edit: impl FnOnce(&str) -> String) -> Result<()> {
        let before = self.files.read(path)?;
        let text = edit(before.as_deref().unwrap_or_default());
        let after = Output {
            text: text.into(),
            class: Class::Merged,
            executable: false,
        };
        self.after.insert(path.clone(), after);
        if let Some(before) = before {
            self.before.insert(path.clone(), before);
        }
        Ok(())
    }
}
