//! What has to be undone: written before anything is changed, and kept afterwards for whoever wants to take it back.
//! Data only.

use std::path::Path;

use anyhow::Result;
use serde::{Deserialize, Serialize};

use crate::{project, relative::RelativePath, state};

#[derive(Debug, Default, Deserialize, Serialize)]
pub struct Journal {
    pub steps: Vec<Step>,
    /// Folders that did not exist, outermost first.
    pub folders: Vec<RelativePath>,
    /// What other programs had made of the guarded files in the end: their hashes, in the order of the steps.
    #[serde(default)]
    pub guarded: Vec<Option<String>>,
}

#[derive(Debug, Deserialize, Serialize)]
pub struct Step {
    pub path: RelativePath,
    /// The old text is in the work folder; otherwise there was none.
    pub existed: bool,
    /// Of the new text: what has another is somebody's own and stays. A guarded file has none: it is put back
    /// whatever has become of it.
    pub sha256: Option<String>,
}

impl Journal {
    pub fn note_guarded(&mut self, root: &Path) -> Result<()> {
        let guarded = self.steps.iter().filter(|step| step.sha256.is_none());
        let hashes = guarded.map(|step| Ok(step.now(root)?.as_deref().map(hash)));
        self.guarded = hashes.collect::<Result<_>>()?;
        Ok(())
    }

    /// The steps whose files are not what was written, and the guarded ones that are not what they were in the end.
    pub fn changed_since(&self, root: &Path) -> Result<Vec<&Step>> {
        let mut guarded = self.guarded.iter();
        let mut changed = Vec::new();
        for step in &self.steps {
            let same = match &step.sha256 {
                Some(sha256) => step.now(root)?.is_some_and(|bytes| hash(&bytes) == *sha256),
                None => guarded.next() == Some(&step.now(root)?.as_deref().map(hash)),
            };
            if !same {
                changed.push(step);
            }
        }
        Ok(changed)
    }
}

impl Step {
    fn now(&self, root: &Path) -> Result<Option<Vec<u8>>> {
        Ok(project::read_existing(root, [&self.path])?.remove(&self.path))
    }

    /// What cannot be read, or lies behind a link, was not written by us.
    pub fn is_ours(&self, root: &Path) -> bool {
        match &self.sha256 {
            None => true,
            Some(sha256) => {
                let now = self.now(root).ok().flatten();
                now.is_some_and(|bytes| hash(&bytes) == *sha256)
            }
        }
    }
}

/// What is no text has the hash of what can be read of it: no text of ours has the same.
fn hash(bytes: &[u8]) -> String {
    state::sha256(&String::from_utf8_lossy(bytes))
}
