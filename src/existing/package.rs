//! Packages, crate roots and dependencies, as `cargo metadata` tells them.
//! Pure: JSON in, data out.

use std::path::PathBuf;

use crate::relative::RelativePath;

/// A cargo workspace, or a package that is alone.
#[derive(Clone, Debug)]
pub struct Workspace {
    /// Absolute. Every `RelativePath` of `existing` starts here.
    pub root: PathBuf,
    /// The root manifest has a `[workspace]`.
    pub is_declared: bool,
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
    /// From a registry; otherwise a path or git: somebody's own.
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

impl Dependency {
    /// How code names it: `-` becomes `_`.
    pub fn code_name(&self) -> String {
        self.key.replace('-', "_")
    }
}
