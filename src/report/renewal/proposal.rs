//! What is shown of a regeneration.
//! Pure.

use std::path::Path;

use crate::{
    answers::Answers,
    existing::mounts::ByHand,
    plan::{self, Plan},
    renewal::{Renewal, Settled},
    templates::Origin,
    text::quoted,
};

/// What is about to be regenerated.
#[derive(Clone, Copy)]
pub struct Proposal<'a> {
    /// The project's folder.
    pub root: &'a Path,
    /// The same from where the person is; empty if that is the same.
    pub folder: &'a Path,
    pub renewal: &'a Renewal<'a>,
    pub settled: &'a Settled,
    pub plan: &'a Plan,
    /// Of files of the workspace outside of the project's folder, with their paths from its root.
    pub around: &'a [plan::Change],
    /// What is left to people.
    pub remaining: &'a [ByHand],
    pub before: Generation<'a>,
    pub after: Generation<'a>,
    /// The same without questions.
    pub command: &'a str,
}

/// What a project is made from.
#[derive(Clone, Copy)]
pub struct Generation<'a> {
    /// The version of mcp-auth.
    pub generator: &'a str,
    pub origin: &'a Origin,
    pub answers: &'a Answers,
}

/// Whether the project compiles with what was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Compiled {
    Yes,
    /// With the compiler's words.
    No(String),
    /// Nobody asked the compiler.
    NotTried,
}

impl Generation<'_> {
    /// The answers by their keys in `mcp-auth.toml`.
    pub(super) fn values(&self) -> [(&'static str, String); 7] {
        let answers = self.answers;
        let scopes: Vec<&str> = answers.scopes.iter().map(|scope| scope.as_str()).collect();
        let extras: Vec<&str> = answers.extras.iter().map(|extra| extra.name()).collect();
        [
            ("name", answers.name.to_string()),
            ("description", quoted(answers.description.as_str())),
            ("auth", answers.auth.as_str().to_owned()),
            ("preset", answers.preset.as_str().to_owned()),
            ("scopes", quoted(&scopes.join(" "))),
            ("port", answers.port.to_string()),
            ("extras", quoted(&extras.join(","))),
        ]
    }
}
