//! What the catalog says about itself: names, presets, settings, texts.
//! Pure.

use std::collections::BTreeSet;

use super::Findings;
use crate::{
    answers::{Port, parse_scopes},
    catalog::{AuthEntry, Catalog, Preset, Variable},
    context::PLACEHOLDERS,
    templates::{CATALOG, LAYERS, TemplateSet},
};

pub(super) fn check(set: &TemplateSet, catalog: &Catalog, findings: &mut Findings) {
    let mut check = Check {
        set,
        findings,
        file: set.shown(CATALOG),
    };
    if let Err(why) = Port::try_from(catalog.project.port) {
        check.problem("[project]", why);
    }
    check.scopes("[project]", &catalog.project.scopes);
    if catalog.auths().is_empty() {
        check.problem("[[auth]]", "there is no option".to_owned());
    }
    check.no_name_twice("[[auth]]", catalog.auth_names());
    let extras = catalog.extras().iter().map(|extra| extra.name.name());
    check.no_name_twice("[[extra]]", extras);
    for auth in catalog.auths() {
        check.option(auth, catalog);
    }
    for variable in &catalog.server_env {
        check.variable("[[server_env]]", variable);
    }
}

struct Check<'a> {
    set: &'a TemplateSet,
    findings: &'a mut Findings,
    file: String,
}

impl Check<'_> {
    fn problem(&mut self, place: &str, what: String) {
        self.findings
            .problem(format!("{}, {place}: {what}", self.file));
    }

    fn option(&mut self, auth: &AuthEntry, catalog: &Catalog) {
        let place = format!("option `{}`", auth.name);
        if !is_name(&auth.name) {
            self.problem(&place, "a name has only a-z, 0-9 and `-`".to_owned());
        }
        if auth.preset_name(&auth.default_preset).is_none() {
            let preset = &auth.default_preset;
            self.problem(&place, format!("it has no preset `{preset}`, its default"));
        }
        let presets = auth.presets.iter().map(|preset| preset.name.as_str());
        self.no_name_twice(&place, presets.clone());
        let presets: BTreeSet<&str> = presets.collect();
        let mut seen = BTreeSet::new();
        for variable in auth.env.iter().chain(&catalog.server_env) {
            // the same setting of two layers that exclude each other is one setting
            if !seen.insert((&variable.name, &variable.layer)) {
                self.problem(&place, format!("{} is there twice", variable.name));
            }
        }
        for variable in &auth.env {
            self.variable(&place, variable);
            for preset in variable.presets.iter().flatten() {
                if !presets.contains(preset.as_str()) {
                    let name = &variable.name;
                    self.problem(
                        &place,
                        format!("{name} is for a preset `{preset}`, which it has not"),
                    );
                }
            }
        }
        for preset in &auth.presets {
            self.preset(auth, preset);
        }
        self.texts(&place, auth.own_texts());
    }

    fn preset(&mut self, auth: &AuthEntry, preset: &Preset) {
        let place = format!("preset `{}` of `{}`", preset.name, auth.name);
        if !is_name(&preset.name) {
            self.problem(&place, "a name has only a-z, 0-9 and `-`".to_owned());
        }
        for name in preset.env.keys() {
            let variable = auth.env.iter().find(|variable| variable.name == *name);
            match variable {
                None => self.problem(&place, format!("its option has no setting {name}")),
                Some(variable) if variable.secret => {
                    self.problem(&place, format!("{name} is secret: it must have no value"));
                }
                Some(_) => {}
            }
        }
        self.scopes(&place, preset.scopes.as_deref().unwrap_or_default());
        self.texts(&place, preset.texts());
    }

    fn variable(&mut self, place: &str, variable: &Variable) {
        let name = &variable.name;
        let is_allowed =
            |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
        if name.is_empty() || !name.bytes().all(is_allowed) {
            self.problem(
                place,
                format!("`{name}` is no name of a setting: use A-Z, 0-9 and `_`"),
            );
        }
        if variable.secret && !variable.value.is_empty() {
            self.problem(place, format!("{name} is secret: it must have no value"));
        }
        if let Some(layer) = &variable.layer {
            let folder = format!("{LAYERS}/{layer}/");
            if self.set.below(&folder).next().is_none() {
                self.problem(
                    place,
                    format!("{name} is of a layer `{layer}`, which is not there"),
                );
            }
        }
        self.texts(place, variable.doc.iter().chain([&variable.value]));
    }

    fn scopes(&mut self, place: &str, scopes: &[String]) {
        match parse_scopes(&scopes.join(" ")) {
            Err(why) => self.problem(place, format!("its scopes: {why}")),
            Ok(parsed) if parsed.len() != scopes.len() => {
                self.problem(
                    place,
                    "its scopes: each is one word, and there once".to_owned(),
                );
            }
            Ok(_) => {}
        }
    }

    /// `{name}` is filled in; a word that is not would stay as it is.
    fn texts<'a>(&mut self, place: &str, texts: impl IntoIterator<Item = &'a String>) {
        for text in texts {
            for word in placeholders(text) {
                if !PLACEHOLDERS.contains(&word) {
                    let known = PLACEHOLDERS.join("}, {");
                    self.problem(
                        place,
                        format!("`{{{word}}}` is not filled in: these are: {{{known}}}"),
                    );
                }
            }
        }
    }

    fn no_name_twice<'a>(&mut self, place: &str, names: impl IntoIterator<Item = &'a str>) {
        let mut seen = BTreeSet::new();
        for name in names {
            if !seen.insert(name) {
                self.problem(place, format!("`{name}` is there twice"));
            }
        }
    }
}

fn is_name(name: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    name.starts_with(|first: char| first.is_ascii_alphanumeric()) && name.bytes().all(is_allowed)
}

/// The words in braces that look like ours: `{base_url}`, but not `${HOME}` or `{"json": 1}`.
fn placeholders(text: &str) -> impl Iterator<Item = &str> {
    let opened = text.match_indices('{');
    opened.filter_map(|(at, _)| {
        let (word, _) = text[at + 1..].split_once('}')?;
        let is_allowed = |byte: u8| byte.is_ascii_lowercase() || byte == b'_';
        let is_word = !word.is_empty() && word.bytes().all(is_allowed);
        (is_word && !text[..at].ends_with(['$', '{'])).then_some(word)
    })
}
