//! What `mcp-auth add` makes of a project: the files that are added, and the texts that are edited.
//! Pure but for `Files`, through which it reads the texts; `plan` makes the same kind of plan of it as for a new project.

mod facts;
mod texts;

use std::collections::BTreeMap;

use anyhow::Result;

use crate::{
    answers::Answers,
    catalog::Catalog,
    existing::{
        Files,
        mounts::{self, ByHand, Mount, Names, Wiring},
        package::Package,
        site::Site,
    },
    generate::{
        Generated,
        added::{self, Placement},
    },
    insertion::insert,
    lines,
    manifest::existing::{self as manifests, Manifests, Merged},
    plan::{self, Kind, Plan},
    refusal::{Exit, Problem, Refusal},
    relative::RelativePath,
    templates::TemplateSet,
};
use facts::{features, gate, mcp_path, protected};
use texts::Texts;

const MANIFEST: &str = "Cargo.toml";
const GITIGNORE: &str = ".gitignore";
const ENV_FILES: [&str; 2] = [".env.example", ".env.sample"];

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
}

pub fn addition(site: &Site, means: &Means<'_>) -> Result<Addition> {
    let wiring = wire(site)?;
    let mut texts = Texts::new(means.files);
    let merged = merge_manifests(site, means, &mut texts)?;
    let env_file = env_file(&site.package, means.files)?;
    let placement = placement(site, &merged, &env_file);
    let added = added::added(means.answers, means.catalog, means.templates, &placement)?;
    texts.edit(&env_file, |present| {
        lines::merge_env(present, &added.env_example)
    })?;
    if let Some(gitignore) = gitignore(&site.package, means)? {
        let patterns = patterns(&added.gitignore, &gitignore, &site.package);
        texts.edit(&gitignore, |present| {
            lines::merge_gitignore(present, &patterns)
        })?;
    }
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
        mcp_path: mcp_path(&site.mounts),
        env_file,
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
}

/// # Errors
/// A `Refusal` with what has to be done by hand, if nothing can be done without.
fn wire(site: &Site) -> Result<Wiring> {
    let code_name = |package: &str| {
        let dependency = site.package.normal(package).next();
        dependency.map_or_else(|| package.to_owned(), |dependency| dependency.code_name())
    };
    let names = Names {
        rmcp: code_name("rmcp"),
        axum: code_name("axum"),
    };
    let wiring = mounts::wire(&site.sources, &names, &site.mounts, &site.module);
    if !wiring.edits.is_empty() {
        return Ok(wiring);
    }
    let by_hand = site.remaining.iter().chain(&wiring.remaining);
    let problems = by_hand.map(|step| {
        let problem = Problem::new(format!("{}:{}: {}", step.file, step.line, step.why));
        problem.hint(step.steps.join("\n"))
    });
    Err(Refusal::many(Exit::Failed, problems.collect()).into())
}

fn merge_manifests(site: &Site, means: &Means<'_>, texts: &mut Texts<'_>) -> Result<Merged> {
    let additions = added::dependencies(means.answers, means.catalog, means.templates)?;
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

fn placement(site: &Site, merged: &Merged, env_file: &RelativePath) -> Placement {
    let package = &site.package.folder;
    let name = env_file.as_str();
    Placement {
        package: package.clone(),
        folder: site.module_folder.clone(),
        module: site.module.clone(),
        mcp_path: mcp_path(&site.mounts).unwrap_or_default(),
        env_file: name
            .strip_prefix(package.as_str())
            .unwrap_or(name)
            .to_owned(),
        renames: merged.renames.clone(),
    }
}

/// The one that is there, else the first.
fn env_file(package: &Package, files: &dyn Files) -> Result<RelativePath> {
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
fn gitignore(package: &Package, means: &Means<'_>) -> Result<Option<RelativePath>> {
    let (nearest, root) = (in_package(package, GITIGNORE)?, path(GITIGNORE)?);
    for path in [&nearest, &root] {
        if means.files.is_there(path)? {
            return Ok(Some(path.clone()));
        }
    }
    Ok(means.in_git.then_some(nearest))
}

/// A file above the package says where the package is, and covers its own folder too: programs may run in both.
fn patterns(patterns: &str, gitignore: &RelativePath, package: &Package) -> String {
    let folder = package.folder.as_str();
    if gitignore.as_str().starts_with(folder) {
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

fn path(text: &str) -> Result<RelativePath> {
    text.parse().map_err(anyhow::Error::msg)
}
