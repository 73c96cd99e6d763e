//! What scopes mean, in the words of the consent page: this table is yours to edit.
//! A scope that is not here is shown as it is.

/// Scopes, and what somebody allows who approves them.
pub const WORDS: &[(&str, &str)] = &[
    ("mcp:tools", "Use the tools of this server for you"),
    ("mcp:admin", "Use the tools for administrators too"),
];
