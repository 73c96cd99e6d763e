//! What is generated now, and where that goes: a whole project, or the parts of an addition.
//! Reads only what `added` does.

use std::collections::BTreeMap;

use anyhow::Result;

use super::{
    added::{Added, added},
    look::Project,
};
use crate::{
    adding::anew::Now,
    answers::Answers,
    generate::{Output, pristine},
    relative::RelativePath,
};

pub struct Made {
    /// There if the files were added to a project that was there before.
    pub added: Option<Added>,
    /// Without the record and the pristine copies, from the project's folder.
    pub generated: BTreeMap<RelativePath, Output>,
}

/// `before` are the recorded answers.
pub fn made(before: &Answers, now: &Now<'_>, project: &Project) -> Result<Made> {
    let Some(place) = &project.recorded.added else {
        return Ok(Made {
            added: None,
            generated: pristine(now.answers, now.catalog, now.templates)?.files,
        });
    };
    let added = added(project, place, before, now)?;
    Ok(Made {
        generated: added.anew.generated.clone(),
        added: Some(added),
    })
}

impl Made {
    /// What is worth knowing, in a sentence each.
    pub fn notes(&self) -> &[String] {
        self.added.as_ref().map_or(&[], |added| &added.anew.notes)
    }
}
