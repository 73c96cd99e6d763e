//! Reads `mcp-auth.toml` back. Pure. People may edit it: what is wrong is told all at once, with line and column.

use anyhow::{Context, Result};
use semver::Version;
use toml_edit::{Document, Item, Table, TomlError};

use super::{
    FILE, Recorded, SCHEMA,
    shape::{self, Wrong},
};
use crate::{
    merge::markers,
    refusal::{Exit, Problem, Refusal},
};

/// # Errors
/// A `Refusal` with all that is wrong, line and column before each, or that a newer version wrote it.
pub fn read(text: &str) -> Result<Recorded> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let document = Document::parse(text).map_err(|error| unreadable(text, &error))?;
    ensure_not_newer(document.as_table())?;
    ensure_none(text, shape::wrongs(document.as_table()))?;
    let recorded: Result<Recorded, _> = toml_edit::de::from_str(text);
    let mut recorded = recorded.with_context(|| format!("{FILE} cannot be read"))?;
    text.clone_into(&mut recorded.text);
    recorded.ensure_fitting()?;
    Ok(recorded)
}

fn unreadable(text: &str, error: &TomlError) -> Refusal {
    if let Some(line) = markers(text).first() {
        return Refusal::failed(format!("{FILE}, line {line}: two branches meet here, and nobody has chosen one"))
            .hint("take one side whole, as in `git checkout HEAD -- mcp-auth.toml .mcp-auth`, and run `mcp-auth regenerate`");
    }
    let wrong = Wrong {
        place: error.span(),
        what: error.message().trim().replace('\n', ", "),
    };
    refusal(text, vec![wrong])
}

/// # Errors
/// A `Refusal` that says what to install.
fn ensure_not_newer(record: &Table) -> Result<()> {
    let text = |key: &str| record.get(key).and_then(Item::as_str);
    let generator: Option<Version> = text("generator").and_then(|version| version.parse().ok());
    let own: Version = env!("CARGO_PKG_VERSION").parse()?;
    let newer = generator.filter(|version| version.cmp_precedence(&own).is_gt());
    let schema = record
        .get("schema")
        .and_then(Item::as_integer)
        .unwrap_or(SCHEMA);
    let (by, install) = match newer {
        Some(version) => (
            version.to_string(),
            format!("cargo install mcp-auth --version {version}"),
        ),
        None if schema > SCHEMA => (
            format!("with the schema {schema}"),
            "cargo install mcp-auth".to_owned(),
        ),
        None => return Ok(()),
    };
    let what = format!("{FILE} was written by a newer mcp-auth ({by}) than this one ({own})");
    Err(Refusal::failed(what)
        .hint(format!("run `{install}`"))
        .into())
}

pub(super) fn ensure_none(text: &str, wrongs: Vec<Wrong>) -> Result<()> {
    match wrongs.is_empty() {
        true => Ok(()),
        false => Err(refusal(text, wrongs).into()),
    }
}

pub(super) fn refusal(text: &str, wrongs: Vec<Wrong>) -> Refusal {
    let problems = wrongs.into_iter().map(|wrong| {
        let place = wrong.place.map(|place| self::place(text, place.start));
        Problem::new(format!(
            "{FILE}{}: {}",
            place.unwrap_or_default(),
            wrong.what
        ))
    });
    Refusal::many(Exit::Failed, problems.collect())
        .hint("put it right, or take the file back from version control")
}

fn place(text: &str, at: usize) -> String {
    let before = text.get(..at).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
    format!(", line {line}, column {column}")
}

#[cfg(test)]
mod tests;
