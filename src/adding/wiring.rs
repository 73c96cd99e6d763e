//! The insertions into the person's code.
//! Pure.

use anyhow::Result;

use super::{Beside, Presence, again};
use crate::{
    existing::{
        mounts::{self, Module, Mount, Names, Wiring},
        site::Site,
        stdio::{self, Modules},
    },
    insertion::{FileEdit, Insertion},
    refusal::{Exit, Problem, Refusal},
};

/// What is to be inserted, and what remains.
///
/// # Errors
/// A `Refusal` with what has to be done by hand, if nothing can be done without.
pub fn wire(site: &Site, beside: Option<&Beside>, presence: Presence) -> Result<Wiring> {
    let wiring = match (beside, presence) {
        (Some(beside), _) => {
            let (auth, http) = (module(site, &site.module), module(site, &beside.module));
            stdio::wire(&site.sources, &beside.stdio, Modules { auth, http })
        }
        (None, Presence::Absent) => own(site, &site.mounts),
        (None, Presence::Present) => further(site),
    };
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

fn module<'a>(site: &'a Site, name: &'a str) -> Module<'a> {
    Module {
        name,
        attributes: &site.module_attributes,
    }
}

/// With an `auth` and routes of their own.
fn own(site: &Site, mounts: &[Mount]) -> Wiring {
    let code_name = |package: &str| {
        let dependency = site.package.normal(package).next();
        dependency.map_or_else(|| package.to_owned(), |dependency| dependency.code_name())
    };
    let names = Names {
        rmcp: code_name("rmcp"),
        axum: code_name("axum"),
    };
    mounts::wire(&site.sources, &names, mounts, module(site, &site.module))
}

/// Beside mounts that are protected already.
fn further(site: &Site) -> Wiring {
    let mut alone = Vec::new();
    let mut wrapped = Vec::new();
    for mount in &site.mounts {
        match again::wrap(site, mount) {
            Some(it) => wrapped.push((mount, it)),
            None => alone.push(mount.clone()),
        }
    }
    let mut wiring = own(site, &alone);
    if is_declared(site) {
        without_declaration(&mut wiring, site);
    }
    wiring.notes.extend(alone.iter().map(|mount| {
        format!(
            "{}:{} `{}` has an `auth` of its own now: if its router becomes part of one that has `auth.routes()` already, \
             take them out here, as axum ends a server that has a route twice",
            mount.file, mount.line, mount.function
        )
    }));
    for (mount, it) in wrapped {
        insert(&mut wiring, mount, it.insertions);
        wiring.remaining.extend(it.remaining);
    }
    wiring
}

fn is_declared(site: &Site) -> bool {
    let mut files = site.sources.files.iter();
    files.any(|file| file.module.first() == Some(&site.module))
}

fn without_declaration(wiring: &mut Wiring, site: &Site) {
    let line = format!("mod {};", site.module);
    for edit in &mut wiring.edits {
        if edit.path == site.sources.root.file {
            edit.insertions.retain(|it| !it.text.contains(&line));
        }
    }
    wiring.edits.retain(|edit| !edit.insertions.is_empty());
}

fn insert(wiring: &mut Wiring, mount: &Mount, insertions: [Insertion; 2]) {
    match wiring.edits.iter_mut().find(|edit| edit.path == mount.file) {
        Some(edit) => {
            edit.insertions.extend(insertions);
            edit.insertions.sort_by_key(|it| it.at);
        }
        None => wiring.edits.push(FileEdit {
            path: mount.file.clone(),
            insertions: insertions.into(),
        }),
    }
}
