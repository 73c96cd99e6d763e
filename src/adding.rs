//! What `mcp-auth add` makes of a project: the files that are added, and the texts that are edited.
//! Pure but for `Files`, through which it reads the texts; `plan` makes the same kind of plan of it as for a new project.

mod facts;
mod places;
mod texts;
mod wiring;

use std::collections::BTreeMap;

use anyhow::Result;

use crate::{
    answers::Answers,
    catalog::Catalog,
    existing::{
        Files,
        mounts::{ByHand, Mount},
        package::Package,
        site::Site,
        stdio::{self, Stdio},
    },
    generate::{
        Generated,
        added::{self, Added, Http, Placement},
    },
    insertion::insert,
    lines,
    manifest::existing::{self as manifests, Manifests, Merged},
    plan::{self, Kind, Plan},
    refusal::{Exit, Problem, Refusal},
    relative::RelativePath,
    templates::TemplateSet,
    verify,
};
use facts::{features, gate, protected};
use places::{env_file, gitignore, path, patterns};
use texts::Texts;
use wiring::wire;

const MANIFEST: &str = "Cargo.toml";

/// The addition as files, with what people have to know about it.
pub struct Addition {
    pub generated: Generated,
    /// The texts that were edited, as they were.
    edited: BTreeMap<RelativePath, String>,
    pub mounts: Vec<Protected>,
    pub remaining: Vec<ByHand>,
    pub notes: Vec<String>,
    /// What has to be turned on for the mounts to be compiled.
    pub features: Vec<String>,
    /// Where the MCP service is mounted; `None` where the source does not tell.
    pub mcp_path: Option<String>,
    /// The file that shows the settings.
    pub env_file: RelativePath,
    /// `--http` chooses HTTP when the server is started.
    by_flag: bool,
}

/// A mount, and what becomes of its service.
pub struct Protected {
    pub mount: Mount,
    pub before: String,
    pub after: String,
}

/// What it is made from, besides the site.
pub struct Means<'a> {
    pub answers: &'a Answers,
    pub catalog: &'a Catalog,
    pub templates: &'a TemplateSet,
    pub files: &'a dyn Files,
    /// A missing `.gitignore` is of use.
    pub in_git: bool,
    /// Without them the crate is not compiled at all.
    pub required_features: Vec<String>,
    pub beside: Option<&'a Beside>,
}

/// HTTP beside what was served over stdio alone.
pub struct Beside {
    pub stdio: Stdio,
    /// The name of the module that serves HTTP.
    pub module: String,
}

pub fn addition(site: &Site, means: &Means<'_>) -> Result<Addition> {
    let wiring = wire(site, means.beside)?;
    let mut texts = Texts::new(means.files);
    let http = means.beside.map(|beside| Http {
        module: beside.module.clone(),
        layers: stdio::layers(&site.rmcp).map(str::to_owned).into(),
    });
    let merged = merge_manifests(site, means, http.as_ref(), &mut texts)?;
    let env_file = env_file(&site.package, means.files)?;
    let placement = placement(site, &merged, &env_file, http);
    let added = added::added(means.answers, means.catalog, means.templates, &placement)?;
    merge_lines(site, means, &added, &env_file, &mut texts)?;
    for edit in &wiring.edits {
        texts.edit(&edit.path, |present| insert(present, &edit.insertions))?;
    }
    let mut generated = Generated {
        files: added::complete(
            &added,
            &merged.contribution,
            means.answers,
            means.catalog,
            &placement,
        )?,
    };
    generated.files.extend(texts.after);
    Ok(Addition {
        generated,
        edited: texts.before,
        mounts: protected(site, &wiring.edits),
        remaining: site
            .remaining
            .iter()
            .chain(&wiring.remaining)
            .cloned()
            .collect(),
        notes: [&site.notes, &wiring.notes, &merged.notes]
            .into_iter()
            .flatten()
            .cloned()
            .collect(),
        features: features(&site.mounts, &means.required_features),
        mcp_path: mcp_path(site, means.beside.is_some()),
        env_file,
        by_flag: means.beside.is_some_and(|beside| beside.stdio.is_plain()),
    })
}

impl Addition {
    /// `existing` are the files of the project that have a path in `generated`.
    ///
    /// # Errors
    /// A `Refusal` with every file that would be overwritten.
    pub fn plan(&self, existing: BTreeMap<RelativePath, Vec<u8>>) -> Result<Plan> {
        let generated = Generated {
            files: self.generated.files.clone(),
        };
        let plan = plan::plan(generated, existing);
        let lost = plan.changes.iter().filter(|change| {
            let expected = self.edited.get(&change.path).map(String::as_bytes);
            change.kind == Kind::Replace && change.before.as_deref() != expected
        });
        let problems: Vec<Problem> = lost
            .map(|change| Problem::new(format!("{} is there already", change.path)))
            .collect();
        match problems.is_empty() {
            true => Ok(plan),
            false => Err(Refusal::many(Exit::Failed, problems)
                .hint("these would be overwritten: move them away, or undo what made them, and run again; nothing was written")
                .into()),
        }
    }

    /// Something is protected already; else a person has to see to that.
    pub fn is_complete(&self) -> bool {
        self.by_flag || !self.mounts.is_empty()
    }

    /// The usual command that starts the server.
    pub fn run(&self, package: &Package) -> String {
        match self.by_flag {
            true => verify::http_run(&package.name, &self.features),
            false => verify::cargo_run(&package.name, &self.features),
        }
    }
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
    }
}

/// Where the service is mounted; beside stdio we mount it ourselves.
fn mcp_path(site: &Site, is_beside: bool) -> Option<String> {
    match is_beside {
        true => Some("/mcp".to_owned()),
        false => facts::mcp_path(&site.mounts),
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
