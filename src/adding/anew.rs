//! What an addition would be today: the same places, with other answers or newer templates. What people wired in their
//! code stays, as all options are wired alike. Pure but for `Files`.

mod around;

use std::{borrow::Cow, collections::BTreeMap};

use anyhow::{Context, Result};

use super::{
    files::borrowed,
    neighbours,
    places::{self, GITIGNORE, MANIFEST, is_outside, path, patterns},
};
use crate::{
    answers::Answers,
    catalog::Catalog,
    existing::{
        Files,
        mounts::ByHand,
        package::{Package, Workspace},
        site::{Site, shown},
        stdio,
    },
    generate::{
        Output,
        added::{self, Http, Placement, Shares},
    },
    manifest::existing::{self as manifests, Manifests},
    plan::{Change, Plan},
    relative::RelativePath,
    templates::TemplateSet,
};

/// What was added, and where.
pub struct Earlier<'a> {
    pub workspace: &'a Workspace,
    pub package: &'a Package,
    /// From the workspace's root.
    pub files: &'a dyn Files,
    pub in_git: bool,
    /// As it was recorded, for a package in no folder.
    pub placement: Placement,
    /// The pristine copy of what `Cargo.toml` got.
    pub manifest: &'a str,
    /// The same of the package's own `.gitignore`, if that got something.
    pub gitignore: Option<&'a str>,
}

/// What is asked for now.
pub struct Now<'a> {
    pub answers: &'a Answers,
    pub catalog: &'a Catalog,
    pub templates: &'a TemplateSet,
}

/// The addition as it is now.
pub struct Anew {
    /// For a package in no folder, as the paths of the files are.
    pub placement: Placement,
    /// Files of their own, and our parts of others: `Placement::is_share`.
    pub generated: BTreeMap<RelativePath, Output>,
    /// Worth knowing, in a sentence each.
    pub notes: Vec<String>,
    /// Files of the workspace outside of the package, by their paths there.
    pub around: Vec<Change>,
    folder: String,
}

/// Our parts of the manifests, and what follows from them.
struct Decided {
    member: String,
    root: String,
    renames: BTreeMap<String, String>,
    gate: Option<String>,
    notes: Vec<String>,
}

/// # Errors
/// A `Refusal` if what is needed does not go with the dependencies that are there.
pub fn anew(earlier: &Earlier<'_>, now: &Now<'_>) -> Result<Anew> {
    let mut placement = earlier.placement.clone();
    placement.http = http(earlier);
    let (answers, catalog, templates) = (now.answers, now.catalog, now.templates);
    let wanted = added::dependencies(answers, catalog, templates, placement.http.as_ref())?;
    placement.dependencies = added::digest(&wanted);
    let decided = match placement.dependencies == earlier.placement.dependencies {
        true => as_before(earlier),
        false => decide(earlier, &wanted)?,
    };
    (placement.renames, placement.gate) = (decided.renames, decided.gate);
    let added = added::added(answers, catalog, templates, &placement)?;
    let mut shares = Shares {
        manifest: decided.member,
        gitignore: None,
    };
    placement.workspace = BTreeMap::from([(MANIFEST.to_owned(), decided.root)]);
    if let Some(path) = gitignore(earlier)? {
        let new = patterns(&added.gitignore, &path, earlier.package);
        match is_outside(&path, earlier.package) {
            true => {
                let patterns = with_earlier(outside(earlier, GITIGNORE), &new);
                placement.workspace.insert(path.to_string(), patterns);
            }
            false => {
                let before = earlier.gitignore.unwrap_or_default();
                shares.gitignore = Some(with_earlier(before, &new));
            }
        }
    }
    let generated = added::parts(&added, &shares, &placement)?;
    let mut notes = decided.notes;
    let around = around::around(earlier, &mut placement, &mut notes)?;
    Ok(Anew {
        placement,
        generated,
        notes,
        around,
        folder: earlier.package.folder.clone(),
    })
}

impl Anew {
    /// The plan of the package as one of the workspace, with its files outside of the package.
    pub fn whole(&self, plan: &Plan) -> Result<Plan> {
        let within = |inner: &RelativePath| path(&format!("{}{inner}", self.folder));
        let mut changes = self.around.clone();
        for change in &plan.changes {
            changes.push(Change {
                path: within(&change.path)?,
                moved_from: change.moved_from.as_ref().map(within).transpose()?,
                ..change.clone()
            });
        }
        changes.sort_by(|one, other| one.path.cmp(&other.path));
        Ok(Plan { changes })
    }
}

/// The module that serves HTTP depends on rmcp's version, which people raise.
fn http(earlier: &Earlier<'_>) -> Option<Http> {
    let http = earlier.placement.http.clone()?;
    let layers = earlier.package.normal("rmcp").next().map(shown);
    let layers = layers.map(|version| stdio::layers(&version).map(str::to_owned).to_vec());
    Some(Http {
        layers: layers.unwrap_or(http.layers),
        ..http
    })
}

/// The same dependencies: whatever their owner has made of the manifests, nothing is decided anew.
fn as_before(earlier: &Earlier<'_>) -> Decided {
    Decided {
        member: earlier.manifest.to_owned(),
        root: outside(earlier, MANIFEST).to_owned(),
        renames: earlier.placement.renames.clone(),
        gate: earlier.placement.gate.clone(),
        notes: Vec::new(),
    }
}

/// As if nothing had been added yet.
fn decide(earlier: &Earlier<'_>, wanted: &[(String, Cow<'_, str>)]) -> Result<Decided> {
    let Earlier { package, files, .. } = earlier;
    let read = |path: &RelativePath| {
        let text = files.read(path)?;
        text.with_context(|| format!("{path} cannot be read as text"))
    };
    let member = manifests::without(&read(&package.manifest)?, earlier.manifest)?;
    let root = path(MANIFEST)?;
    let workspace = match package.manifest == root {
        true => None,
        false => Some(manifests::without(
            &read(&root)?,
            outside(earlier, MANIFEST),
        )?),
    };
    let manifests = Manifests {
        member: &member,
        workspace: workspace.as_deref(),
    };
    let gate = earlier.placement.gate.as_deref();
    let merged = manifests::add(&manifests, package, &borrowed(wanted), gate)?;
    let is_new = merged.contribution != earlier.manifest;
    Ok(Decided {
        member: merged.contribution,
        root: merged.shared,
        renames: merged.renames,
        gate: merged.gate,
        notes: if is_new { merged.notes } else { Vec::new() },
    })
}

/// Where the patterns went, or where they would go now.
fn gitignore(earlier: &Earlier<'_>) -> Result<Option<RelativePath>> {
    let Earlier { package, files, .. } = earlier;
    match earlier.gitignore {
        _ if earlier.placement.workspace.contains_key(GITIGNORE) => path(GITIGNORE).map(Some),
        Some(_) => path(&format!("{}{GITIGNORE}", package.folder)).map(Some),
        None => places::gitignore(package, *files, earlier.in_git),
    }
}

/// What is ignored stays ignored: keys and logins do not go with the option that made them.
fn with_earlier(before: &str, new: &str) -> String {
    let more = new
        .lines()
        .filter(|line| before.lines().all(|known| known != *line));
    let more: String = more.map(|line| format!("{line}\n")).collect();
    format!("{before}{more}")
}

fn outside<'a>(earlier: &'a Earlier<'_>, name: &str) -> &'a str {
    let share = earlier.placement.workspace.get(name);
    share.map(String::as_str).unwrap_or_default()
}

/// Whether people will log in here who did not before.
pub fn begins_to_log_in(before: &Answers, now: &Now<'_>) -> Result<bool> {
    let logs_in = |answers| neighbours::has_logins(answers, now.catalog);
    // other templates may not know the option of before
    Ok(logs_in(now.answers)? && !logs_in(before).unwrap_or(false))
}

/// What the project has beside the login pages that are new to it: notes, and a step that is left to people.
pub fn beside_logins(site: &Site, placement: &Placement) -> Result<(Vec<String>, Option<ByHand>)> {
    let step = match placement.http {
        Some(_) => None,
        None => neighbours::addresses(site),
    };
    let clashes = neighbours::routes(site, true)?.into_iter();
    let notes = clashes.map(|clash| {
        format!("{clash}: axum ends a server that has a route twice, so rename it unless it is nested under another path")
    });
    Ok((notes.collect(), step))
}
