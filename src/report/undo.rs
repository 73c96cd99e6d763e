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
        let what = kept.deed().noun();
        let counts = counts(put_back(kept).count(), counted(kept.created()));
        self.say(|err| writeln!(err, "{GOOD}the {what} was taken back{GOOD:#}: {counts}"));
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

/// Without what is none.
fn counts(before: usize, made: usize) -> String {
    let before = match before {
        0 => None,
        1 => Some("1 file as it was before".to_owned()),
        _ => Some(format!("{before} files as they were before")),
    };
    let made = (made > 0).then(|| format!("{made} removed"));
    let counts: Vec<_> = before.into_iter().chain(made).collect();
    counts.join(", ")
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_none_is_not_counted_and_one_file_is_a_file() {
        assert_eq!(counts(1, 0), "1 file as it was before");
        assert_eq!(counts(4, 2), "4 files as they were before, 2 removed");
        assert_eq!(counts(0, 3), "3 removed");
    }
}
