//! Small sources, each with the whole text that it becomes.

mod branches;
mod by_hand;
mod conditions;
mod layout;
mod module_line;
mod names;
mod paths;
mod random;
mod routers;
mod shapes;
mod strangers;

use super::{ByHand, Found, Module, Mount, MountPath, Names, Wiring, find, wire};
use crate::{
    existing::{
        modules::{CrateSources, SourceFile},
        package::{CrateKind, CrateRoot},
    },
    insertion,
};

fn names() -> Names {
    Names {
        rmcp: "rmcp".into(),
        axum: "axum".into(),
    }
}

/// A crate of these files; the first is its root.
const AUTH: Module<'_> = Module::plain("auth");

fn sources(files: &[(&str, &str)]) -> CrateSources {
    let files: Vec<SourceFile> = files
        .iter()
        .map(|(path, text)| SourceFile {
            path: path.parse().unwrap(),
            text: (*text).to_owned(),
            module: module(path),
            cfgs: Vec::new(),
        })
        .collect();
    CrateSources {
        root: CrateRoot {
            kind: CrateKind::Binary,
            name: "server".into(),
            file: files[0].path.clone(),
        },
        files,
    }
}

fn module(path: &str) -> Vec<String> {
    let name = path.trim_start_matches("src/").trim_end_matches(".rs");
    match name {
        "main" | "lib" => Vec::new(),
        name => name.split('/').map(str::to_owned).collect(),
    }
}

fn found(files: &[(&str, &str)]) -> Found {
    find(&sources(files), &names())
}

fn found_in(text: &str) -> Found {
    found(&[("src/main.rs", text)])
}

/// A line for each mount: where, which call, under which path.
fn mounts(found: &Found) -> Vec<String> {
    let mounts = found.mounts.iter();
    mounts
        .map(
            |Mount {
                 file,
                 line,
                 call,
                 path,
                 ..
             }| format!("{file}:{line} {call} {path:?}"),
        )
        .collect()
}

fn wiring(files: &[(&str, &str)]) -> Wiring {
    let sources = sources(files);
    let found = find(&sources, &names());
    wire(&sources, &names(), &found.mounts, AUTH)
}

/// The text of a file after all its mounts are wired.
fn wired_file(files: &[(&str, &str)], path: &str) -> String {
    let wiring = wiring(files);
    assert_eq!(wiring.remaining, [], "nothing remains");
    let (_, text) = files.iter().find(|(name, _)| *name == path).unwrap();
    let edit = wiring.edits.iter().find(|edit| edit.path.as_str() == path);
    edit.map_or((*text).to_owned(), |edit| {
        insertion::insert(text, &edit.insertions)
    })
}

/// The text of a crate of one file, without the lines of modules that begin it.
fn wired(text: &str) -> String {
    let text = format!("mod zoo;\n\n{text}");
    let edited = wired_file(&[("src/main.rs", &text)], "src/main.rs");
    let (declared, rest) = edited.split_once("mod zoo;\n\n").unwrap();
    assert!(declared.ends_with("mod auth;\n"), "{declared}");
    rest.to_owned()
}

/// Both are shown in full where they differ.
#[track_caller]
fn becomes(before: &str, after: &str) {
    let edited = wired(before);
    assert!(edited == after, "became:\n{edited}\nnot:\n{after}");
}
