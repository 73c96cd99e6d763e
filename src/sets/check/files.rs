//! Each file for itself: where it is, and whether it is what its name says.
//! Pure.

use semver::VersionReq;
use toml_edit::{DocumentMut, Item};

use super::Findings;
use crate::{
    templates::{LAYERS, Output, PARTIALS, Renderer, SUFFIX, TemplateSet, Text, syntax_problem},
    text,
};

pub(super) fn check(set: &TemplateSet, findings: &mut Findings) {
    for (path, text) in set.files() {
        if let Err(why) = place(path) {
            findings.problem(format!("{}: {why}", set.shown(path)));
            continue;
        }
        if is_template(path) {
            if let Some(what) = syntax_problem(set, path, text) {
                findings.problem(what);
            }
        } else if let Some(what) = text_problem(path, text) {
            findings.problem(format!("{}{what}", set.shown(path)));
        } else if path.ends_with("/deps.toml")
            && let Ok(doc) = text.parse()
        {
            let file = set.shown(path);
            versions(&doc).for_each(|what| findings.problem(format!("{file}: {what}")));
        }
    }
}

/// All templates whose syntax is right, parsed; nothing if they do not fit together.
pub(super) fn renderer<'a>(set: &'a TemplateSet, findings: &mut Findings) -> Option<Renderer<'a>> {
    let is_whole =
        |(path, text): &(&'a String, &'a Text)| syntax_problem(set, path, text).is_none();
    if !set.below(PARTIALS).all(|file| is_whole(&file)) {
        return None;
    }
    let templates = set.files().iter().filter(|(path, _)| is_template(path));
    let names = templates.filter(is_whole).map(|(path, _)| path.as_str());
    match set.renderer(names) {
        Ok(renderer) => Some(renderer),
        Err(error) => {
            let words = error.to_string();
            words
                .split("; ")
                .for_each(|what| findings.problem(what.to_owned()));
            None
        }
    }
}

pub(super) fn is_template(path: &str) -> bool {
    path.starts_with(PARTIALS) || path.ends_with(SUFFIX)
}

/// What cargo would refuse only in the project.
fn versions(doc: &DocumentMut) -> impl Iterator<Item = String> {
    let sections = ["dependencies", "dev-dependencies", "build-dependencies"];
    let tables = sections.into_iter().filter_map(|section| {
        let table = doc.get(section)?.as_table_like()?;
        Some(table.iter().map(move |entry| (section, entry)))
    });
    tables.flatten().filter_map(|(section, (name, item))| {
        let version = match item.as_table_like() {
            Some(table) if table.contains_key("path") || table.contains_key("git") => return None,
            Some(table) => table.get("version").and_then(Item::as_str),
            None => item.as_str(),
        };
        let is_good = version.is_some_and(|version| VersionReq::parse(version).is_ok());
        (!is_good).then(|| format!("`{section}.{name}` has no version that cargo knows"))
    })
}

fn place(path: &str) -> Result<(), String> {
    let Some(inner) = path.strip_prefix(&format!("{LAYERS}/")) else {
        return Ok(());
    };
    match inner.split_once('/') {
        Some((_, inner)) => Output::of(inner).map(|_| ()),
        None => Err(format!("it is in no layer: {LAYERS}/<layer>/{inner}")),
    }
}

/// Why a text is not what the end of its name says, with the place in front: `, line 3, column 5: ...`.
pub(super) fn text_problem(path: &str, text: &str) -> Option<String> {
    match path.rsplit_once('.')?.1 {
        "rs" => {
            let error = syn::parse_file(text).err()?;
            let start = error.span().start();
            let (line, column) = (start.line, start.column + 1);
            Some(format!(", line {line}, column {column}: {error}"))
        }
        "toml" => {
            let error = text.parse::<DocumentMut>().err()?;
            let place = error.span().map(|span| text::place(text, span.start));
            let place = place.unwrap_or_default();
            Some(format!("{place}: {}", error.message().trim()))
        }
        "json" => {
            let error = serde_json::from_str::<serde::de::IgnoredAny>(text).err()?;
            Some(format!(": {error}"))
        }
        _ => None,
    }
}
