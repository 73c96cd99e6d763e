//! Files with markers as git knows conflicts: all three sides in its index, for `git mergetool` and editors; and back.

use std::path::Path;

use crate::{
    apply::Kept,
    merge::Decision,
    process::git::{self, Sides},
    project,
    relative::RelativePath,
    renewal::{Renewal, Renewed},
    report::Report,
};

/// Gives git the three sides of these files.
pub fn stage(renewal: &Renewal<'_>, marked: &[RelativePath], root: &Path, report: &mut Report) {
    if marked.is_empty() || !is_in_git(root) {
        return;
    }
    let files = renewal.files.iter();
    let sides: Vec<Sides<'_>> = files
        .filter(|file| marked.contains(&file.path))
        .filter_map(sides)
        .collect();
    if let Err(why) = git::mark_unmerged(root, &sides) {
        report.note(&format!("git was not told of the conflicts: {why}"));
    }
}

/// A file that moves has another path in the index.
fn sides<'a>(file: &'a Renewed<'_>) -> Option<Sides<'a>> {
    let is_conflict = matches!(file.decision, Decision::Conflict(_)) && file.moved_from.is_none();
    is_conflict.then_some(Sides {
        path: &file.path,
        base: file.base,
        mine: file.user?,
        theirs: file.new?.text.as_bytes(),
    })
}

/// What is taken back is no conflict any more.
pub fn restore(kept: &Kept<'_>, report: &mut Report) {
    let paths: Vec<&RelativePath> = kept.replaced().collect();
    if !is_in_git(kept.root) {
        return;
    }
    if let Err(why) = git::mark_merged(kept.root, &paths) {
        report.note(&format!(
            "git still knows of conflicts; `git add` ends them: {why}"
        ));
    }
}

fn is_in_git(root: &Path) -> bool {
    project::look_at(root).is_ok_and(|target| target.in_git)
}
