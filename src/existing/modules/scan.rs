//! Finds the `mod x;` lines of a file, and under which `cfg`s they stand.
//! Pure. Works on tokens, so that it sees into `cfg_if!` and the like; a file without such lines is not even split.

mod attribute;
mod scope;

pub use attribute::is_test_only;

use crate::existing::syntax::{self, ParseError};
use scope::Scope;

/// What a file says about modules.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Scan {
    /// Of `#![cfg(...)]`.
    pub cfgs: Vec<String>,
    pub is_test_only: bool,
    pub declarations: Vec<Declaration>,
}

/// `mod name;` in another file's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declaration {
    /// The inline modules around it, outermost first.
    pub inside: Vec<Segment>,
    pub module: Segment,
    /// Those around it and those of the file included, outermost first.
    pub cfgs: Vec<String>,
}

/// A module's name, and what its `#[path]` says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    pub name: String,
    pub path: Option<String>,
}

impl Declaration {
    pub fn names(&self) -> Vec<String> {
        self.inside
            .iter()
            .chain([&self.module])
            .map(|segment| segment.name.clone())
            .collect()
    }
}

pub fn scan(text: &str) -> Result<Scan, ParseError> {
    if !may_declare(text) {
        return Ok(Scan::default());
    }
    let mut scope = Scope::default();
    let mut declarations = Vec::new();
    scope.walk(syntax::tokens(text)?, &mut declarations);
    Ok(Scan {
        cfgs: scope.cfgs,
        is_test_only: scope.is_test_only,
        declarations,
    })
}

/// Whether the text may hold `mod x;` or `#![cfg(...)]`; comments and strings may pretend to.
fn may_declare(text: &str) -> bool {
    text.contains("#![cfg(")
        || text.match_indices("mod").any(|(at, word)| {
            let after = &text[at + word.len()..];
            let name = after.trim_start();
            let end =
                name.trim_start_matches(|c: char| c.is_alphanumeric() || c == '_' || c == '#');
            name.len() < after.len() && end.len() < name.len() && end.trim_start().starts_with(';')
        })
}
