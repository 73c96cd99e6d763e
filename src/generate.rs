//! Answers become files: chooses layers, renders, merges dependencies, records the state.
//! Pure: the same answers give the same bytes on every machine.

pub mod added;

use std::collections::BTreeMap;

use anyhow::Result;

use crate::{
    answers::Answers,
    catalog::{Catalog, Class},
    context::{self, Choice, Place},
    manifest,
    relative::RelativePath,
    state::{self, FileRecord, Record},
    templates::{Composition, Source, TemplateSet, Text},
};

/// A whole project as text, sorted by path.
#[derive(Debug, Default)]
pub struct Generated {
    pub files: BTreeMap<RelativePath, Output>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Output {
    pub text: Text,
    pub class: Class,
    pub executable: bool,
}

impl Output {
    fn owned(text: Text) -> Self {
        Self {
            text,
            class: Class::Owned,
            executable: false,
        }
    }
}

/// The files that the answers ask for, with `mcp-auth.toml` and the pristine copies.
pub fn generate(
    answers: &Answers,
    catalog: &Catalog,
    templates: &TemplateSet,
) -> Result<Generated> {
    let mut generated = pristine(answers, catalog, templates)?;
    let changes = templates.changes()?;
    let files = generated.files.iter();
    let named = files.clone().map(|(path, output)| {
        let revision = changes.newest_of(path.as_str());
        (path.to_string(), FileRecord::new(output, revision))
    });
    let record = state::record(&Record {
        answers,
        catalog,
        templates: templates.origin(),
        placement: None,
        files: named.collect(),
    })?;
    let copies =
        files.map(|(path, output)| Ok((copy_path(path)?, Output::owned(output.text.clone()))));
    let copies: Vec<_> = copies.collect::<Result<_>>()?;
    generated.files.extend(copies);
    generated
        .files
        .insert(inner_path(state::FILE)?, Output::owned(record.into()));
    Ok(generated)
}

/// What the answers ask for and nothing else: without the record and the copies.
pub fn pristine(
    answers: &Answers,
    catalog: &Catalog,
    templates: &TemplateSet,
) -> Result<Generated> {
    let auth = catalog.auth(&answers.auth)?;
    let preset = auth.preset(&answers.preset)?;
    let choice = Choice {
        answers,
        auth,
        preset,
        place: Place::of_new(catalog),
    };
    let composition = templates.compose(&layers(&choice, catalog)?)?;
    let mut generated = Generated::default();
    for (path, text) in render(&composition, templates, &choice, catalog)? {
        let class = catalog.class(path.as_str());
        let executable = text.starts_with("#!/");
        generated.files.insert(
            path,
            Output {
                text,
                class,
                executable,
            },
        );
    }
    Ok(generated)
}

/// The folders that these answers are made of.
pub fn layers<'a>(choice: &Choice<'a>, catalog: &'a Catalog) -> Result<Vec<&'a str>> {
    let always = [
        choice.place.layers,
        &choice.auth.layers,
        &choice.preset.layers,
    ];
    let mut layers: Vec<&String> = always.into_iter().flatten().collect();
    for extra in &choice.answers.extras {
        layers.extend(&catalog.extra(*extra)?.layers);
    }
    Ok(layers.into_iter().map(String::as_str).collect())
}

fn render(
    composition: &Composition<'_>,
    templates: &TemplateSet,
    choice: &Choice<'_>,
    catalog: &Catalog,
) -> Result<BTreeMap<RelativePath, Text>> {
    let rendered = composition
        .outputs
        .values()
        .filter_map(|source| match source {
            Source::Rendered(name) => Some(*name),
            Source::Verbatim(..) => None,
        });
    let renderer = templates.renderer(rendered)?;
    let context = context::context(choice, catalog);
    let mut texts = BTreeMap::new();
    for (path, source) in &composition.outputs {
        let mut text = match source {
            Source::Verbatim(_, text) => (*text).clone(),
            Source::Rendered(name) => renderer.render(name, &context)?.into(),
        };
        if path.as_str() == "Cargo.toml" {
            let manifest = cargo_toml(&text, composition, choice.answers);
            let manifest = manifest.map_err(|error| templates.mistake(format!("{error:#}")))?;
            text = manifest.into();
        }
        texts.insert(path.clone(), text);
    }
    Ok(texts)
}

fn cargo_toml(text: &str, composition: &Composition<'_>, answers: &Answers) -> Result<String> {
    let described = manifest::describe(text, answers.description.as_str())?;
    let additions = composition
        .dependencies
        .iter()
        .map(|(path, text)| (path.as_str(), *text));
    manifest::without_repeats(&manifest::merge(&described, additions)?)
}

pub fn copy_path(path: &RelativePath) -> Result<RelativePath> {
    inner_path(&format!("{}{path}", state::BASE))
}

fn inner_path(path: &str) -> Result<RelativePath> {
    path.parse().map_err(anyhow::Error::msg)
}

#[cfg(test)]
pub mod tests;
