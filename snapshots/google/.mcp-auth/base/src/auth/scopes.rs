//! Sets of scopes, and the question whether a caller's scopes suffice for an operation.
//! Pure: the rules themselves are data in `scope_table.rs`.

use std::{collections::BTreeSet, fmt};

use super::scope_table::{IMPLIES, RULES};
#[cfg(test)]
use super::tests::rules as more;

/// The tests bring rules of their own, so that they hold whatever the table says.
#[cfg(not(test))]
mod more {
    pub const RULES: &[super::Rule] = &[];
    pub const IMPLIES: &[super::Implication] = &[];
}

/// A line of the table: what is restricted, and the scopes that it needs.
pub type Rule = (Target<'static>, &'static [&'static str]);

/// A broad scope, and the narrower ones that it includes.
pub type Implication = (&'static str, &'static [&'static str]);

fn rules() -> impl Iterator<Item = &'static Rule> {
    RULES.iter().chain(more::RULES)
}

fn implications() -> impl Iterator<Item = &'static Implication> {
    IMPLIES.iter().chain(more::IMPLIES)
}

/// A set of scope tokens (RFC 6749 section 3.3), sorted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scopes(BTreeSet<String>);

impl Scopes {
    /// Each scope once, sorted.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// Whether there is no scope at all.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether these scopes, or broader ones that imply it, contain `scope`.
    pub fn allow(&self, scope: &str) -> bool {
        self.allow_within(scope, implications().count())
    }

    /// `steps` bounds the search, so that a circle in the table does no harm.
    fn allow_within(&self, scope: &str, steps: usize) -> bool {
        self.0.contains(scope)
            || steps > 0
                && implications().any(|(broad, narrower)| {
                    narrower.contains(&scope) && self.allow_within(broad, steps - 1)
                })
    }

    /// Whether every scope of `needed` is allowed.
    pub fn allow_all(&self, needed: &Self) -> bool {
        needed.iter().all(|scope| self.allow(scope))
    }
}

impl<S: Into<String>> FromIterator<S> for Scopes {
    fn from_iter<I: IntoIterator<Item = S>>(scopes: I) -> Self {
        Self(scopes.into_iter().map(Into::into).collect())
    }
}

impl<S: Into<String>> Extend<S> for Scopes {
    fn extend<I: IntoIterator<Item = S>>(&mut self, scopes: I) {
        self.0.extend(scopes.into_iter().map(Into::into));
    }
}

impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, scope) in self.iter().enumerate() {
            write!(f, "{}{scope}", if index == 0 { "" } else { " " })?;
        }
        Ok(())
    }
}

/// One thing of the MCP server that can need scopes of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target<'a> {
    /// A tool, by its name.
    Tool(&'a str),
    /// A prompt, by its name.
    Prompt(&'a str),
    /// A resource or resource template, by its URI. In the table a URI that ends with `*` is a prefix.
    Resource(&'a str),
    /// A JSON-RPC method, such as `completion/complete`.
    Method(&'a str),
}

/// How the name of something becomes a target.
pub type Kind = for<'a> fn(&'a str) -> Target<'a>;

impl Target<'_> {
    /// Whether a rule for `self` covers `asked`.
    fn covers(self, asked: Target<'_>) -> bool {
        match (self, asked) {
            (Target::Resource(rule), Target::Resource(uri)) => match rule.strip_suffix('*') {
                Some(prefix) => uri.starts_with(prefix),
                None => uri == rule,
            },
            _ => self == asked,
        }
    }
}

/// The scopes that the table demands for one target, besides those that every request needs.
pub fn needed_for<'a>(target: Target<'a>) -> impl Iterator<Item = &'static str> + 'a {
    rules()
        .filter(move |(rule, _)| rule.covers(target))
        .flat_map(|(_, scopes)| scopes.iter().copied())
}

/// Every scope that the table mentions.
pub fn in_table() -> impl Iterator<Item = &'static str> {
    rules().flat_map(|(_, scopes)| scopes.iter().copied())
}
