//! Shows that an edit is sound before anybody sees it; one that is not becomes a step for a person.
//! Pure.

use super::{ByHand, Mount, Names, Wiring};
use crate::{
    existing::{modules::CrateSources, syntax},
    insertion::{self, FileEdit},
};

/// The wiring, or, if something is wrong with an edit, the mounts as steps to be done by hand.
pub fn proven(sources: &CrateSources, names: &Names, mounts: &[Mount], wiring: Wiring) -> Wiring {
    match flaw(sources, names, mounts, &wiring.edits) {
        None => wiring,
        Some(why) => Wiring {
            edits: Vec::new(),
            remaining: {
                let mounts = mounts.iter().map(|mount| by_hand(mount, why));
                wiring.remaining.into_iter().chain(mounts).collect()
            },
            notes: Vec::new(),
        },
    }
}

fn by_hand(mount: &Mount, why: &str) -> ByHand {
    ByHand {
        file: mount.file.clone(),
        line: mount.line,
        why: format!("this mount cannot be edited safely: {why}"),
        steps: vec![
            "before it: let auth = crate::auth::Auth::from_env_or_exit(\"/mcp\");".to_owned(),
            format!(
                "wrap the service that `{}` gets: `auth.protect(...)`",
                mount.call
            ),
            "behind `Router::new()`: .merge(auth.routes())".to_owned(),
        ],
    }
}

fn flaw(
    sources: &CrateSources,
    names: &Names,
    mounts: &[Mount],
    edits: &[FileEdit],
) -> Option<&'static str> {
    let mut edited = sources.clone();
    for edit in edits {
        let Some(file) = edited.files.iter_mut().find(|file| file.path == edit.path) else {
            return Some("its file is not part of the crate");
        };
        let fits = edit
            .insertions
            .iter()
            .all(|it| file.text.is_char_boundary(it.at));
        if !fits || !edit.insertions.is_sorted_by_key(|it| it.at) {
            return Some("the places of the insertions are wrong");
        }
        let text = insertion::insert(&file.text, &edit.insertions);
        if insertion::remove(&text, &edit.insertions).as_ref() != Some(&file.text) {
            return Some("the insertions cannot be taken out again");
        }
        if syntax::parse(&text).is_err() {
            return Some("the result is no Rust");
        }
        file.text = text;
    }
    let (before, after) = (super::find(sources, names), super::find(&edited, names));
    let is_whole = after.wired.len() == before.wired.len() + mounts.len()
        && after.mounts.len() + mounts.len() == before.mounts.len();
    (!is_whole).then_some("a mount would stay open")
}
