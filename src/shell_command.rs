//! The answers as the one command that would give them again, ready to paste.
//! Pure.

use std::path::Path;

use anyhow::Result;

use crate::{
    answers::Answers, catalog::Catalog, cli, interview::default_description, text::quoted,
};

pub fn equivalent(dir: &Path, answers: &Answers, catalog: &Catalog, force: bool) -> Result<String> {
    let mut command = format!("mcp-auth new {}", operand(&dir.to_string_lossy()));
    for (flag, value) in flags(dir, answers, catalog)? {
        command.push_str(&format!(" {flag} {}", quoted(&value)));
    }
    command.push_str(if force { " --force --yes" } else { " --yes" });
    Ok(command)
}

/// The same for `add`. Flags that say how it goes on afterwards are part of it.
pub fn equivalent_addition(typed: &cli::Add, answers: &Answers, catalog: &Catalog) -> String {
    let mut command = "mcp-auth add".to_owned();
    if let Some(path) = &typed.path {
        command.push_str(&format!(" {}", operand(&path.to_string_lossy())));
    }
    let package = typed.package.iter().map(|name| ("--package", name.clone()));
    let at = typed.at.iter().map(|at| ("--at", at.clone()));
    let run = typed.run.iter().map(|run| ("--run", run.clone()));
    let url = typed.url.iter().map(|url| ("--url", url.clone()));
    let flags = choice_flags(answers, catalog).into_iter();
    for (flag, value) in flags.chain(package).chain(at).chain(run).chain(url) {
        command.push_str(&format!(" {flag} {}", quoted(&value)));
    }
    for (flag, given) in [
        ("--http", typed.http),
        ("--force", typed.force),
        ("--allow-dirty", typed.allow_dirty),
        ("--no-check", typed.no_check),
        ("--verify", typed.verify),
        ("--yes", true),
    ] {
        if given {
            command.push_str(&format!(" {flag}"));
        }
    }
    command
}

fn flags(dir: &Path, answers: &Answers, catalog: &Catalog) -> Result<Vec<(&'static str, String)>> {
    let mut flags = Vec::new();
    let name = answers.name.as_str();
    if dir.file_name().is_none_or(|last| last != name) {
        flags.push(("--name", name.to_owned()));
    }
    if answers.description != default_description(&answers.name)? {
        flags.push(("--description", answers.description.as_str().to_owned()));
    }
    flags.extend(choice_flags(answers, catalog));
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

/// What decides about security is always said; the rest only where it is not the default.
fn choice_flags(answers: &Answers, catalog: &Catalog) -> Vec<(&'static str, String)> {
    let scopes: Vec<&str> = answers.scopes.iter().map(|scope| scope.as_str()).collect();
    let mut flags = vec![
        ("--auth", answers.auth.name().to_owned()),
        ("--preset", answers.preset.as_str().to_owned()),
        ("--scopes", scopes.join(" ")),
    ];
    if answers.port.get() != catalog.project.port {
        flags.push(("--port", answers.port.to_string()));
    }
    flags
}

/// A folder called `-x` must not read as a flag.
fn operand(dir: &str) -> String {
    match dir.starts_with('-') {
        true => quoted(&format!("./{dir}")),
        false => quoted(dir),
    }
}
