//! A planned change of a manifest, as data: it is written, checked, and told apart from what was there.
//! Pure.

use toml_edit::Value;

/// The manifest that changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum File {
    Member,
    Workspace,
}

#[derive(Clone, Debug)]
pub struct Change {
    pub file: File,
    /// The table: `["workspace", "dependencies"]`.
    pub table: Vec<&'static str>,
    /// The entry of that table.
    pub key: String,
    pub what: What,
}

#[derive(Clone, Debug)]
pub enum What {
    /// A new entry.
    Insert(Value),
    /// More features of a dependency that is there.
    Features(Vec<String>),
    /// More members of a feature that is there.
    Members(Vec<String>),
    /// An `[[example]]` called like the key that needs a feature.
    Example(String),
}

pub const DEPENDENCIES: &str = "dependencies";
pub const DEV_DEPENDENCIES: &str = "dev-dependencies";
pub const FEATURES: &str = "features";
pub const EXAMPLE: &str = "example";
