//! An existing project as it is: its packages, its modules, and where it mounts MCP services.
//! Pure but for `Files`, through which it reads; it writes nothing and knows no answers.

pub mod code;
pub mod modules;
pub mod mounts;
pub mod package;
pub mod site;
pub mod stdio;
pub mod syntax;

use anyhow::Result;

use crate::relative::RelativePath;

/// Where the files come from: `project::Disk`, or in tests a map.
pub trait Files {
    /// The text of a file; `None` if there is none, or if it is no plain UTF-8 file.
    fn read(&self, path: &RelativePath) -> Result<Option<String>>;

    /// Whether the name is taken, by a file or a folder.
    fn is_there(&self, path: &RelativePath) -> Result<bool> {
        Ok(self.read(path)?.is_some())
    }
}
