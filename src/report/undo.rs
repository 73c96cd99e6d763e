//! `mcp-auth add --undo` and `mcp-auth regenerate --abort` in words.

use std::{
    io::{self, Write},
    path::Path,
};

use anyhow::Result;
use serde_json::{Value, json};

use super::{GOOD, Report, json::SCHEMA, print_json};
use crate::{
    apply::{Deed, Kept},
    plan::is_base_copy,
    refusal::Exit,
    relative::RelativePath,
};

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
        let (what, before) = (kept.deed().noun(), put_back(kept).count());
        let made = counted(kept.created());
        self.say(|err| {
            writeln!(
                err,
                "{GOOD}the {what} was taken back{GOOD:#}: {before} files as they were before, {made} removed"
            )
        });
        Ok(Exit::Done)
    }

    /// What an interrupted run had left was put back.
    pub fn put_back(&mut self, root: &Path) -> Result<Exit> {
        if self.json {
            return print_json(&json!({
                "schema": SCHEMA,
                "command": Deed::Regeneration,
                "outcome": "undone",
                "root": root.to_string_lossy(),
                "notes": self.notes,
            }));
        }
        self.say(|err| writeln!(err, "{GOOD}every file is as it was before{GOOD:#}"));
        Ok(Exit::Done)
    }
}

fn list(out: &mut dyn Write, kept: &Kept<'_>) -> io::Result<()> {
    writeln!(out, "Files that get their text from before:")?;
    for path in kept.replaced().filter(|path| !is_base_copy(path)) {
        writeln!(out, "  ~ {path}")?;
    }
    for path in kept.deleted().filter(|path| !is_base_copy(path)) {
        writeln!(out, "  + {path}")?;
    }
    let made = counted(kept.created());
    writeln!(out, "{made} files and their folders are removed")
}

/// Changed or deleted.
fn put_back<'a>(kept: &'a Kept<'_>) -> impl Iterator<Item = &'a RelativePath> {
    let files = kept.replaced().chain(kept.deleted());
    files.filter(|path| !is_base_copy(path))
}

/// But for the pristine copies, as when they were made.
fn counted<'a>(paths: impl Iterator<Item = &'a RelativePath>) -> usize {
    paths.filter(|path| !is_base_copy(path)).count()
}

fn document(outcome: &str, kept: &Kept<'_>, notes: &[String]) -> Value {
    let replaced = kept.replaced().chain(kept.deleted());
    json!({
        "schema": SCHEMA,
        "command": kept.deed(),
        "outcome": outcome,
        "root": kept.root.to_string_lossy(),
        "put_back": replaced.collect::<Vec<_>>(),
        "removed": kept.created().collect::<Vec<_>>(),
        "notes": notes,
    })
}
