//! Where an addition goes, and what of the workspace around it has changed for it.
//! Pure.

use std::collections::BTreeMap;

use anyhow::{Context, Result};

use super::{GITIGNORE, Http, MANIFEST};
use crate::{generate::inner_path, relative::RelativePath};

/// Where things go, relative to the workspace's root. Folders are empty or end with `/`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Placement {
    /// The package: `crates/server/`.
    pub package: String,
    /// The folder of the crate root: `crates/server/src/`.
    pub folder: String,
    /// `auth`, or another name where that is taken.
    pub module: String,
    /// Under which path clients reach the MCP service: `/mcp`. Empty for the whole server, or if nobody knows.
    pub mcp_path: String,
    /// The file in the package's folder that shows the settings: `.env.example`, or `.env.sample` if that is there.
    pub env_file: String,
    /// Crates that have another name in this package: `reqwest` -> `auth_reqwest`.
    pub renames: BTreeMap<String, String>,
    /// HTTP beside stdio, if the server speaks only that.
    pub http: Option<Http>,
    /// What has to be turned on for the server to be compiled.
    pub features: Vec<String>,
    /// The feature that turns the server on, and the new dependencies with it.
    pub gate: Option<String>,
    /// The hash of what was asked for in `Cargo.toml`; while that stays, nothing is decided anew.
    pub dependencies: String,
    /// Our part of the files that are outside of the package, in the workspace's root: `Cargo.toml`, `.gitignore`.
    pub workspace: BTreeMap<String, String>,
}

impl Placement {
    /// The module's folder from the package: `src/auth`.
    pub fn source(&self) -> Result<String> {
        let inner = self.folder.strip_prefix(&self.package);
        let inner = inner.with_context(|| {
            format!("{} is outside of the package {}", self.folder, self.package)
        })?;
        Ok(format!("{inner}{}", self.module))
    }

    pub(super) fn in_package(&self, path: &str) -> Result<RelativePath> {
        inner_path(&format!("{}{path}", self.package))
    }

    /// Whether only a part of this file is ours; the rest is its owner's. The path is from the package's folder.
    pub fn is_share(&self, path: &RelativePath) -> bool {
        [MANIFEST, GITIGNORE, &self.env_file].contains(&path.as_str())
    }
}
