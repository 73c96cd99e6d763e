//! The files of a crate: from its root along its `mod` lines.
//! Reads through `Files`; test-only modules are left out.

use super::package::CrateRoot;
use crate::relative::RelativePath;

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
    /// What stands inside `#[cfg(...)]` on the `mod` lines that lead here, outermost first: `feature = "http"`.
    pub cfgs: Vec<String>,
}
