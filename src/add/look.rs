//! What is there before an addition: the workspace as cargo sees it, its files, and the place that the person named.

use std::path::{Path, PathBuf};

use anyhow::Result;
use cargo_metadata::{Metadata, MetadataCommand};

use crate::{
    adding::Beside,
    cli,
    existing::{
        Files,
        package::{CrateRoot, Package, Workspace},
        site::{self, Site, Wish},
    },
    process,
    project::{self, files::Disk},
    relative::RelativePath,
};

pub struct Project {
    pub workspace: Workspace,
    pub files: Disk,
    /// Where the person is or has pointed at, in the workspace: empty, or with `/` at its end.
    folder: String,
    pub in_git: bool,
    metadata: Metadata,
}

pub fn look(here: &Path) -> Result<Project> {
    let metadata = process::cargo::metadata(here)?;
    let root = Workspace::parse(&metadata, None)?.root;
    let files = Disk::new(&root);
    let lock = files.read(&path("Cargo.lock")?)?;
    let workspace = Workspace::parse(&metadata, lock.as_deref())?;
    let folder = project::inside(&root, here).unwrap_or_default();
    Ok(Project {
        folder: if folder.is_empty() {
            folder
        } else {
            folder + "/"
        },
        in_git: project::look_at(&root)?.in_git,
        metadata: MetadataCommand::parse(&metadata)?,
        workspace,
        files,
    })
}

/// Where authentication goes, and with `--http` also what will serve HTTP.
pub fn site(typed: &cli::Add, project: &Project) -> Result<(Site, Option<Beside>)> {
    let (workspace, wish) = (&project.workspace, wish(typed, project));
    let site = site::find(workspace, &wish, &project.files);
    if !typed.http || site.as_ref().is_ok_and(|site| site.is_done) {
        return Ok((site?, None));
    }
    let found = site::find_stdio(workspace, &wish, &project.files)?;
    let beside = Beside {
        stdio: found.stdio,
        module: found.http,
    };
    Ok((found.site, Some(beside)))
}

fn wish(typed: &cli::Add, project: &Project) -> Wish {
    Wish {
        package: typed.package.clone(),
        at: typed
            .at
            .iter()
            .map(|at| from_root(at, project.root()))
            .collect(),
        force: typed.force,
        folder: project.folder.clone(),
    }
}

/// `FILE:LINE` as people type it where they stand; what is not there is left for others to judge.
fn from_root(at: &str, root: &Path) -> String {
    let seen = at.rsplit_once(':').and_then(|(file, line)| {
        let file = project::inside(root, Path::new(file))?;
        Some(format!("{file}:{line}"))
    });
    seen.unwrap_or_else(|| at.to_owned())
}

impl Project {
    pub fn root(&self) -> &Path {
        &self.workspace.root
    }

    /// What has to be turned on for the crate to be compiled at all: `required-features` in its manifest.
    pub fn required_features(&self, krate: &CrateRoot) -> Vec<String> {
        let file = self.root().join(krate.file.native());
        let targets = self
            .metadata
            .packages
            .iter()
            .flat_map(|package| &package.targets);
        let mut its = targets.filter(|target| target.src_path == file);
        let found = its.next().map(|target| target.required_features.clone());
        found.unwrap_or_default()
    }

    /// The one whose folder the person named.
    pub fn package_here(&self) -> Option<&Package> {
        let mut packages = self.workspace.packages.iter();
        packages.find(|package| package.folder == self.folder)
    }

    /// From where the person is; empty if that is the same.
    pub fn folder_of(&self, package: &Package) -> Result<PathBuf> {
        project::from_here(&self.root().join(&package.folder))
    }

    pub fn has_env(&self, package: &Package) -> Result<bool> {
        self.files
            .is_there(&path(&format!("{}.env", package.folder))?)
    }
}

fn path(text: &str) -> Result<RelativePath> {
    text.parse().map_err(anyhow::Error::msg)
}
