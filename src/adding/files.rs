//! The files that are added, and what is merged into files that are there: manifests, settings, `.gitignore`.
//! Reads through `Files`.

use std::{borrow::Cow, collections::BTreeMap};

use anyhow::Result;

use super::{
    Means,
    facts::{features, gate},
    mcp_path,
    places::{MANIFEST, gitignore, is_outside, path, patterns},
    texts::Texts,
};
use crate::{
    existing::{site::Site, stdio},
    generate::{
        Output,
        added::{self, Http, Placement, Shares},
    },
    lines,
    manifest::existing::{self as manifests, Manifests, Merged},
    relative::RelativePath,
};

#[derive(Default)]
pub struct Made {
    pub files: BTreeMap<RelativePath, Output>,
    pub notes: Vec<String>,
}

pub fn make(
    site: &Site,
    means: &Means<'_>,
    env_file: &RelativePath,
    texts: &mut Texts<'_>,
) -> Result<Made> {
    let http = means.beside.map(|beside| Http {
        module: beside.module.clone(),
        layers: stdio::layers(&site.rmcp).map(str::to_owned).into(),
    });
    let (answers, catalog, templates) = (means.answers, means.catalog, means.templates);
    let wanted = added::dependencies(answers, catalog, templates, http.as_ref())?;
    let merged = merge_manifests(site, &wanted, texts)?;
    let mut placement = placement(site, means, &merged, env_file, http);
    placement.dependencies = added::digest(&wanted);
    let added = added::added(answers, catalog, templates, &placement)?;
    texts.edit(env_file, |present| {
        lines::merge_env(present, &added.env_example)
    })?;
    let mut shares = Shares {
        manifest: merged.contribution,
        gitignore: None,
    };
    if let Some(path) = gitignore(&site.package, means.files, means.in_git)? {
        let patterns = patterns(&added.gitignore, &path, &site.package);
        texts.edit(&path, |present| lines::merge_gitignore(present, &patterns))?;
        match is_outside(&path, &site.package) {
            true => _ = placement.workspace.insert(path.to_string(), patterns),
            false => shares.gitignore = Some(patterns),
        }
    }
    Ok(Made {
        files: added::complete(&added, &shares, answers, catalog, templates, &placement)?,
        notes: merged.notes.into_iter().chain(merged.shipping).collect(),
    })
}

fn merge_manifests(
    site: &Site,
    wanted: &[(String, Cow<'_, str>)],
    texts: &mut Texts<'_>,
) -> Result<Merged> {
    let root = path(MANIFEST)?;
    let member = texts.read(&site.package.manifest)?;
    let workspace = match site.package.manifest == root {
        true => None,
        false => Some(texts.read(&root)?),
    };
    let manifests = Manifests {
        member: &member,
        workspace: workspace.as_deref(),
    };
    let gate = gate(&site.mounts);
    let merged = manifests::add(
        &manifests,
        &site.package,
        &borrowed(wanted),
        gate.as_deref(),
    )?;
    texts.edit(&site.package.manifest, |_| merged.member.clone())?;
    if let Some(workspace) = &merged.workspace {
        texts.edit(&root, |_| workspace.clone())?;
    }
    Ok(merged)
}

/// As `manifests::add` takes them.
pub fn borrowed<'a>(wanted: &'a [(String, Cow<'_, str>)]) -> Vec<(&'a str, &'a str)> {
    let texts = wanted.iter();
    texts
        .map(|(path, text)| (path.as_str(), text.as_ref()))
        .collect()
}

fn placement(
    site: &Site,
    means: &Means<'_>,
    merged: &Merged,
    env_file: &RelativePath,
    http: Option<Http>,
) -> Placement {
    let package = &site.package.folder;
    let name = env_file.as_str();
    Placement {
        package: package.clone(),
        folder: site.module_folder.clone(),
        module: site.module.clone(),
        mcp_path: mcp_path(site, http.is_some()).unwrap_or_default(),
        env_file: name
            .strip_prefix(package.as_str())
            .unwrap_or(name)
            .to_owned(),
        renames: merged.renames.clone(),
        http,
        features: features(&site.mounts, &means.required_features),
        gate: merged.gate.clone(),
        dependencies: String::new(),
        workspace: shared(merged),
    }
}

/// What the manifest of the workspace got, if that is another file.
fn shared(merged: &Merged) -> BTreeMap<String, String> {
    let manifest = (MANIFEST.to_owned(), merged.shared.clone());
    let share = (!merged.shared.is_empty()).then_some(manifest);
    share.into_iter().collect()
}
