//! The answers as the one command that would give them again, ready to paste.
//! Pure.

use std::path::Path;

use anyhow::Result;
use clap::ValueEnum;

use crate::{
    answers::Answers, catalog::Catalog, cli, interview::default_description, text::quoted,
};

pub fn equivalent(
    typed: &cli::New,
    dir: &Path,
    answers: &Answers,
    catalog: &Catalog,
) -> Result<String> {
    let mut command = format!("mcp-auth new {}", operand(&dir.to_string_lossy()));
    let flags = flags(dir, answers, catalog)?.into_iter();
    for (flag, value) in flags.chain(templates(typed.templates.as_deref())) {
        command.push_str(&format!(" {flag} {}", quoted(&value)));
    }
    command.push_str(if typed.force {
        " --force --yes"
    } else {
        " --yes"
    });
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
    let flags = flags.chain(templates(typed.templates.as_deref()));
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

/// The same for `regenerate`: what was typed, and no questions.
pub fn equivalent_regeneration(typed: &cli::Regenerate) -> String {
    let mut command = "mcp-auth regenerate".to_owned();
    if let Some(path) = &typed.path {
        command.push_str(&format!(" {}", operand(&path.to_string_lossy())));
    }
    let auth = typed.auth.iter().map(|auth| ("--auth", auth.clone()));
    let set = typed.set.iter().map(|set| ("--set", set.clone()));
    let restore = typed.restore.iter().map(|file| ("--restore", file.clone()));
    let templates = templates(typed.templates.as_deref());
    for (flag, value) in auth.chain(set).chain(restore).chain(templates) {
        command.push_str(&format!(" {flag} {}", quoted(&value)));
    }
    if let Some(how) = typed.conflict.and_then(|how| how.to_possible_value()) {
        command.push_str(&format!(" --conflict {}", how.get_name()));
    }
    for (flag, given) in [
        ("--security-only", typed.security_only),
        ("--allow-dirty", typed.allow_dirty),
        ("--no-check", typed.no_check),
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
    let defaults = catalog.default_extras();
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

fn templates(typed: Option<&Path>) -> Option<(&'static str, String)> {
    typed.map(|dir| ("--templates", no_flag(&dir.to_string_lossy())))
}

/// What decides about security is always said; the rest only where it is not the default.
fn choice_flags(answers: &Answers, catalog: &Catalog) -> Vec<(&'static str, String)> {
    let scopes: Vec<&str> = answers.scopes.iter().map(|scope| scope.as_str()).collect();
    let mut flags = vec![
        ("--auth", answers.auth.as_str().to_owned()),
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
    quoted(&no_flag(dir))
}

fn no_flag(dir: &str) -> String {
    match dir.starts_with('-') {
        true => format!("./{dir}"),
        false => dir.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_typed_for_a_regeneration_comes_again_without_questions() {
        let typed = cli::Regenerate {
            path: Some("-x".into()),
            auth: Some("google".to_owned()),
            set: vec!["scopes=a b".to_owned()],
            conflict: Some(cli::OnConflict::Mine),
            restore: vec!["src/serve.rs".to_owned()],
            security_only: true,
            ..cli::Regenerate::default()
        };
        assert_eq!(
            equivalent_regeneration(&typed),
            "mcp-auth regenerate ./-x --auth google --set 'scopes=a b' --restore src/serve.rs --conflict mine --security-only --yes"
        );
    }
}
