//! Packages, crate roots and dependencies, as `cargo metadata` tells them.
//! Pure: JSON in, data out.

mod lock;
mod metadata;
#[cfg(test)]
mod tests;

use std::path::PathBuf;

use anyhow::Result;

use crate::relative::RelativePath;
use lock::Lock;

/// A cargo workspace, or a package that is alone.
#[derive(Clone, Debug)]
pub struct Workspace {
    /// Absolute. Every `RelativePath` of `existing` starts here.
    pub root: PathBuf,
    pub packages: Vec<Package>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Package {
    pub name: String,
    pub description: Option<String>,
    /// Where it lives: empty at the root, else with a `/` at its end, as in `crates/server/`.
    pub folder: String,
    pub manifest: RelativePath,
    /// `2021`, for example.
    pub edition: String,
    pub rust_version: Option<String>,
    /// The library first, if there is one, then the binaries. Tests, examples and benches are left out.
    pub crates: Vec<CrateRoot>,
    pub dependencies: Vec<Dependency>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CrateRoot {
    pub kind: CrateKind,
    /// As it is written in a path: `my_server`.
    pub name: String,
    pub file: RelativePath,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CrateKind {
    Library,
    Binary,
}

/// A dependency as the package's own manifest declares it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dependency {
    /// The package that is meant, such as `axum`.
    pub package: String,
    /// The name in the manifest, which differs if it is renamed.
    pub key: String,
    pub requirement: String,
    pub optional: bool,
    pub kind: DependencyKind,
    /// `cfg(unix)`, for example.
    pub target: Option<String>,
    pub features: Vec<String>,
    /// From a registry; otherwise a path, git or `[patch]`: somebody's own.
    pub is_published: bool,
    /// The version that `Cargo.lock` has for it; `None` without a lock file, or when several would do.
    pub locked: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DependencyKind {
    Normal,
    Dev,
    Build,
}

impl Workspace {
    /// From `cargo metadata --no-deps --format-version 1` and the text of `Cargo.lock`.
    pub fn parse(metadata_json: &str, lock: Option<&str>) -> Result<Self> {
        metadata::workspace(metadata_json, &Lock::parse(lock.unwrap_or_default())?)
    }
}

impl Package {
    /// The dependencies on `package` that its program is built with, whatever their names, features and targets.
    pub fn normal(&self, package: &str) -> impl Iterator<Item = &Dependency> {
        self.dependencies.iter().filter(move |dependency| {
            dependency.package == package && dependency.kind == DependencyKind::Normal
        })
    }

    pub fn depends_on(&self, package: &str) -> bool {
        self.normal(package).next().is_some()
    }
}

impl Dependency {
    /// How code names it: `-` becomes `_`.
    pub fn code_name(&self) -> String {
        self.key.replace('-', "_")
    }
}
