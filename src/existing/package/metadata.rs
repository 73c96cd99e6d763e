//! Translates cargo's metadata: only what lies in the workspace, with paths from its root.
//! Pure.

use anyhow::{Context, Result};
use cargo_metadata::{Metadata, MetadataCommand, TargetKind, camino::Utf8Path};

use super::{
    CrateKind, CrateRoot, Dependency, DependencyKind, Package, Workspace,
    lock::{Lock, is_registry},
};
use crate::relative::RelativePath;

pub fn workspace(json: &str, lock: &Lock) -> Result<Workspace> {
    let metadata: Metadata =
        MetadataCommand::parse(json).context("cannot read what `cargo metadata` says")?;
    let root = &metadata.workspace_root;
    let packages: Vec<Package> = metadata
        .packages
        .iter()
        .filter_map(|found| package(root, found, lock))
        .collect();
    Ok(Workspace {
        root: root.clone().into_std_path_buf(),
        packages,
    })
}

/// `None` if it lies outside of the workspace's folder.
fn package(root: &Utf8Path, found: &cargo_metadata::Package, lock: &Lock) -> Option<Package> {
    let manifest = relative(root, &found.manifest_path)?;
    let folder = manifest.as_str().strip_suffix("Cargo.toml")?.to_owned();
    let mut crates: Vec<CrateRoot> = found
        .targets
        .iter()
        .filter_map(|target| crate_root(root, target))
        .collect();
    crates.sort_by_key(|root| root.kind == CrateKind::Binary);
    Some(Package {
        name: found.name.to_string(),
        description: found.description.clone(),
        folder,
        manifest,
        edition: found.edition.to_string(),
        rust_version: found.rust_version.as_ref().map(ToString::to_string),
        crates,
        dependencies: found
            .dependencies
            .iter()
            .filter_map(|dependency| self::dependency(&found.name, dependency, lock))
            .collect(),
    })
}

fn crate_root(root: &Utf8Path, target: &cargo_metadata::Target) -> Option<CrateRoot> {
    let kind = target.kind.iter().find_map(|kind| match kind {
        TargetKind::Bin => Some(CrateKind::Binary),
        TargetKind::Lib
        | TargetKind::RLib
        | TargetKind::DyLib
        | TargetKind::CDyLib
        | TargetKind::StaticLib => Some(CrateKind::Library),
        _ => None,
    })?;
    Some(CrateRoot {
        kind,
        name: target.name.replace('-', "_"),
        file: relative(root, &target.src_path)?,
    })
}

/// `None` for a kind that cargo may get some day.
fn dependency(
    package: &str,
    found: &cargo_metadata::Dependency,
    lock: &Lock,
) -> Option<Dependency> {
    let kind = match found.kind {
        cargo_metadata::DependencyKind::Normal => DependencyKind::Normal,
        cargo_metadata::DependencyKind::Development => DependencyKind::Dev,
        cargo_metadata::DependencyKind::Build => DependencyKind::Build,
        _ => return None,
    };
    let locked = lock.resolved(package, &found.name, &found.req);
    let source = found.source.as_ref().map(|source| source.repr.as_str());
    Some(Dependency {
        package: found.name.clone(),
        key: found.rename.as_ref().unwrap_or(&found.name).clone(),
        requirement: found.req.to_string(),
        optional: found.optional,
        kind,
        target: found.target.as_ref().map(ToString::to_string),
        features: found.features.clone(),
        // `[patch]` shows in the lock file alone
        is_published: is_registry(source) && locked.is_none_or(|locked| locked.is_published()),
        locked: locked.map(|locked| locked.version.to_string()),
    })
}

fn relative(root: &Utf8Path, path: &Utf8Path) -> Option<RelativePath> {
    let parts: Vec<&str> = path
        .strip_prefix(root)
        .ok()?
        .components()
        .map(|part| part.as_str())
        .collect();
    parts.join("/").parse().ok()
}
