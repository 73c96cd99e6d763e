//! What was changed in the templates, and why: `templates/changes.toml`, one line of intent per change, with an advisory
//! where it fixes a weakness. Pure: text in, data out.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

/// Inside a template set; a set without it has no history.
pub const FILE: &str = "changes.toml";

/// In the order in which they were made.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Changes {
    #[serde(default, rename = "change")]
    all: Vec<Change>,
}

/// One change of the templates.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// Counts up from 1; a project records for each file the number of the newest one about it that is in it.
    pub number: u32,
    /// The day it was made: `2026-11-24`.
    pub date: String,
    /// Why, in one line.
    pub intent: String,
    /// The files of a new project that it concerns, such as `src/auth/bearer.rs`, or folders with a `/` at the end.
    pub files: BTreeSet<String>,
    /// Files that have another path since: from the old one to the new one.
    #[serde(default)]
    pub renamed: BTreeMap<String, String>,
    /// There if it fixes a weakness.
    pub advisory: Option<Advisory>,
}

/// A weakness of what was generated before.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Advisory {
    pub severity: Severity,
    /// Who can do what to a server without the fix, in a sentence or two.
    pub text: String,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    Low,
    Medium,
    High,
    Critical,
}

impl Changes {
    pub fn parse(text: &str) -> Result<Self> {
        toml_edit::de::from_str(text).context("templates/changes.toml is no list of changes")
    }

    pub fn all(&self) -> &[Change] {
        &self.all
    }

    /// The number of the newest one about this file of a new project; 0 if there is none.
    pub fn newest_of(&self, path: &str) -> u32 {
        let about = self.all.iter().filter(|change| change.concerns(path));
        about.map(|change| change.number).max().unwrap_or(0)
    }

    /// Those that are newer than what is in a file with this number, oldest first.
    pub fn after(&self, revision: u32) -> impl Iterator<Item = &Change> {
        let mut newer: Vec<&Change> = self
            .all
            .iter()
            .filter(|change| change.number > revision)
            .collect();
        newer.sort_by_key(|change| change.number);
        newer.into_iter()
    }
}

impl Change {
    /// Whether it is about this file of a new project, by the name that it had or got.
    pub fn concerns(&self, path: &str) -> bool {
        let is_inside =
            |folder: &String| folder.ends_with('/') && path.starts_with(folder.as_str());
        let renamed = || {
            self.renamed
                .iter()
                .any(|(old, new)| old == path || new == path)
        };
        self.files.contains(path) || self.files.iter().any(is_inside) || renamed()
    }
}
