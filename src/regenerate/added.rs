//! A project that was there before: what cargo and its files say of it, and what its addition would be now.
//! Reads through `add`'s own look at it.

use std::path::Path;

use anyhow::{Context, Result};

use super::look::Project as Regenerated;

use crate::{
    add::look::{self, Project},
    adding::{
        anew::{Anew, Earlier, Now, anew, begins_to_log_in, beside_logins},
        places::{GITIGNORE, MANIFEST, path},
    },
    answers::Answers,
    existing::{
        mounts::ByHand,
        package::Package,
        site::{self, Wish},
    },
    generate::copy_path,
    plan::Plan,
    refusal::Refusal,
    state::RecordedPlace,
};

/// The addition as it is now, in the workspace that it is in.
pub struct Added {
    pub anew: Anew,
    /// What is left to people.
    pub steps: Vec<ByHand>,
    project: Project,
}

/// `answers` are the recorded ones.
///
/// # Errors
/// A `Refusal` if it is no package, or if what is needed does not go with its dependencies.
pub fn added(
    regenerated: &Regenerated,
    place: &RecordedPlace,
    answers: &Answers,
    now: &Now<'_>,
) -> Result<Added> {
    let root = &regenerated.root;
    let project = look::look(root)?;
    let Some(package) = project.package_here().cloned() else {
        let what = format!("there is no package in {}", root.display());
        return Err(Refusal::failed(what)
            .hint("mcp-auth.toml and .mcp-auth/ belong beside the Cargo.toml of the server: move them there")
            .into());
    };
    let earlier = Earlier {
        workspace: &project.workspace,
        package: &package,
        files: &project.files,
        in_git: project.in_git,
        placement: place.placement(""),
        manifest: copy(regenerated, MANIFEST)?.unwrap_or_default(),
        gitignore: copy(regenerated, GITIGNORE)?,
    };
    let mut anew = anew(&earlier, now)?;
    let mut steps = Vec::new();
    if begins_to_log_in(answers, now)? {
        match site::find(&project.workspace, &wish(&package), &project.files) {
            Ok(site) => {
                let (notes, step) = beside_logins(&site, &anew.placement)?;
                anew.notes.extend(notes);
                steps.extend(step);
            }
            Err(why) => anew.notes.push(format!(
                "whether something is in the way of the login pages is not known: {why:#}"
            )),
        }
    }
    Ok(Added {
        anew,
        steps,
        project,
    })
}

/// Whether it is the one that is meant is looked at with all others.
fn copy<'a>(project: &'a Regenerated, name: &str) -> Result<Option<&'a str>> {
    let kept = project.kept.get(&copy_path(&path(name)?)?);
    let text = kept.map(|kept| std::str::from_utf8(kept)).transpose();
    text.with_context(|| format!("the copy of {name} is no text"))
}

/// This package, whatever authentication it has.
fn wish(package: &Package) -> Wish {
    Wish {
        package: Some(package.name.clone()),
        at: Vec::new(),
        force: true,
        folder: package.folder.clone(),
    }
}

impl Added {
    /// The workspace's folder: what is written is written from here.
    pub fn root(&self) -> &Path {
        self.project.root()
    }

    /// The plan for the package's folder as one for the workspace's.
    pub fn whole(&self, plan: &Plan) -> Result<Plan> {
        self.anew.whole(plan)
    }
}
