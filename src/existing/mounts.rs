//! Finds where a crate mounts MCP services, and what has to be inserted there.
//! Pure: source texts in, byte offsets and insertions out.

use std::ops::Range;

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
    /// The crate root in which the module is declared.
    pub remaining: Vec<ByHand>,
}

/// All mounts of MCP services in the crate, in the order of the files.
pub fn find(_sources: &CrateSources, _names: &Names) -> Found {
    Found::default()
}

/// The insertions that protect `mounts` with `crate::<module>`, and declare that module in the crate's root.
pub fn wire(_sources: &CrateSources, _mounts: &[Mount], _module: &str) -> Wiring {
    Wiring::default()
}
