//! Everything in a folder, to be compared: files with their modes, links, folders.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use super::{Tree, differences};

/// Everything in a folder but the kept edit: also links, folders and modes.
pub struct State(BTreeMap<String, Entry>);

#[derive(Debug, PartialEq)]
pub enum Entry {
    File { bytes: Vec<u8>, mode: u32 },
    Link(PathBuf),
    Folder,
}

impl State {
    pub fn of(root: &Path) -> Self {
        let entries = walkdir::WalkDir::new(root).min_depth(1).into_iter();
        let is_kept = |path: &str| path.starts_with(".mcp-auth/undo");
        let entries = entries.map(Result::unwrap).filter_map(|entry| {
            let path = entry.path();
            let inner = path
                .strip_prefix(root)
                .unwrap()
                .to_str()
                .unwrap()
                .to_owned();
            let entry = match entry.file_type() {
                kind if kind.is_symlink() => Entry::Link(fs::read_link(path).unwrap()),
                kind if kind.is_dir() => Entry::Folder,
                _ => Entry::File {
                    bytes: fs::read(path).unwrap(),
                    mode: mode(path),
                },
            };
            (!is_kept(&inner)).then_some((inner, entry))
        });
        Self(entries.collect())
    }

    pub fn differences(&self, other: &Self) -> Vec<String> {
        let mut paths: Vec<&String> = self.0.keys().chain(other.0.keys()).collect();
        paths.sort();
        paths.dedup();
        let differs = |path: &&&String| self.0.get(**path) != other.0.get(**path);
        let shown = |path: &String| match (self.0.get(path), other.0.get(path)) {
            (Some(Entry::File { bytes: one, .. }), Some(Entry::File { bytes: two, .. }))
                if one != two =>
            {
                let pair = [one, two].map(|bytes| Tree::from([(path.clone(), bytes.clone())]));
                differences(&pair[0], &pair[1]).join("\n")
            }
            (one, two) => format!("{path}: {} {}", kind(one), kind(two)),
        };
        paths
            .iter()
            .filter(differs)
            .map(|path| shown(path))
            .collect()
    }

    pub fn files(&self) -> impl Iterator<Item = (&String, &Vec<u8>)> {
        self.0.iter().filter_map(|(path, entry)| match entry {
            Entry::File { bytes, .. } => Some((path, bytes)),
            _ => None,
        })
    }
}

fn kind(entry: Option<&Entry>) -> String {
    match entry {
        None => "nothing".to_owned(),
        Some(Entry::File { mode, .. }) => format!("file {mode:o}"),
        Some(Entry::Link(to)) => format!("link to {}", to.display()),
        Some(Entry::Folder) => "folder".to_owned(),
    }
}

#[cfg(unix)]
fn mode(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(path).unwrap().permissions().mode()
}

#[cfg(not(unix))]
fn mode(path: &Path) -> u32 {
    u32::from(fs::metadata(path).unwrap().permissions().readonly())
}
