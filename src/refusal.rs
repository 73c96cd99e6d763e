//! What a person is told when something cannot be done, and the exit code that goes with it.
//! Pure; `report` prints it.

use std::{error::Error, fmt};

/// The exit codes are an interface: the README has them as a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    Done = 0,
    Failed = 1,
    Usage = 2,
    /// Somebody has to decide what a file becomes.
    Conflicts = 3,
    /// The git tree has changes of its owner's in what would be edited.
    Dirty = 4,
    /// A check found something; that is no failure of the check.
    Found = 5,
    Interrupted = 130,
}

/// Several problems that are reported together.
#[derive(Debug)]
pub struct Refusal {
    pub exit: Exit,
    pub problems: Vec<Problem>,
}

/// What is wrong and where, and what to do now (one way per line).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    pub what: String,
    /// What another program said about it, as it is.
    pub words: Option<String>,
    pub hint: Option<String>,
}

impl Refusal {
    pub fn usage(what: impl Into<String>) -> Self {
        Self::many(Exit::Usage, vec![Problem::new(what)])
    }

    pub fn failed(what: impl Into<String>) -> Self {
        Self::many(Exit::Failed, vec![Problem::new(what)])
    }

    pub fn interrupted() -> Self {
        Self::many(
            Exit::Interrupted,
            vec![Problem::new("interrupted, nothing was written")],
        )
    }

    pub fn many(exit: Exit, problems: Vec<Problem>) -> Self {
        Self { exit, problems }
    }

    /// What another program said about the last problem.
    pub fn words(mut self, words: impl Into<String>) -> Self {
        if let Some(last) = self.problems.last_mut() {
            last.words = Some(words.into());
        }
        self
    }

    /// What to do about the last problem.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        if let Some(last) = self.problems.last_mut() {
            last.hint = Some(hint.into());
        }
        self
    }
}

impl Problem {
    pub fn new(what: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            words: None,
            hint: None,
        }
    }

    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let whats: Vec<&str> = self
            .problems
            .iter()
            .map(|problem| problem.what.as_str())
            .collect();
        f.write_str(&whats.join("; "))
    }
}

impl Error for Refusal {}

impl From<Exit> for std::process::ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}
