//! The answers as the one command that would give them again, ready to paste.
//! Pure.

use std::path::Path;

use anyhow::Result;

use crate::{answers::Answers, catalog::Catalog, interview::default_description, text::quoted};

pub fn equivalent(dir: &Path, answers: &Answers, catalog: &Catalog, force: bool) -> Result<String> {
    let mut command = format!("mcp-auth new {}", operand(&dir.to_string_lossy()));
    for (flag, value) in flags(dir, answers, catalog)? {
        command.push_str(&format!(" {flag} {}", quoted(&value)));
    }
    command.push_str(if force { " --force --yes" } else { " --yes" });
    Ok(command)
}

/// What decides about security is always said; the rest only where it is not the default.
fn flags(dir: &Path, answers: &Answers, catalog: &Catalog) -> Result<Vec<(&'static str, String)>> {
    let mut flags = Vec::new();
    let name = answers.name.as_str();
    if dir.file_name().is_none_or(|last| last != name) {
        flags.push(("--name", name.to_owned()));
    }
    if answers.description != default_description(&answers.name)? {
        flags.push(("--description", answers.description.as_str().to_owned()));
    }
    let scopes: Vec<&str> = answers.scopes.iter().map(|scope| scope.as_str()).collect();
    flags.push(("--auth", answers.auth.name().to_owned()));
    flags.push(("--preset", answers.preset.as_str().to_owned()));
    flags.push(("--scopes", scopes.join(" ")));
    if answers.port.get() != catalog.project.port {
        flags.push(("--port", answers.port.to_string()));
    }
    let defaults = catalog.default_extras()?;
    for (flag, extras) in [
        ("--with", answers.extras.difference(&defaults)),
        ("--without", defaults.difference(&answers.extras)),
    ] {
        let names: Vec<&str> = extras.map(|extra| extra.name()).collect();
        if !names.is_empty() {
            flags.push((flag, names.join(",")));
        }
    }
    Ok(flags)
}

/// A folder called `-x` must not read as a flag.
fn operand(dir: &str) -> String {
    match dir.starts_with('-') {
        true => quoted(&format!("./{dir}")),
        false => quoted(dir),
    }
}
