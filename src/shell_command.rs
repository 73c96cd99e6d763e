//! The answers as the one command that would give them again, ready to paste.
//! Pure.

use std::path::Path;

use crate::{
    answers::{Answers, Extra},
    catalog::Catalog,
    interview::default_description,
    text::quoted,
};

pub fn equivalent(
    dir: &Path,
    answers: &Answers,
    catalog: &Catalog,
    force: bool,
) -> anyhow::Result<String> {
    let dir_text = dir.to_string_lossy();
    let mut words = vec!["mcp-auth".to_owned(), "new".to_owned(), operand(&dir_text)];
    let mut flag = |name: &str, value: &str| words.extend([name.to_owned(), quoted(value)]);
    if dir
        .file_name()
        .is_none_or(|last| last != answers.name.as_str())
    {
        flag("--name", answers.name.as_str());
    }
    if answers.description != default_description(&answers.name)? {
        flag("--description", answers.description.as_str());
    }
    flag("--auth", answers.auth.name());
    flag("--preset", answers.preset.as_str());
    let scopes: Vec<&str> = answers.scopes.iter().map(|scope| scope.as_str()).collect();
    flag("--scopes", &scopes.join(" "));
    if answers.port.get() != catalog.project.port {
        flag("--port", &answers.port.to_string());
    }
    let defaults = catalog.default_extras()?;
    let names = |extras: Vec<&Extra>| {
        extras
            .iter()
            .map(|extra| extra.name())
            .collect::<Vec<_>>()
            .join(",")
    };
    for (name, extras) in [
        (
            "--with",
            names(answers.extras.difference(&defaults).collect()),
        ),
        (
            "--without",
            names(defaults.difference(&answers.extras).collect()),
        ),
    ] {
        if !extras.is_empty() {
            flag(name, &extras);
        }
    }
    if force {
        words.push("--force".to_owned());
    }
    words.push("--yes".to_owned());
    Ok(words.join(" "))
}

/// A folder called `-x` must not read as a flag.
fn operand(dir: &str) -> String {
    match dir.starts_with('-') {
        true => quoted(&format!("./{dir}")),
        false => quoted(dir),
    }
}
