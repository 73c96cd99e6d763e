//! What is there before an addition: the workspace as cargo sees it, its files, and the place that the person named.

use std::path::Path;

use anyhow::Result;

use crate::{
    cli,
    existing::{Files, package::Workspace, site::Wish},
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
        workspace,
        files,
    })
}

pub fn wish(typed: &cli::Add, project: &Project) -> Wish {
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

    pub fn has_env(&self) -> Result<bool> {
        self.files.is_there(&path(".env")?)
    }
}

fn path(text: &str) -> Result<RelativePath> {
    text.parse().map_err(anyhow::Error::msg)
}
