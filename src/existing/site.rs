//! The place where authentication goes: one package, its mounts; or the reason why there is none.
//! Joins the other files of `existing`; pure but for `Files`.

mod absent;
mod at;
mod authentication;
mod choice;
mod look;
mod module;
mod relevant;
mod remaining;
mod requirement;
mod stdio;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;

pub use requirement::shown;
pub use stdio::find_stdio;

use super::{
    Files,
    modules::{CrateSources, SourceFile},
    mounts::{ByHand, Mount},
    package::{Package, Workspace},
};
use crate::{
    refusal::{Exit, Problem, Refusal},
    relative::RelativePath,
};
use choice::Choice;

/// What a person said about the place.
#[derive(Clone, Debug, Default)]
pub struct Wish {
    /// `--package`
    pub package: Option<String>,
    /// `--at FILE:LINE`, as typed; the file is relative to where the person stands or to the workspace.
    pub at: Vec<String>,
    /// `--force`: authentication that is there already is no obstacle.
    pub force: bool,
    /// The folder the person named, relative to the workspace's root: empty, or with `/` at its end.
    pub folder: String,
}

/// Where authentication goes.
#[derive(Clone, Debug)]
pub struct Site {
    pub package: Package,
    /// The crate that gets the module: its root, and the files that may have to do with services.
    pub sources: CrateSources,
    pub mounts: Vec<Mount>,
    /// The module's name: `auth`, or `mcp_auth` where that is taken.
    pub module: String,
    /// What the line that declares it needs besides: `rustfmt::skip`.
    pub module_attributes: Vec<&'static str>,
    /// The folder of the crate root, as in `crates/server/src/`: `auth.rs` goes here.
    pub module_folder: String,
    /// `add` was here before: mounts are wrapped already.
    pub is_done: bool,
    /// The locked version of rmcp, else its requirement.
    pub rmcp: String,
    /// Steps that remain for a person, whatever is edited.
    pub remaining: Vec<ByHand>,
    /// Worth knowing, in a sentence each.
    pub notes: Vec<String>,
}

/// Finds the site. All reasons against it come as one `Refusal`, with file, line and what to do.
pub fn find(workspace: &Workspace, wish: &Wish, files: &dyn Files) -> Result<Site> {
    let packages = choice::packages(workspace, wish)?;
    let looks = look::look(&packages, files)?;
    let Some(choice) = choice::choose(&looks, wish)? else {
        return Err(absent::refusal(workspace, &packages, &looks, files)?.into());
    };
    let is_done = choice.mounts.is_empty();
    if is_done && !is_declared(&choice) {
        return Err(undeclared(&choice).into());
    }
    let problems = obstacles(&choice, wish);
    if !is_done && !problems.is_empty() {
        return Err(Refusal::many(Exit::Failed, hinted_once(problems)).into());
    }
    settle(workspace, choice, is_done, files)
}

fn settle(
    workspace: &Workspace,
    choice: Choice<'_>,
    is_done: bool,
    files: &dyn Files,
) -> Result<Site> {
    let package = choice.look.package;
    let sources = &choice.krate.sources;
    let module = match choice.krate.own_module {
        Some(own) => own.to_owned(),
        None => module::free(module::NAMES, sources, package, files)?,
    };
    let strangers = choice.look.crates.iter().flat_map(|it| &it.strangers);
    let mut remaining: Vec<ByHand> = choice
        .krate
        .by_hand
        .iter()
        .chain(strangers)
        .cloned()
        .collect();
    remaining.extend(remaining::steps(&choice));
    Ok(Site {
        package: package.clone(),
        module,
        module_attributes: module::attributes(package, sources, files)?,
        module_folder: module::folder(&sources.root).to_owned(),
        is_done,
        rmcp: requirement::shown(choice.look.rmcp),
        remaining,
        notes: remaining::notes(workspace, &choice),
        sources: choice.krate.relevant.clone(),
        mounts: choice.mounts,
    })
}

/// The module that was added before is part of the crate.
fn is_declared(choice: &Choice<'_>) -> bool {
    let files = &choice.krate.sources.files;
    choice
        .krate
        .own_module
        .is_some_and(|own| files.iter().any(|file| file.module == [own]))
}

/// Everything is there but the line that makes it a part of the crate.
fn undeclared(choice: &Choice<'_>) -> Refusal {
    let root = &choice.krate.sources.root.file;
    let module = choice.krate.own_module.unwrap_or_default();
    Refusal::failed(format!(
        "{root} does not declare the module `{module}`, which its mounts use"
    ))
    .hint(format!("add `mod {module};` to {root}"))
}

fn obstacles(choice: &Choice<'_>, wish: &Wish) -> Vec<Problem> {
    let Choice {
        look,
        krate,
        mounts,
    } = choice;
    let mut problems = Vec::new();
    if !wish.force {
        let own = krate.own_module.unwrap_or_default();
        let files = look
            .crates
            .iter()
            .flat_map(|it| look::others(&it.sources, own));
        // two crates may share a file
        let files: BTreeMap<&RelativePath, &SourceFile> =
            files.map(|file| (&file.path, file)).collect();
        problems.extend(authentication::problems(files.into_values(), mounts));
        problems.extend(authentication::foreign(krate));
        problems.extend(requirement::rmcp(look.package, look.rmcp));
    }
    if wish.at.is_empty() && !mounts.is_empty() {
        problems.extend(stays_open(krate));
    }
    problems.extend(requirement::axum(look.package));
    problems.extend(requirement::edition(look.package));
    problems.extend(module::homeless(&krate.sources));
    problems
}

/// Ways to the service that cannot be edited beside mounts that can: all are protected, or none.
fn stays_open(krate: &look::Crate) -> Vec<Problem> {
    let ways = krate.by_hand.iter().map(|way| {
        let what = format!("{}:{} would stay open: {}", way.file, way.line, way.why);
        Problem::new(what)
            .hint("name the mounts to protect now with --at FILE:LINE, and do this one by hand")
    });
    ways.collect()
}

/// A hint that several have is said after the last of them.
fn hinted_once(mut problems: Vec<Problem>) -> Vec<Problem> {
    let mut said = BTreeSet::new();
    for problem in problems.iter_mut().rev() {
        problem.hint = problem.hint.take().filter(|hint| said.insert(hint.clone()));
    }
    problems
}
