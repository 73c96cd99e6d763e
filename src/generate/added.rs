//! What `add` brings into a project that exists: `src/auth/` from the same templates as a new project, and the lines
//! for its other files. Pure.

mod adapt;
mod http;
mod names;
mod placement;
mod shares;

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
};

use anyhow::Result;

pub use http::Http;
pub use names::Names;
pub use placement::Placement;
pub use shares::{Shares, complete, parts};

use super::{Output, inner_path, layers, render};
use crate::{
    answers::Answers,
    catalog::Catalog,
    context::{Choice, Place},
    relative::RelativePath,
    state,
    templates::{Composition, TemplateSet, Text},
};

const MANIFEST: &str = "Cargo.toml";
const GITIGNORE: &str = ".gitignore";
const ENV_EXAMPLE: &str = ".env.example";

/// The parts of an addition.
#[derive(Debug, Default)]
pub struct Added {
    /// Files of their own, by their path in the workspace.
    pub files: BTreeMap<RelativePath, Output>,
    /// The lines for `.env.example`.
    pub env_example: String,
    /// The lines for `.gitignore`.
    pub gitignore: String,
}

/// The `deps.toml` texts of the answers, each with its path: what `manifest::existing::add` needs, whose renames
/// `added` needs. The last one names the examples.
pub fn dependencies<'a>(
    answers: &Answers,
    catalog: &Catalog,
    templates: &'a TemplateSet,
    http: Option<&Http>,
) -> Result<Vec<(String, Cow<'a, str>)>> {
    let layers = http::layers(catalog, http);
    let place = Place {
        layers: &layers,
        ..Place::of_new(catalog)
    };
    let answers = without_extras(answers);
    let composition = compose(&choice(&answers, catalog, place)?, catalog, templates)?;
    let mut examples = String::new();
    for path in composition.outputs.keys() {
        let file = path.as_str().strip_prefix("examples/");
        if let Some(name) = file.and_then(|file| file.strip_suffix(".rs")) {
            examples.push_str(&format!("[[example]]\nname = \"{name}\"\n\n"));
        }
    }
    let texts = composition.dependencies.into_iter();
    let texts = texts.map(|(path, text)| (path, Cow::Borrowed(text)));
    Ok(texts
        .chain([("examples".to_owned(), Cow::Owned(examples))])
        .collect())
}

/// Tells whether what `dependencies` gives is still the same.
pub fn digest(dependencies: &[(String, Cow<'_, str>)]) -> String {
    let texts = dependencies.iter().map(|(_, text)| text.as_ref());
    state::sha256(&texts.collect::<String>())
}

/// Renders the parts.
pub fn added(
    answers: &Answers,
    catalog: &Catalog,
    templates: &TemplateSet,
    placement: &Placement,
) -> Result<Added> {
    let source = placement.source()?;
    let layers = http::layers(catalog, placement.http.as_ref());
    let place = Place {
        layers: &layers,
        module: &placement.module,
        source: &source,
        mcp_path: &placement.mcp_path,
    };
    let answers = without_extras(answers);
    let choice = choice(&answers, catalog, place)?;
    let composition = compose(&choice, catalog, templates)?;
    let mut added = Added::default();
    for (path, text) in render(&composition, templates, &choice, catalog)? {
        match path.as_str() {
            ENV_EXAMPLE => added.env_example = finished(text),
            GITIGNORE => added.gitignore = used(&text, &added.env_example),
            name => {
                let output = Output {
                    class: catalog.class(name),
                    executable: text.starts_with("#!/"),
                    text: adapt::adapt(text, name, placement, &source),
                };
                added.files.insert(target(name, placement)?, output);
            }
        }
    }
    Ok(added)
}

/// They are files of a new project.
fn without_extras(answers: &Answers) -> Answers {
    Answers {
        extras: BTreeSet::new(),
        ..answers.clone()
    }
}

fn choice<'a>(answers: &'a Answers, catalog: &'a Catalog, place: Place<'a>) -> Result<Choice<'a>> {
    let auth = catalog.auth(&answers.auth)?;
    let preset = auth.preset(&answers.preset)?;
    Ok(Choice {
        answers,
        auth,
        preset,
        place,
    })
}

fn compose<'a>(
    choice: &Choice<'_>,
    catalog: &Catalog,
    templates: &'a TemplateSet,
) -> Result<Composition<'a>> {
    let mut composition = templates.compose(&layers(choice, catalog)?)?;
    let without = &catalog.added.without;
    composition
        .outputs
        .retain(|path, _| !without.contains(path.as_str()));
    Ok(composition)
}

/// Where a template's output is in the person's workspace.
fn target(path: &str, placement: &Placement) -> Result<RelativePath> {
    let Placement { folder, module, .. } = placement;
    if let (http::FILE, Some(http)) = (path, &placement.http) {
        return inner_path(&format!("{folder}{}.rs", http.module));
    }
    match path
        .strip_prefix("src/auth")
        .filter(|rest| rest.starts_with(['.', '/']))
    {
        Some(rest) => inner_path(&format!("{folder}{module}{rest}")),
        None => placement.in_package(path),
    }
}

/// The patterns without the folders that no setting of these answers names: a person may have a `data` of their own.
fn used(patterns: &str, env_example: &str) -> String {
    let is_used = |line: &&str| match line.strip_prefix('/').filter(|name| !name.starts_with('.')) {
        Some(folder) => env_example.contains(&format!("{folder}/")),
        None => true,
    };
    patterns
        .lines()
        .filter(is_used)
        .map(|line| format!("{line}\n"))
        .collect()
}

fn finished(text: Text) -> String {
    let mut text = text.into_owned();
    if !text.ends_with('\n') {
        text.push('\n');
    }
    text
}

#[cfg(test)]
pub mod tests;
