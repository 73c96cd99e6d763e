//! What `mcp-auth.toml` says, as data: the answers a project was made with, where things are, what is known of each file.
//! Pure.

mod answers;

use std::{collections::BTreeMap, ops::Range};

use anyhow::Result;
use serde::Deserialize;
use toml_edit::Document;

use super::{ADDED, FileRecord, read::ensure_none, shape::Wrong};
use crate::{
    catalog::Class,
    generate::added::{Http, Placement},
    relative::RelativePath,
};

#[derive(Debug, Deserialize)]
pub struct Recorded {
    /// As it is, to tell places in it.
    #[serde(skip)]
    pub(super) text: String,
    /// The version that wrote it.
    pub generator: String,
    answers: RecordedAnswers,
    /// There if the project was there before.
    pub added: Option<RecordedPlace>,
    #[serde(default)]
    pub templates: RecordedTemplates,
    /// By their path from the project's folder.
    files: BTreeMap<RelativePath, RecordedFile>,
}

#[derive(Debug, Deserialize)]
pub struct RecordedTemplates {
    /// `embedded`, or a folder as seen from the project's.
    pub set: String,
    pub sha256: String,
}

/// What wrote records without that had one set alone.
impl Default for RecordedTemplates {
    fn default() -> Self {
        Self {
            set: "embedded".to_owned(),
            sha256: String::new(),
        }
    }
}

#[derive(Debug, Deserialize)]
struct RecordedFile {
    class: Class,
    sha256: String,
    mode: Option<String>,
    #[serde(default)]
    revision: u32,
    #[serde(default)]
    deleted: bool,
}

#[derive(Clone, Debug, Deserialize)]
struct RecordedAnswers {
    name: String,
    description: String,
    auth: String,
    preset: String,
    scopes: Vec<String>,
    port: u16,
    #[serde(default)]
    extras: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub struct RecordedPlace {
    pub module: String,
    /// The module's folder from the package: `src/auth`.
    pub source: String,
    /// Empty where the source does not tell.
    pub mcp_path: String,
    pub env_file: String,
    #[serde(default)]
    pub renames: BTreeMap<String, String>,
    pub http: Option<Http>,
    #[serde(default)]
    pub features: Vec<String>,
    pub gate: Option<String>,
    #[serde(default)]
    pub dependencies: String,
    #[serde(default)]
    pub workspace: BTreeMap<String, String>,
}

impl Recorded {
    /// What is known of each file, by its path from the project's folder.
    pub fn files(&self) -> BTreeMap<RelativePath, FileRecord> {
        let files = self.files.iter().map(|(path, file)| {
            let record = FileRecord {
                class: file.class,
                sha256: file.sha256.clone(),
                executable: file.mode.as_deref() == Some("755"),
                revision: file.revision,
                deleted: file.deleted,
            };
            (path.clone(), record)
        });
        files.collect()
    }

    /// What fits only together.
    pub(super) fn ensure_fitting(&self) -> Result<()> {
        let Some(RecordedPlace { module, source, .. }) = &self.added else {
            return Ok(());
        };
        let is_fitting = source.rsplit('/').next() == Some(module);
        let wrong = (!is_fitting).then(|| Wrong {
            place: self.span(ADDED, "source"),
            what: format!("`source` must end with the name of the module, `{module}`"),
        });
        ensure_none(&self.text, wrong.into_iter().collect())
    }

    /// Where a value is in the text.
    fn span(&self, table: &str, key: &str) -> Option<Range<usize>> {
        let document = Document::parse(self.text.as_str()).ok()?;
        document.as_table().get(table)?.get(key)?.span()
    }
}

impl RecordedPlace {
    /// For the package in that folder, which is empty or ends with `/`.
    pub fn placement(&self, package: &str) -> Placement {
        let folder = self.source.strip_suffix(&self.module);
        let folder = folder.unwrap_or(&self.source);
        Placement {
            package: package.to_owned(),
            folder: format!("{package}{folder}"),
            module: self.module.clone(),
            mcp_path: self.mcp_path.clone(),
            env_file: self.env_file.clone(),
            renames: self.renames.clone(),
            http: self.http.clone(),
            features: self.features.clone(),
            gate: self.gate.clone(),
            dependencies: self.dependencies.clone(),
            workspace: self.workspace.clone(),
        }
    }
}
