//! The templates: a set of files, composed of layers, each output path from exactly one of them.
//! A set is a value (the embedded one, or in tests a small one made by hand); nothing here touches the disk.

use std::{borrow::Cow, collections::BTreeMap};

use anyhow::{Context, Result, bail};
use include_dir::{Dir, include_dir};
use tera::Tera;

use crate::{catalog::Catalog, relative::RelativePath};

/// File content: borrowed from the binary where it is copied as it stands.
pub type Text = Cow<'static, str>;

static EMBEDDED: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/templates");

/// Where the layers are, inside a set.
const LAYERS: &str = "rust";
/// Rendered, and the output has not this suffix.
const SUFFIX: &str = ".tera";
/// Fragments that templates include; never an output of their own.
const PARTIALS: &str = "partials/";

/// Every file of a template folder by its path, with `/` on all systems.
pub struct TemplateSet {
    files: BTreeMap<String, Text>,
}

/// What a project is made of, before anything is rendered.
#[derive(Default)]
pub struct Composition<'a> {
    pub outputs: BTreeMap<RelativePath, Source<'a>>,
    /// The layers' `deps.toml`, each with its path.
    pub dependencies: Vec<(String, &'a str)>,
}

pub enum Source<'a> {
    Verbatim(&'a Text),
    /// The name of the template to render.
    Rendered(&'a str),
}

impl TemplateSet {
    pub fn embedded() -> Result<Self> {
        let mut files = BTreeMap::new();
        collect(&EMBEDDED, &mut files)?;
        Ok(Self { files })
    }

    pub fn catalog(&self) -> Result<Catalog> {
        let text = self
            .files
            .get("catalog.toml")
            .context("the templates have no catalog.toml")?;
        Catalog::parse(text)
    }

    /// Puts the layers side by side. Two layers that give the same file are a mistake, not an override.
    pub fn compose(&self, layers: &[&str]) -> Result<Composition<'_>> {
        let mut composition = Composition::default();
        for layer in layers {
            let folder = format!("{LAYERS}/{layer}/");
            let mut files = self.below(&folder).peekable();
            if files.peek().is_none() {
                bail!("the templates have no layer `{layer}` (templates/{folder})");
            }
            for (path, text) in files {
                composition.add(&path[folder.len()..], path, text)?;
            }
        }
        Ok(composition)
    }

    /// Parses the given templates and the partials: no others, since starting fast matters.
    pub fn renderer<'a>(&self, names: impl IntoIterator<Item = &'a str>) -> Result<Tera> {
        let mut tera = Tera::new();
        let chosen = names
            .into_iter()
            .filter_map(|name| self.files.get_key_value(name));
        let partials = self.below(PARTIALS);
        let sources = partials
            .chain(chosen)
            .map(|(name, text)| (name.as_str(), text.as_ref()));
        tera.add_raw_templates(sources)
            .context("a template cannot be parsed")?;
        Ok(tera)
    }

    fn below<'a>(&'a self, folder: &str) -> impl Iterator<Item = (&'a String, &'a Text)> {
        let folder = folder.to_owned();
        self.files
            .range(folder.clone()..)
            .take_while(move |(path, _)| path.starts_with(&folder))
    }
}

impl<'a> Composition<'a> {
    fn add(&mut self, inner: &str, path: &'a str, text: &'a Text) -> Result<()> {
        if inner == "deps.toml" {
            self.dependencies.push((path.to_owned(), text));
            return Ok(());
        }
        let (output, source) = match inner.strip_suffix(SUFFIX) {
            Some(output) => (output, Source::Rendered(path)),
            None => (inner, Source::Verbatim(text)),
        };
        let output: RelativePath = output.parse().map_err(anyhow::Error::msg)?;
        match self.outputs.insert(output, source) {
            None => Ok(()),
            Some(_) => bail!("two layers give the same file: templates/{path} and one before it"),
        }
    }
}

fn collect(dir: &Dir<'static>, files: &mut BTreeMap<String, Text>) -> Result<()> {
    for file in dir.files() {
        let path = file.path().to_string_lossy().replace('\\', "/");
        let text = file
            .contents_utf8()
            .with_context(|| format!("templates/{path} is not UTF-8"))?;
        files.insert(path, Text::Borrowed(text));
    }
    dir.dirs().try_for_each(|sub| collect(sub, files))
}

#[cfg(test)]
mod tests;
