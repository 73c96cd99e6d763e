//! What these tests restrict, besides what stands in `scope_table.rs`: that table may say what its owner likes.

use crate::auth::scopes::{Implication, Rule, Target::Tool};

pub const RULES: &[Rule] = &[(Tool("closed_action"), &["mcp:admin"])];

pub const IMPLIES: &[Implication] = &[("mcp:admin", &["mcp:tools"])];
