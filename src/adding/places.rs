//! Which files of the project get lines: the settings and what git is to ignore.
//! Looks through `Files` whether they are there.

use anyhow::Result;

use crate::{
    existing::{Files, package::Package},
    relative::RelativePath,
};

pub const MANIFEST: &str = "Cargo.toml";
pub const GITIGNORE: &str = ".gitignore";
const ENV_FILES: [&str; 2] = [".env.example", ".env.sample"];

/// The one that is there, else the first.
pub fn env_file(package: &Package, files: &dyn Files) -> Result<RelativePath> {
    let [usual, _] = ENV_FILES;
    for name in ENV_FILES {
        let path = in_package(package, name)?;
        if files.is_there(&path)? {
            return Ok(path);
        }
    }
    in_package(package, usual)
}

/// The nearest; a new one only where git is.
pub fn gitignore(
    package: &Package,
    files: &dyn Files,
    in_git: bool,
) -> Result<Option<RelativePath>> {
    let (nearest, root) = (in_package(package, GITIGNORE)?, path(GITIGNORE)?);
    for path in [&nearest, &root] {
        if files.is_there(path)? {
            return Ok(Some(path.clone()));
        }
    }
    Ok(in_git.then_some(nearest))
}

/// Whether the file is one of the workspace's root, and not of the package.
pub fn is_outside(path: &RelativePath, package: &Package) -> bool {
    !path.as_str().starts_with(&package.folder)
}

/// A file above the package says where the package is, and covers its own folder too: programs may run in both.
pub fn patterns(patterns: &str, gitignore: &RelativePath, package: &Package) -> String {
    let folder = package.folder.as_str();
    if !is_outside(gitignore, package) {
        return patterns.to_owned();
    }
    let both = |line: &str| match line.strip_prefix('/') {
        Some(pattern) => format!("{line}\n/{folder}{pattern}\n"),
        None => format!("{line}\n"),
    };
    patterns.lines().map(both).collect()
}

fn in_package(package: &Package, name: &str) -> Result<RelativePath> {
    path(&format!("{}{name}", package.folder))
}

pub fn path(text: &str) -> Result<RelativePath> {
    text.parse().map_err(anyhow::Error::msg)
}
