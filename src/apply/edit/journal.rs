//! What has to be undone: written before anything is changed, and kept afterwards for whoever wants to take it back.
//! Data only.

use std::path::Path;

use anyhow::{Result, ensure};
use serde::{Deserialize, Serialize};

use crate::{project, relative::RelativePath, state};

/// What cargo writes while it checks.
pub const GUARDED: &str = "Cargo.lock";

#[derive(Debug, Default, Deserialize, Serialize)]
pub struct Journal {
    /// Which command wrote it; older versions knew one only.
    #[serde(default)]
    pub deed: Deed,
    pub steps: Vec<Step>,
    /// Folders that did not exist, outermost first.
    pub folders: Vec<RelativePath>,
    /// Folders that files are taken out of, outermost first: those that are empty then go as well.
    #[serde(default)]
    pub emptied: Vec<RelativePath>,
    /// What other programs had made of the guarded files in the end: their hashes, in the order of the steps.
    #[serde(default)]
    pub guarded: Vec<Option<String>>,
}

/// What an edit was made for.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq, Serialize)]
pub enum Deed {
    #[default]
    #[serde(rename = "add")]
    Addition,
    #[serde(rename = "regenerate")]
    Regeneration,
}

#[derive(Debug, Deserialize, Serialize)]
pub struct Step {
    pub path: RelativePath,
    /// The old text is in the work folder; otherwise there was none.
    pub existed: bool,
    /// Of the new text: what has another is somebody's own and stays. A guarded file has none, nor one that is deleted.
    pub sha256: Option<String>,
    /// The file is deleted.
    #[serde(default)]
    pub deleted: bool,
}

/// What a step's file is as long as nobody else changed it.
#[derive(Clone, Copy, Debug)]
pub enum Left<'a> {
    /// The text with this hash.
    Text(&'a str),
    /// There is no file.
    Nothing,
    /// A guarded file, until the end: other programs are at work.
    Anything,
}

impl Journal {
    pub fn note_guarded(&mut self, root: &Path) -> Result<()> {
        let guarded = self.steps.iter().filter(|step| step.is_guarded());
        let hashes = guarded.map(|step| Ok(step.now(root)?.as_deref().map(hash)));
        self.guarded = hashes.collect::<Result<_>>()?;
        Ok(())
    }

    /// The steps, each with what it left.
    pub fn left(&self) -> Vec<(&Step, Left<'_>)> {
        let mut guarded = self.guarded.iter();
        let left = self.steps.iter().map(|step| match &step.sha256 {
            Some(sha256) => (step, Left::Text(sha256)),
            None if step.deleted => (step, Left::Nothing),
            None => (
                step,
                guarded.next().map_or(Left::Anything, |hash| {
                    hash.as_deref().map_or(Left::Nothing, Left::Text)
                }),
            ),
        });
        left.collect()
    }

    /// The steps whose files are not what was written, and the guarded ones that are not what they were in the end.
    pub fn changed_since(&self, root: &Path) -> Result<Vec<&Step>> {
        let mut changed = Vec::new();
        for (step, left) in self.left() {
            if !left.is(step.now(root)?) {
                changed.push(step);
            }
        }
        Ok(changed)
    }

    /// The steps that were planned, each with its number.
    pub fn planned(&self) -> impl Iterator<Item = (usize, &Step)> {
        let steps = self.steps.iter().enumerate();
        steps.filter(|(_, step)| !step.is_guarded())
    }

    /// Nothing but the files that we guard is put back without a look at what it is now.
    pub fn ensure_ours(&self) -> Result<()> {
        let guarded = self.steps.iter().filter(|step| step.is_guarded());
        for path in guarded.map(|step| &step.path) {
            let name = path.as_str().rsplit('/').next();
            ensure!(name == Some(GUARDED), "no journal of ours guards {path}");
        }
        Ok(())
    }
}

impl Left<'_> {
    fn is(self, now: Option<Vec<u8>>) -> bool {
        match self {
            Left::Text(sha256) => now.is_some_and(|bytes| hash(&bytes) == sha256),
            Left::Nothing => now.is_none(),
            Left::Anything => true,
        }
    }
}

impl Deed {
    pub fn noun(self) -> &'static str {
        match self {
            Self::Addition => "addition",
            Self::Regeneration => "regeneration",
        }
    }

    pub fn article(self) -> &'static str {
        match self {
            Self::Addition => "an",
            Self::Regeneration => "a",
        }
    }

    pub fn command(self) -> &'static str {
        match self {
            Self::Addition => "mcp-auth add",
            Self::Regeneration => "mcp-auth regenerate",
        }
    }

    /// What takes it back.
    pub fn flag(self) -> &'static str {
        match self {
            Self::Addition => "--undo",
            Self::Regeneration => "--abort",
        }
    }
}

impl Step {
    /// Other programs may change it as well.
    pub fn is_guarded(&self) -> bool {
        self.sha256.is_none() && !self.deleted
    }

    pub fn now(&self, root: &Path) -> Result<Option<Vec<u8>>> {
        Ok(project::read_existing(root, [&self.path])?.remove(&self.path))
    }

    /// What cannot be read, or lies behind a link, was not written by us.
    pub fn is_ours(&self, left: Left<'_>, root: &Path) -> bool {
        self.now(root).is_ok_and(|now| left.is(now))
    }
}

/// What is no text has the hash of what can be read of it: no text of ours has the same.
fn hash(bytes: &[u8]) -> String {
    state::sha256(&String::from_utf8_lossy(bytes))
}
