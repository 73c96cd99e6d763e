//! The files of a crate: from its root along its `mod` lines.
//! Reads through `Files`; test-only modules are left out.

mod place;
mod scan;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use anyhow::Result;

pub use scan::is_test_only;

use super::{Files, package::CrateRoot, syntax};
use crate::{
    refusal::{Exit, Problem, Refusal},
    relative::RelativePath,
};
use place::Place;
use scan::{Declaration, Scan};

/// The crate's own files, the root first. Examples, benches, `tests/` and `#[cfg(test)]` modules are none of them.
#[derive(Clone, Debug)]
pub struct CrateSources {
    pub root: CrateRoot,
    pub files: Vec<SourceFile>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceFile {
    pub path: RelativePath,
    /// As on the disk: with its byte order mark, shebang and line ends.
    pub text: String,
    /// The module that the file is, from the crate's root: `["http", "routes"]`; empty for the root.
    pub module: Vec<String>,
    /// What stands inside `#[cfg(...)]` on the `mod` lines that lead here and inside `#![cfg(...)]`, outermost first:
    /// `feature = "http"`.
    pub cfgs: Vec<String>,
}

/// Reads a crate. A `mod` line without a file is passed over: it may be for another platform, or be generated.
pub fn sources(root: &CrateRoot, files: &dyn Files) -> Result<CrateSources> {
    let mut walk = Walk {
        files,
        found: Vec::new(),
        seen: BTreeSet::new(),
        problems: Vec::new(),
    };
    if !walk.visit(
        &root.file,
        Place::of_root(&root.file),
        Vec::new(),
        Vec::new(),
    )? {
        walk.problems.push(
            Problem::new(format!("cannot read {}", root.file))
                .hint("run `cargo check` and repair what it shows"),
        );
    }
    if !walk.problems.is_empty() {
        return Err(Refusal::many(Exit::Failed, walk.problems).into());
    }
    Ok(CrateSources {
        root: root.clone(),
        files: walk.found,
    })
}

struct Walk<'a> {
    files: &'a dyn Files,
    found: Vec<SourceFile>,
    seen: BTreeSet<RelativePath>,
    problems: Vec<Problem>,
}

impl Walk<'_> {
    /// Takes the file, if there is one, and what it declares.
    fn visit(
        &mut self,
        path: &RelativePath,
        place: Place,
        module: Vec<String>,
        cfgs: Vec<String>,
    ) -> Result<bool> {
        if self.seen.contains(path) {
            return Ok(true);
        }
        let Some(text) = self.files.read(path)? else {
            return Ok(false);
        };
        self.seen.insert(path.clone());
        let scan = match scan::scan(&text) {
            Ok(scan) => scan,
            Err(error) => {
                self.problems.push(unreadable(path, &error));
                return Ok(true);
            }
        };
        let Scan {
            cfgs: own,
            is_test_only: false,
            declarations,
        } = scan
        else {
            return Ok(true);
        };
        self.found.push(SourceFile {
            path: path.clone(),
            text,
            module: module.clone(),
            cfgs: [cfgs.as_slice(), own.as_slice()].concat(),
        });
        for declaration in declarations {
            self.follow(&place, &declaration, &module, &cfgs)?;
        }
        Ok(true)
    }

    fn follow(
        &mut self,
        place: &Place,
        declaration: &Declaration,
        module: &[String],
        cfgs: &[String],
    ) -> Result<()> {
        let module = [module, declaration.names().as_slice()].concat();
        let cfgs = [cfgs, declaration.cfgs.as_slice()].concat();
        for (path, place) in place.candidates(declaration) {
            if self.visit(&path, place, module.clone(), cfgs.clone())? {
                break;
            }
        }
        Ok(())
    }
}

/// What to say about a file that is no Rust to us.
pub fn unreadable(path: &RelativePath, error: &syntax::ParseError) -> Problem {
    let syntax::ParseError { line, message } = error;
    Problem::new(format!("{path}:{line} cannot be parsed: {message}"))
        .hint("run `cargo check` and repair what it shows")
}
