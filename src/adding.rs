//! What `mcp-auth add` makes of a project: the files that are added, and the texts that are edited.
//! Pure but for `Files`, through which it reads the texts; `plan` makes the same kind of plan of it as for a new project.

mod again;
pub mod anew;
mod facts;
mod files;
mod neighbours;
pub mod places;
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
        stdio::Stdio,
    },
    generate::Generated,
    insertion::insert,
    plan::{self, Kind, Plan},
    refusal::{Exit, Problem, Refusal},
    relative::RelativePath,
    templates::TemplateSet,
    verify,
};
use facts::{features, protected};
use files::Made;
use places::env_file;
use texts::Texts;
use wiring::wire;

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
    pub presence: Presence,
    /// `--http` chooses HTTP when the server is started.
    by_flag: bool,
}

/// Whether the module was added before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    Absent,
    /// Only new mounts are left to be protected.
    Present,
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
    pub presence: Presence,
    /// `--force`
    pub force: bool,
}

/// HTTP beside what was served over stdio alone.
pub struct Beside {
    pub stdio: Stdio,
    /// The name of the module that serves HTTP.
    pub module: String,
}

pub fn addition(site: &Site, means: &Means<'_>) -> Result<Addition> {
    let wiring = wire(site, means.beside, means.presence)?;
    let (login_notes, login_steps) = login(site, means)?;
    let mut texts = Texts::new(means.files);
    let env_file = env_file(&site.package, means.files)?;
    let made = match means.presence {
        Presence::Absent => files::make(site, means, &env_file, &mut texts)?,
        Presence::Present => Made::default(),
    };
    for edit in &wiring.edits {
        texts.edit(&edit.path, |present| insert(present, &edit.insertions))?;
    }
    let mut generated = Generated { files: made.files };
    generated.files.extend(texts.after);
    let remaining = site.remaining.iter().chain(&wiring.remaining);
    let notes = [&site.notes, &wiring.notes, &made.notes, &login_notes];
    Ok(Addition {
        generated,
        edited: texts.before,
        mounts: protected(site, &wiring.edits),
        remaining: remaining.cloned().chain(login_steps).collect(),
        notes: notes.into_iter().flatten().cloned().collect(),
        features: features(&site.mounts, &means.required_features),
        mcp_path: mcp_path(site, means.beside.is_some()),
        env_file,
        presence: means.presence,
        by_flag: means.beside.is_some_and(|beside| beside.stdio.is_plain()),
    })
}

/// Notes and steps about what is beside the login pages, where this server has them.
fn login(site: &Site, means: &Means<'_>) -> Result<(Vec<String>, Option<ByHand>)> {
    if !neighbours::has_logins(means.answers, means.catalog)? {
        return Ok((Vec::new(), None));
    }
    let step = match means.beside {
        Some(_) => None,
        None => neighbours::addresses(site),
    };
    Ok((neighbours::routes(site, means.force)?, step))
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
            .map(|change| match self.edited.contains_key(&change.path) {
                true => Problem::new(format!("{} was changed in the meantime", change.path)),
                false => Problem::new(format!("{} is there already", change.path)),
            })
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

/// Where the service is mounted; beside stdio we mount it ourselves.
fn mcp_path(site: &Site, is_beside: bool) -> Option<String> {
    match is_beside {
        true => Some("/mcp".to_owned()),
        false => facts::mcp_path(&site.mounts),
    }
}
