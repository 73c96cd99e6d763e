//! Layers side by side: what a project is made of, before anything is rendered.
//! Pure.

use std::collections::BTreeMap;

use anyhow::Result;

use super::{SUFFIX, TemplateSet, Text};
use crate::{relative::RelativePath, state};

/// Where the layers are, inside a set.
pub const LAYERS: &str = "rust";
/// What a layer needs of `Cargo.toml`.
const DEPENDENCIES: &str = "deps.toml";

#[derive(Default)]
pub struct Composition<'a> {
    pub outputs: BTreeMap<RelativePath, Source<'a>>,
    /// The layers' `deps.toml`, each with its path.
    pub dependencies: Vec<(String, &'a str)>,
}

pub enum Source<'a> {
    /// The path in the set, and the text.
    Verbatim(&'a str, &'a Text),
    /// The name of the template to render.
    Rendered(&'a str),
}

impl<'a> Source<'a> {
    /// The path in the set.
    pub fn path(&self) -> &'a str {
        match self {
            Self::Verbatim(path, _) | Self::Rendered(path) => path,
        }
    }
}

/// What a file of a layer gives.
#[derive(Debug, PartialEq, Eq)]
pub enum Output {
    Dependencies,
    Copied(RelativePath),
    Rendered(RelativePath),
}

impl Output {
    /// Of the file with this path inside its layer.
    ///
    /// # Errors
    /// Why the path cannot be written in a project.
    pub fn of(inner: &str) -> Result<Self, String> {
        if inner == DEPENDENCIES {
            return Ok(Self::Dependencies);
        }
        let (output, make): (&str, fn(RelativePath) -> Self) = match inner.strip_suffix(SUFFIX) {
            Some(output) => (output, Self::Rendered),
            None => (inner, Self::Copied),
        };
        let path: RelativePath = output.parse()?;
        match state::is_own(output) {
            true => Err(format!(
                "`{output}` is where mcp-auth keeps its own records"
            )),
            false => Ok(make(path)),
        }
    }
}

impl TemplateSet {
    /// Puts the layers side by side. Two layers that give the same file are a mistake, not an override.
    pub fn compose(&self, layers: &[&str]) -> Result<Composition<'_>> {
        let (composition, mut problems) = self.compose_all(layers);
        match problems.is_empty() {
            true => Ok(composition),
            false => Err(self.mistake(problems.swap_remove(0))),
        }
    }

    /// The same, with all that is wrong.
    pub fn compose_all(&self, layers: &[&str]) -> (Composition<'_>, Vec<String>) {
        let mut composition = Composition::default();
        let mut problems = Vec::new();
        for layer in layers {
            let folder = format!("{LAYERS}/{layer}/");
            let mut files = self.below(&folder).peekable();
            if files.peek().is_none() {
                let place = self.shown(&folder);
                problems.push(format!("there is no layer `{layer}` ({place})"));
            }
            for (path, text) in files {
                if let Err(what) = self.add(&mut composition, &folder, path, text) {
                    problems.push(what);
                }
            }
        }
        problems.extend(self.clashes(&composition));
        (composition, problems)
    }

    /// Files that cannot be side by side, at least where large and small letters are the same.
    fn clashes(&self, composition: &Composition<'_>) -> Vec<String> {
        let mut problems = Vec::new();
        let mut known: BTreeMap<String, &Source<'_>> = BTreeMap::new();
        for (path, source) in &composition.outputs {
            if let Some(other) = known.insert(path.as_str().to_lowercase(), source) {
                let (one, other) = (self.shown(other.path()), self.shown(source.path()));
                problems.push(format!(
                    "{one} and {other} differ only in large and small letters"
                ));
            }
        }
        for (path, source) in &composition.outputs {
            for folder in path.parents() {
                if let Some(file) = known.get(&folder.as_str().to_lowercase()) {
                    let (one, other) = (self.shown(file.path()), self.shown(source.path()));
                    problems.push(format!("{one} is a file where {other} needs a folder"));
                }
            }
        }
        problems
    }

    fn add<'a>(
        &self,
        composition: &mut Composition<'a>,
        folder: &str,
        path: &'a str,
        text: &'a Text,
    ) -> Result<(), String> {
        let output = Output::of(&path[folder.len()..]);
        let output = output.map_err(|why| format!("{}: {why}", self.shown(path)))?;
        let (output, source) = match output {
            Output::Dependencies => {
                composition.dependencies.push((self.shown(path), text));
                return Ok(());
            }
            Output::Copied(output) => (output, Source::Verbatim(path, text)),
            Output::Rendered(output) => (output, Source::Rendered(path)),
        };
        match composition.outputs.get(&output) {
            None => _ = composition.outputs.insert(output, source),
            Some(other) => {
                let (one, other) = (self.shown(other.path()), self.shown(path));
                return Err(format!("two layers give {output}: {one} and {other}"));
            }
        }
        Ok(())
    }
}
