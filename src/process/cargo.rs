//! `cargo metadata` and `cargo check`, with the cargo on the PATH.
#![expect(clippy::disallowed_methods, reason = "the only starter of processes")]

use std::{
    io::{self, Read},
    path::Path,
    process::{Child, Command, ExitStatus, Stdio},
    thread::{self, JoinHandle},
    time::Duration,
};

use anyhow::{Context, Result};

use super::{group, interrupt::Interrupt};
use crate::refusal::Refusal;

/// What the workspace around `dir` is, as cargo's own JSON. Resolves nothing: no network, no `Cargo.lock`.
///
/// # Errors
/// A `Refusal` with cargo's words.
pub fn metadata(dir: &Path) -> Result<String> {
    let mut cargo = cargo(dir);
    cargo.args(["metadata", "--no-deps", "--format-version", "1", "--quiet"]);
    let output = cargo.output().map_err(|error| not_started(&error))?;
    if !output.status.success() {
        let words = String::from_utf8_lossy(&output.stderr);
        return Err(Refusal::failed("cargo cannot read this project")
            .words(words)
            .hint("put it right and run again: `cargo metadata` must work")
            .into());
    }
    String::from_utf8(output.stdout).context("`cargo metadata` printed something else than text")
}

/// What is checked, and how much of it is seen.
pub struct Check<'a> {
    pub root: &'a Path,
    pub package: &'a str,
    pub features: &'a [String],
    /// The words are for a terminal with colours.
    pub color: bool,
    /// Cargo's progress goes to standard error.
    pub shown: bool,
}

pub struct Checked {
    pub success: bool,
    /// The messages of the compiler, a JSON document a line.
    pub messages: Vec<u8>,
    /// What cargo itself said, unless it was shown.
    pub said: String,
}

impl Check<'_> {
    /// The same for people.
    pub fn command(&self) -> String {
        let mut command = format!("cargo check -p {}", self.package);
        if !self.features.is_empty() {
            command += &format!(" --features {}", self.features.join(","));
        }
        command
    }
}

/// Runs `cargo check`; `None` if somebody interrupted.
pub fn check(check: &Check<'_>, interrupt: &Interrupt) -> Result<Option<Checked>> {
    let mut cargo = cargo(check.root);
    let rendered = if check.color {
        "json-diagnostic-rendered-ansi"
    } else {
        "json"
    };
    cargo
        .args([
            "check",
            "--package",
            check.package,
            "--message-format",
            rendered,
        ])
        .env(
            "CARGO_TERM_COLOR",
            if check.color { "always" } else { "never" },
        )
        .stdout(Stdio::piped())
        .stderr(if check.shown {
            Stdio::inherit()
        } else {
            Stdio::piped()
        });
    if !check.features.is_empty() {
        cargo.args(["--features", &check.features.join(",")]);
    }
    group::separate(&mut cargo);
    let mut child = cargo.spawn().map_err(|error| not_started(&error))?;
    let (messages, said) = (reader(child.stdout.take()), reader(child.stderr.take()));
    let Some(status) = ended(&mut child, interrupt)? else {
        return Ok(None);
    };
    Ok(Some(Checked {
        success: status.success(),
        messages: read(messages),
        said: String::from_utf8_lossy(&read(said)).into_owned(),
    }))
}

fn cargo(dir: &Path) -> Command {
    let mut cargo = Command::new("cargo");
    cargo.current_dir(dir).stdin(Stdio::null());
    cargo
}

fn not_started(error: &io::Error) -> Refusal {
    match error.kind() {
        io::ErrorKind::NotFound => Refusal::failed("cargo is not installed, or not on the PATH")
            .hint("install Rust from https://rustup.rs"),
        _ => Refusal::failed(format!("cargo cannot be started: {error}")),
    }
}

/// Waits for cargo; stops it and the compilers that it started if somebody interrupts.
fn ended(child: &mut Child, interrupt: &Interrupt) -> Result<Option<ExitStatus>> {
    const MOMENT: Duration = Duration::from_millis(20);
    loop {
        let status = child.try_wait().context("cannot wait for cargo")?;
        if interrupt.check().is_err() {
            if status.is_none() {
                group::stop(child);
            }
            return Ok(None);
        }
        match status {
            Some(status) => return Ok(Some(status)),
            None => thread::sleep(MOMENT),
        }
    }
}

type Reader = JoinHandle<Vec<u8>>;

fn reader(from: Option<impl Read + Send + 'static>) -> Option<Reader> {
    let mut from = from?;
    Some(thread::spawn(move || {
        let mut bytes = Vec::new();
        // what was read until an error is better than nothing
        let _ = from.read_to_end(&mut bytes);
        bytes
    }))
}

fn read(reader: Option<Reader>) -> Vec<u8> {
    reader
        .and_then(|reader| reader.join().ok())
        .unwrap_or_default()
}
