//! `mcp-auth add --undo` in words.

use std::io::{self, Write};

use anyhow::Result;
use serde_json::{Value, json};

use super::super::{GOOD, Report, json::SCHEMA, print_json};
use crate::{apply::Kept, plan::is_base_copy, refusal::Exit, relative::RelativePath};

impl Report {
    /// Before the confirmation.
    pub fn taking_back(&mut self, kept: &Kept<'_>) -> Result<()> {
        let mut err = anstream::stderr().lock();
        list(&mut err, kept)?;
        Ok(())
    }

    /// A dry run.
    pub fn would_take_back(&mut self, kept: &Kept<'_>) -> Result<Exit> {
        if self.json {
            return print_json(&document("planned", kept, &self.notes));
        }
        let mut out = anstream::stdout().lock();
        list(&mut out, kept)?;
        out.flush()?;
        self.say(|err| writeln!(err, "nothing was written: this was a dry run"));
        Ok(Exit::Done)
    }

    pub fn taken_back(&mut self, kept: &Kept<'_>) -> Result<Exit> {
        if self.json {
            return print_json(&document("undone", kept, &self.notes));
        }
        let (changed, made) = (kept.replaced().count(), made(kept));
        self.say(|err| {
            writeln!(
                err,
                "{GOOD}the addition was taken back{GOOD:#}: {changed} files as they were before, {made} removed"
            )
        });
        Ok(Exit::Done)
    }
}

fn list(out: &mut dyn Write, kept: &Kept<'_>) -> io::Result<()> {
    writeln!(out, "Files that get their text from before:")?;
    for path in kept.replaced() {
        writeln!(out, "  ~ {path}")?;
    }
    writeln!(out, "{} files and their folders are removed", made(kept))
}

/// But for the pristine copies, as when they were made.
fn made(kept: &Kept<'_>) -> usize {
    kept.created().filter(|path| !is_base_copy(path)).count()
}

fn document(outcome: &str, kept: &Kept<'_>, notes: &[String]) -> Value {
    let paths = |paths: &mut dyn Iterator<Item = &RelativePath>| {
        paths
            .map(|path| path.as_str().to_owned())
            .collect::<Vec<_>>()
    };
    json!({
        "schema": SCHEMA,
        "command": "add",
        "outcome": outcome,
        "root": kept.root.to_string_lossy(),
        "put_back": paths(&mut kept.replaced()),
        "removed": paths(&mut kept.created()),
        "notes": notes,
    })
}
