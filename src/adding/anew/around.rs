//! The files of a workspace's root that have a part of ours, although the package is in a folder.
//! Pure but for `Files`.

use std::collections::BTreeMap;

use anyhow::{Context, Result};

use super::{Earlier, MANIFEST, outside, path};
use crate::{
    catalog::Class,
    generate::{Output, added::Placement},
    manifest::existing as manifests,
    merge::{self, Decision, Sides},
    plan::{Change, Kind},
    relative::RelativePath,
};

/// What becomes of them. A part that cannot be brought in stays as it was in the placement, and a note says so.
pub fn around(
    earlier: &Earlier<'_>,
    placement: &mut Placement,
    notes: &mut Vec<String>,
) -> Result<Vec<Change>> {
    if let Some(root) = placement.workspace.get_mut(MANIFEST) {
        keep_what_others_use(earlier, root, notes)?;
    }
    let mut all = Vec::new();
    let mut stayed = BTreeMap::new();
    for (name, new) in &placement.workspace {
        let (path, base) = (path(name)?, outside(earlier, name));
        let before = earlier.files.read(&path)?;
        match merged(&path, base, before.as_deref(), new) {
            Merged::Nothing => {}
            Merged::Text(after) => all.push(change(path, before, after)),
            Merged::NotPossible => {
                notes.push(not_possible(name, new));
                stayed.insert(name.clone(), base.to_owned());
            }
        }
    }
    placement.workspace.extend(stayed);
    placement.workspace.retain(|_, share| !share.is_empty());
    Ok(all)
}

fn change(path: RelativePath, before: Option<String>, after: String) -> Change {
    Change {
        path,
        kind: match before {
            Some(_) => Kind::Replace,
            None => Kind::Create,
        },
        before: before.map(String::into_bytes),
        after: Some(Output {
            text: after.into(),
            class: Class::Merged,
            executable: false,
        }),
        moved_from: None,
    }
}

enum Merged {
    Nothing,
    Text(String),
    NotPossible,
}

fn merged(path: &RelativePath, base: &str, user: Option<&str>, new: &str) -> Merged {
    if base == new {
        return Merged::Nothing;
    }
    // what never was there is made; what its owner took away is not
    let base = (user.is_some() || !base.is_empty()).then_some(base.as_bytes());
    let sides = Sides {
        base,
        user: user.map(str::as_bytes),
        new: Some(new.as_bytes()),
    };
    let bytes = match merge::decide(sides, Class::Merged, path, &|_| None) {
        Decision::Create(bytes) | Decision::Replace(bytes) => bytes,
        Decision::Merge(clean) => clean.bytes,
        Decision::Conflict(_) | Decision::NotMergeable(_) | Decision::Beside(_) => {
            return Merged::NotPossible;
        }
        _ => return Merged::Nothing,
    };
    String::from_utf8(bytes).map_or(Merged::NotPossible, Merged::Text)
}

fn not_possible(name: &str, new: &str) -> String {
    format!(
        "{name} in the workspace's root stays as it is, since you have changed what is to be changed there; see to it that it has this:\n{new}"
    )
}

/// Members may inherit what this one brought along.
fn keep_what_others_use(
    earlier: &Earlier<'_>,
    root: &mut String,
    notes: &mut Vec<String>,
) -> Result<()> {
    let before = outside(earlier, MANIFEST);
    let users = |key: &str| {
        let packages = earlier.workspace.packages.iter();
        let others = packages.filter(|other| other.folder != earlier.package.folder);
        let mut users = others.filter(|other| other.dependencies.iter().any(|it| it.key == key));
        users.next().map(|other| other.name.clone())
    };
    let changed = manifests::keep_shared(root, before, |key| users(key).is_some())
        .context("the part of the workspace's Cargo.toml")?;
    notes.extend(changed.into_iter().filter_map(|key| {
        let user = users(&key)?;
        Some(format!(
            "{user} uses {key} of the workspace's Cargo.toml too, which gets another version: see that it compiles"
        ))
    }));
    Ok(())
}
