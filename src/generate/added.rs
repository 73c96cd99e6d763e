//! What `add` brings into a project that exists: `src/auth/` from the same templates as a new project, and the lines
//! for its other files. Pure.

mod adapt;
mod http;

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
};

use anyhow::{Context, Result};

pub use http::Http;

use super::{Output, inner_path, layers, render};
use crate::{
    answers::Answers,
    catalog::{Catalog, Class},
    context::{Choice, Place},
    relative::RelativePath,
    state,
    templates::{Composition, TemplateSet, Text},
};

const MANIFEST: &str = "Cargo.toml";
const GITIGNORE: &str = ".gitignore";
const ENV_EXAMPLE: &str = ".env.example";

/// Where things go, relative to the workspace's root. Folders are empty or end with `/`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placement {
    /// The package: `crates/server/`.
    pub package: String,
    /// The folder of the crate root: `crates/server/src/`.
    pub folder: String,
    /// `auth`, or another name where that is taken.
    pub module: String,
    /// Under which path clients reach the MCP service: `/mcp`. Empty for the whole server, or if nobody knows.
    pub mcp_path: String,
    /// The file in the package's folder that shows the settings: `.env.example`, or `.env.sample` if that is there.
    pub env_file: String,
    /// Crates that have another name in this package: `reqwest` -> `auth_reqwest`.
    pub renames: BTreeMap<String, String>,
    /// HTTP beside stdio, if the server speaks only that.
    pub http: Option<Http>,
    /// What has to be turned on for the server to be compiled.
    pub features: Vec<String>,
}

impl Placement {
    /// The module's folder from the package: `src/auth`.
    pub fn source(&self) -> Result<String> {
        let inner = self.folder.strip_prefix(&self.package);
        let inner = inner.with_context(|| {
            format!("{} is outside of the package {}", self.folder, self.package)
        })?;
        Ok(format!("{inner}{}", self.module))
    }

    fn in_package(&self, path: &str) -> Result<RelativePath> {
        inner_path(&format!("{}{path}", self.package))
    }
}

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

/// All files of the addition that are ours alone: those with the record of what was added, and the pristine copies.
/// `manifest` is what was added to `Cargo.toml`; of that, of the settings and of `.gitignore` only our part is kept.
pub fn complete(
    added: &Added,
    manifest: &str,
    answers: &Answers,
    catalog: &Catalog,
    placement: &Placement,
) -> Result<BTreeMap<RelativePath, Output>> {
    let ours = [
        (MANIFEST, manifest),
        (GITIGNORE, added.gitignore.as_str()),
        (placement.env_file.as_str(), added.env_example.as_str()),
    ];
    let mut parts = BTreeMap::new();
    for (name, text) in ours {
        let output = Output {
            class: Class::Merged,
            ..Output::owned(Text::Owned(text.to_owned()))
        };
        parts.insert(name.to_owned(), output);
    }
    for (path, output) in &added.files {
        let inner = path.as_str().strip_prefix(&placement.package);
        let inner = inner.with_context(|| format!("{path} is outside of the package"))?;
        parts.insert(inner.to_owned(), output.clone());
    }
    let files = parts.iter().map(|(path, output)| (path.as_str(), output));
    let record = state::record(answers, catalog, files, Some(placement))?;
    let mut complete = added.files.clone();
    for (path, output) in &parts {
        let copy = placement.in_package(&format!("{}{path}", state::BASE))?;
        complete.insert(copy, Output::owned(output.text.clone()));
    }
    complete.insert(
        placement.in_package(state::FILE)?,
        Output::owned(record.into()),
    );
    Ok(complete)
}

/// They are files of a new project.
fn without_extras(answers: &Answers) -> Answers {
    Answers {
        extras: BTreeSet::new(),
        ..answers.clone()
    }
}

fn choice<'a>(answers: &'a Answers, catalog: &'a Catalog, place: Place<'a>) -> Result<Choice<'a>> {
    let auth = catalog.auth(answers.auth)?;
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
