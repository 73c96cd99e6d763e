//! What went wrong, as a small letter: what, where, what to do now. Or as a document.

use std::{
    ffi::OsString,
    io::{self, ErrorKind, Write},
};

use anyhow::Result;

use super::{
    BAD, HINT, Report, json, print_json,
    visible::{plain, visible},
};
use crate::refusal::{Exit, Problem, Refusal};

impl Report {
    /// Says what went wrong. A reader who closed our standard output has seen enough: that is no failure.
    pub fn failure(&self, error: &anyhow::Error) -> Exit {
        if error
            .downcast_ref::<io::Error>()
            .is_some_and(|error| error.kind() == ErrorKind::BrokenPipe)
        {
            return Exit::Done;
        }
        let refusal = error.downcast_ref::<Refusal>();
        let exit = refusal.map_or(Exit::Failed, |refusal| refusal.exit);
        let problems = match refusal {
            // a context around a refusal says more than the refusal alone
            Some(refusal) if error.to_string() == refusal.to_string() => refusal.problems.clone(),
            _ => vec![Problem::new(format!("{error:#}"))],
        };
        // there is nobody left to tell when even this fails
        let _ = if self.json {
            print_json(&json::error(exit, &problems)).map(|_| ())
        } else {
            say_problems(&problems)
        };
        exit
    }
}

/// What the command line parser has to say: help and version, or what is wrong with the words.
pub fn usage(error: &clap::Error, words: &[OsString]) -> Exit {
    // a closed standard output or error: there is nobody left to tell
    if !error.use_stderr() {
        let _ = error.print();
        return Exit::Done;
    }
    if words.iter().any(|word| word == "--json") {
        let text = error.to_string();
        let mut said = text.lines().map(str::trim).filter(|line| !line.is_empty());
        let first = said.next().unwrap_or_default();
        let rest: Vec<_> = said
            .take_while(|line| !line.starts_with("Usage:"))
            .collect();
        let problem = Problem::new(first.trim_start_matches("error: ")).hint(rest.join("\n"));
        let _ = print_json(&json::error(Exit::Usage, &[problem]));
    } else {
        let _ = error.print();
    }
    Exit::Usage
}

pub(super) fn say_problems(problems: &[Problem]) -> Result<()> {
    let mut err = anstream::stderr().lock();
    for problem in problems {
        writeln!(err, "{BAD}error:{BAD:#} {}", visible(&problem.what))?;
        if let Some(words) = &problem.words {
            writeln!(err, "\n{}\n", words.trim_end())?;
        }
        for hint in problem.hint.iter().flat_map(|hint| hint.lines()) {
            // a hint may have the last words of a program
            writeln!(err, "  {HINT}{}{HINT:#}", plain(hint))?;
        }
    }
    Ok(())
}
