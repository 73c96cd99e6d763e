//! Finds where a crate mounts MCP services, and what has to be inserted there.
//! Pure: source texts in, byte offsets and insertions out.

mod analysis;
mod attributes;
mod by_hand;
mod calls;
mod chains;
mod collect;
mod expressions;
mod flow;
mod functions;
mod handing;
mod imports;
mod jobs;
pub(super) mod layout;
mod learning;
mod lets;
mod macro_bodies;
mod methods;
pub(super) mod module_line;
mod names;
mod paths;
mod places;
mod proof;
mod routers;
pub(super) mod sources;
mod statements;
mod strangers;
#[cfg(test)]
mod tests;
mod trace;
mod types;
mod values;
mod variable;
mod wire;

use std::ops::Range;

use analysis::Analysis;
use functions::Index;

use crate::{existing::modules::CrateSources, insertion::FileEdit, relative::RelativePath};

/// How the crates are called in the code of this package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Names {
    pub rmcp: String,
    pub axum: String,
}

/// Everything about mounts in one crate.
#[derive(Clone, Debug, Default)]
pub struct Found {
    pub mounts: Vec<Mount>,
    /// An MCP service is served here, but not in a way that can be edited.
    pub by_hand: Vec<ByHand>,
    /// Something is mounted that may be an MCP service.
    pub strangers: Vec<ByHand>,
    /// Mounts that are protected already: file and line.
    pub wired: Vec<Wired>,
}

/// A mount whose service is wrapped: `auth.protect(service)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wired {
    pub file: RelativePath,
    /// From 1.
    pub line: usize,
}

/// A call such as `nest_service("/mcp", service)` whose argument can be wrapped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mount {
    pub file: RelativePath,
    /// From 1.
    pub line: usize,
    /// `nest_service`, `route_service`, `fallback_service`, `any_service`, ...
    pub call: String,
    /// The name of the function around it.
    pub function: String,
    /// The bytes that become `auth.protect(...)`.
    pub service: Range<usize>,
    pub path: MountPath,
    /// The router that this mount ends up in leaves the function through its return value or a parameter and is
    /// not served here: it may be nested elsewhere, so that somebody has to look where the metadata is served.
    pub leaves_function: bool,
    /// What is needed for the mount to be compiled, from the crate's root inwards: `feature = "http"`.
    pub cfgs: Vec<String>,
}

/// Under which path clients reach the service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MountPath {
    /// Known from the source, prefixes of `nest` in the same function included.
    Known(String),
    /// An expression of the source that is valid at the mount, such as `&config.path`.
    Expression(String),
    /// The whole server: `fallback_service` at the root.
    Root,
}

/// Something to be done by a person: where, why, and the text to paste.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ByHand {
    pub file: RelativePath,
    pub line: usize,
    /// In one line: "the router is made inside a macro".
    pub why: String,
    /// Lines to paste or to do.
    pub steps: Vec<String>,
}

/// What wiring gives: insertions, and what remains to be done.
#[derive(Clone, Debug, Default)]
pub struct Wiring {
    pub edits: Vec<FileEdit>,
    pub remaining: Vec<ByHand>,
    /// Worth knowing, in a sentence each.
    pub notes: Vec<String>,
}

/// All mounts of MCP services in the crate, in the order of the files.
pub fn find(sources: &CrateSources, names: &Names) -> Found {
    let (files, broken) = sources::parse_all(sources);
    let index = Index::new(&files, names);
    let mut found = Analysis::new(&index).found();
    found.by_hand.extend(by_hand::in_macros(&index));
    found.strangers.extend(strangers::in_macros(&index));
    found
        .by_hand
        .extend(broken.into_iter().filter_map(by_hand::unreadable));
    found
}

/// The module to be declared in a crate's root.
#[derive(Clone, Copy, Debug)]
pub struct Module<'a> {
    pub name: &'a str,
    /// What its line needs in this project: `rustfmt::skip`.
    pub attributes: &'a [&'static str],
}

#[cfg(test)]
impl<'a> Module<'a> {
    pub const fn plain(name: &'a str) -> Self {
        Self {
            name,
            attributes: &[],
        }
    }
}

/// The insertions that protect `mounts` with `crate::<module>`, and declare that module in the crate's root. If one
/// mount cannot be wired, none is.
pub fn wire(sources: &CrateSources, names: &Names, mounts: &[Mount], module: Module<'_>) -> Wiring {
    wire::wire(sources, names, mounts, module)
}
