//! Which tool, prompt, resource or method needs which scopes: this table is yours to edit.
//! `AUTH_REQUIRED_SCOPES` names what every request needs; here stands what is needed besides.

use super::scopes::Target;

/// What is restricted, and all scopes that it needs.
///
/// Callers without them get 403 with the list, and do not see the entry in `tools/list` and its sisters.
/// `Prompt("name")`, `Resource("file:///reports/*")` and `Method("completion/complete")` are targets, too.
/// URIs are compared as text: a handler must not take `FILE:///reports/` for the same resource.
pub const RULES: &[(Target<'_>, &[&str])] = &[(Target::Tool("open_the_gate"), &["mcp:admin"])];

/// Broad scopes and the narrower ones that they include.
pub const IMPLIES: &[(&str, &[&str])] = &[("mcp:admin", &["mcp:tools"])];
