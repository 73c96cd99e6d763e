//! Looks into the packages that depend on rmcp: their crates, the mounts in them.
//! Reads through `Files`.

use anyhow::Result;

use crate::{
    existing::{
        Files,
        modules::{self, CrateSources, SourceFile},
        mounts::{self, ByHand, Mount, Names, Wired},
        package::{Dependency, Package},
        syntax,
    },
    refusal::{Exit, Problem, Refusal},
    relative::RelativePath,
};

use super::{module, relevant::relevant};

/// A package that is built with rmcp.
pub struct Look<'a> {
    pub package: &'a Package,
    pub rmcp: &'a Dependency,
    pub crates: Vec<Crate>,
}

pub struct Crate {
    pub sources: CrateSources,
    /// Those that have to do with services.
    pub relevant: CrateSources,
    /// Those that are not protected yet.
    pub mounts: Vec<Mount>,
    pub by_hand: Vec<ByHand>,
    /// Something is mounted that may be an MCP service.
    pub strangers: Vec<ByHand>,
    /// The module that was added before.
    pub own_module: Option<&'static str>,
    /// Where `auth.protect(...)` is in its code.
    pub wired: Vec<Wired>,
}

impl Crate {
    pub fn serves(&self) -> bool {
        !self.mounts.is_empty() || self.own_module.is_some() && !self.wired.is_empty()
    }
}

impl Look<'_> {
    /// All files, with those twice that two crates have.
    pub fn files(&self) -> impl Iterator<Item = &SourceFile> {
        self.crates.iter().flat_map(|it| &it.sources.files)
    }
}

/// # Errors
/// A `Refusal` with every file that should be looked at, and cannot be parsed.
pub fn look<'a>(packages: &[&'a Package], files: &dyn Files) -> Result<Vec<Look<'a>>> {
    let mut looks = Vec::new();
    let mut problems = Vec::new();
    for &package in packages {
        let Some(rmcp) = package.normal("rmcp").next() else {
            continue;
        };
        let names = names(package, rmcp);
        let mut crates = Vec::new();
        for root in &package.crates {
            match modules::sources(root, files) {
                Ok(sources) => {
                    problems.extend(broken(&sources));
                    crates.push(look_into(sources, &names, files)?);
                }
                Err(error) => problems.extend(error.downcast::<Refusal>()?.problems),
            }
        }
        looks.push(Look {
            package,
            rmcp,
            crates,
        });
    }
    match problems.is_empty() {
        true => Ok(looks),
        false => Err(Refusal::many(Exit::Failed, problems).into()),
    }
}

fn names(package: &Package, rmcp: &Dependency) -> Names {
    let axum = package.normal("axum").next();
    Names {
        rmcp: rmcp.code_name(),
        axum: axum.map_or_else(|| "axum".to_owned(), Dependency::code_name),
    }
}

fn look_into(sources: CrateSources, names: &Names, files: &dyn Files) -> Result<Crate> {
    let relevant = relevant(&sources);
    let found = mounts::find(&relevant, names);
    let own_module = module::own(&sources.root, files)?;
    Ok(Crate {
        mounts: found.mounts,
        by_hand: found.by_hand,
        strangers: found.strangers,
        wired: found.wired,
        relevant,
        own_module,
        sources,
    })
}

/// The files outside of a module.
pub fn others<'a>(
    sources: &'a CrateSources,
    module: &'a str,
) -> impl Iterator<Item = &'a SourceFile> {
    sources
        .files
        .iter()
        .filter(move |file| file.module.first().is_none_or(|first| first != module))
}

/// Without the modules that were added before, in whichever crate's folder they are.
pub fn without_own<'a>(files: impl Iterator<Item = &'a SourceFile>) -> Vec<&'a SourceFile> {
    let mut files: Vec<&SourceFile> = files.collect();
    let own = files.iter().filter(|file| module::is_ours(&file.text));
    let own: Vec<RelativePath> = own.map(|file| file.path.clone()).collect();
    let is_own = |file: &SourceFile| {
        own.iter().any(|root| {
            let folder = root.as_str().trim_end_matches(".rs");
            let folder = folder.trim_end_matches("/mod");
            let inside = file.path.as_str().strip_prefix(folder);
            file.path == *root || inside.is_some_and(|rest| rest.starts_with('/'))
        })
    };
    files.retain(|file| !is_own(file));
    files
}

/// Files with a word about services that are no Rust to us: nothing may be overlooked in them.
fn broken(sources: &CrateSources) -> Vec<Problem> {
    let root = sources.files.first();
    sources
        .files
        .iter()
        .filter(|file| {
            file.text.contains("StreamableHttp") || root.is_some_and(|root| root.path == file.path)
        })
        .filter_map(|file| {
            let error = syntax::parse(&file.text).err()?;
            Some(modules::unreadable(&file.path, &error))
        })
        .collect()
}
