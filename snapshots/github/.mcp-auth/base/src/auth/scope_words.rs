//! What scopes mean, in the words of the consent page: this table is yours to edit.
//! A scope that is not here is shown as it is. Scopes limit what a client may do for a person, and it is that person
//! who approves them: what a person may do at all is for the rule who may log in, and for your tools to check.

/// Scopes, and what somebody allows who approves them.
pub const WORDS: &[(&str, &str)] = &[
    ("mcp:tools", "Use the tools of this server for you"),
    ("mcp:admin", "Use the restricted tools, too"),
];
