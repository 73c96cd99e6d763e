//! The files that are added, and what is merged into files that are there: manifests, settings, `.gitignore`.
//! Reads through `Files`.

use std::collections::BTreeMap;

use anyhow::Result;

use super::{
    Means,
    facts::{features, gate},
    mcp_path,
    places::{gitignore, path, patterns},
    texts::Texts,
};
use crate::{
    existing::{site::Site, stdio},
    generate::{
        Output,
        added::{self, Added, Http, Placement},
    },
    lines,
    manifest::existing::{self as manifests, Manifests, Merged},
    relative::RelativePath,
};

const MANIFEST: &str = "Cargo.toml";

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
    let merged = merge_manifests(site, means, http.as_ref(), texts)?;
    let placement = placement(site, means, &merged, env_file, http);
    let added = added::added(means.answers, means.catalog, means.templates, &placement)?;
    merge_lines(site, means, &added, env_file, texts)?;
    Ok(Made {
        files: added::complete(
            &added,
            &merged.contribution,
            means.answers,
            means.catalog,
            &placement,
        )?,
        notes: merged.notes,
    })
}

fn merge_manifests(
    site: &Site,
    means: &Means<'_>,
    http: Option<&Http>,
    texts: &mut Texts<'_>,
) -> Result<Merged> {
    let additions = added::dependencies(means.answers, means.catalog, means.templates, http)?;
    let additions: Vec<(&str, &str)> = additions
        .iter()
        .map(|(path, text)| (path.as_str(), text.as_ref()))
        .collect();
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
    let merged = manifests::add(&manifests, &site.package, &additions, gate.as_deref())?;
    texts.edit(&site.package.manifest, |_| merged.member.clone())?;
    if let Some(workspace) = &merged.workspace {
        texts.edit(&root, |_| workspace.clone())?;
    }
    Ok(merged)
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
    }
}

fn merge_lines(
    site: &Site,
    means: &Means<'_>,
    added: &Added,
    env_file: &RelativePath,
    texts: &mut Texts<'_>,
) -> Result<()> {
    texts.edit(env_file, |present| {
        lines::merge_env(present, &added.env_example)
    })?;
    let Some(gitignore) = gitignore(&site.package, means)? else {
        return Ok(());
    };
    let patterns = patterns(&added.gitignore, &gitignore, &site.package);
    texts.edit(&gitignore, |present| {
        lines::merge_gitignore(present, &patterns)
    })
}
