//! In which files the module of a `mod` line may be: the rules of the Rust reference.
//! Pure: paths in, paths out.

use super::scan::{Declaration, Segment};
use crate::relative::RelativePath;

/// Where a module looks for the files of its own modules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Empty, or with `/` at its end.
    folder: String,
    /// `server.rs` looks in `server/`, unless `#[path]` says otherwise; `mod.rs` and crate roots look beside them.
    subfolder: Option<String>,
}

impl Place {
    pub fn of_root(file: &RelativePath) -> Self {
        Self {
            folder: folder_of(file.as_str()).to_owned(),
            subfolder: None,
        }
    }

    /// The files that the declaration may mean, each with the place that it is.
    pub fn candidates(&self, declaration: &Declaration) -> Vec<(RelativePath, Self)> {
        let mut place = self.clone();
        for segment in &declaration.inside {
            place = place.inline(segment);
        }
        let Segment { name, path } = &declaration.module;
        let found = match path {
            Some(path) => vec![(format!("{}{path}", place.folder), None)],
            None => {
                let folder = place.own_folder();
                vec![
                    (format!("{folder}{name}.rs"), Some(name.clone())),
                    (format!("{folder}{name}/mod.rs"), None),
                ]
            }
        };
        found
            .into_iter()
            .filter_map(|(path, subfolder)| {
                let path: RelativePath = normal(&path)?.parse().ok()?;
                let folder = folder_of(path.as_str()).to_owned();
                Some((path, Self { folder, subfolder }))
            })
            .collect()
    }

    /// Inside `mod name { ... }`.
    fn inline(self, Segment { name, path }: &Segment) -> Self {
        let folder = match path {
            Some(path) => format!("{}{path}/", self.folder),
            None => format!("{}{name}/", self.own_folder()),
        };
        Self {
            folder,
            subfolder: None,
        }
    }

    fn own_folder(&self) -> String {
        match &self.subfolder {
            Some(subfolder) => format!("{}{subfolder}/", self.folder),
            None => self.folder.clone(),
        }
    }
}

/// Without `.` and `..`; `None` if it leaves the workspace.
fn normal(path: &str) -> Option<String> {
    let mut parts = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => _ = parts.pop()?,
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

fn folder_of(file: &str) -> &str {
    &file[..file.rfind('/').map_or(0, |slash| slash + 1)]
}
