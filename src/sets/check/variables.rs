//! What templates say, in the branches that are not taken too: each word must be one that the context has.
//! Pure.

use std::collections::BTreeSet;

use super::{Findings, files::is_template};
use crate::{
    context::NAMES,
    templates::{Renderer, TemplateSet},
    text,
};

/// Gives the unknown ones back: rendering would stumble over them again.
pub(super) fn check(
    set: &TemplateSet,
    renderer: Option<&Renderer<'_>>,
    findings: &mut Findings,
) -> BTreeSet<String> {
    let mut unknown = BTreeSet::new();
    let Some(renderer) = renderer else {
        return unknown;
    };
    for (name, text) in set.files() {
        for word in renderer.variables(name).unwrap_or_default() {
            let Some(at) = first_said(text, word).filter(|_| !NAMES.contains(&word)) else {
                continue;
            };
            if !is_assigned(set, word) {
                let (file, place) = (set.shown(name), text::place(text, at));
                findings.problem(format!("{file}{place}: `{word}` is not known to templates"));
                unknown.insert(word.to_owned());
            }
        }
    }
    unknown
}

/// A partial may say what the template around it has set.
fn is_assigned(set: &TemplateSet, word: &str) -> bool {
    let templates = set.files().iter().filter(|(path, _)| is_template(path));
    let ways = [
        format!("for {word} in"),
        format!(", {word} in"),
        format!("set {word} ="),
    ];
    templates
        .into_iter()
        .any(|(_, text)| ways.iter().any(|way| text.contains(way)))
}

/// Where a tag says the word for the first time. What an included file says is told there.
fn first_said(text: &str, word: &str) -> Option<usize> {
    let part_of_word = |c: char| c.is_alphanumeric() || c == '_';
    let is_whole = |at: &usize| {
        !text[..*at].ends_with(part_of_word) && !text[at + word.len()..].starts_with(part_of_word)
    };
    let in_tag = |at: &usize| {
        let before = &text[..*at];
        let opened = before.rfind("{{").max(before.rfind("{%"));
        opened > before.rfind("}}").max(before.rfind("%}"))
    };
    let mut found = text.match_indices(word).map(|(at, _)| at);
    found.find(|at| is_whole(at) && in_tag(at))
}
