//! The templates: a set of files, composed of layers, each output path from exactly one of them.
//! A set is a value: the one in the program, or one that `project` has read from a person's folder. Pure.

mod composition;
mod origin;
mod renderer;

pub use composition::{Composition, LAYERS, Output, Source};
pub use origin::{EMBEDDED, Origin};
pub use renderer::{Renderer, syntax_problem};

use std::{
    borrow::Cow,
    cell::OnceCell,
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, anyhow};
use include_dir::{Dir, include_dir};

use crate::{
    catalog::Catalog,
    changes::{self, Changes},
    refusal::Refusal,
    text,
};

/// File content: borrowed from the binary where it is copied as it stands.
pub type Text = Cow<'static, str>;

static FILES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/templates");

pub const CATALOG: &str = "catalog.toml";
/// Rendered, and the output has not this suffix.
pub const SUFFIX: &str = ".tera";
/// Fragments that templates include; never an output of their own.
pub const PARTIALS: &str = "partials/";

/// Every file of a template folder by its path, with `/` on all systems.
pub struct TemplateSet {
    files: BTreeMap<String, Text>,
    home: Home,
    /// Its name in `mcp-auth.toml`.
    set: String,
    origin: OnceCell<Origin>,
}

/// Where a set comes from.
#[derive(Debug)]
pub enum Home {
    Program,
    Folder(Folder),
}

/// A person's folder.
#[derive(Debug)]
pub struct Folder {
    /// As they say it.
    pub shown: String,
    /// Absolute, without links or `..`.
    pub path: PathBuf,
    /// They typed the whole path: it does not move with the project.
    pub is_absolute: bool,
}

impl TemplateSet {
    pub fn embedded() -> Result<Self> {
        let mut files = BTreeMap::new();
        collect(&FILES, &mut files)?;
        Ok(Self::new(files, Home::Program, EMBEDDED))
    }

    pub fn from_folder(files: BTreeMap<String, String>, folder: Folder) -> Self {
        let files = files.into_iter();
        let files = files.map(|(path, text)| (path, Text::Owned(text)));
        let set = folder.path.to_string_lossy().into_owned();
        Self::new(files.collect(), Home::Folder(folder), &set)
    }

    fn new(files: BTreeMap<String, Text>, home: Home, set: &str) -> Self {
        Self {
            files,
            home,
            set: set.to_owned(),
            origin: OnceCell::new(),
        }
    }

    pub fn files(&self) -> &BTreeMap<String, Text> {
        &self.files
    }

    pub fn origin(&self) -> &Origin {
        let hash = || Origin {
            set: self.set.clone(),
            sha256: origin::sha256(&self.files),
        };
        self.origin.get_or_init(hash)
    }

    /// Names a folder as it is seen from a project, so that both may be moved together.
    pub fn seen_from(&mut self, project: &Path) {
        if let Home::Folder(folder) = &self.home
            && !folder.is_absolute
        {
            self.recorded_as(&origin::relative(project, &folder.path));
        }
    }

    /// The name that a project has for it already.
    pub fn recorded_as(&mut self, set: &str) {
        self.set = set.to_owned();
        if let Some(origin) = self.origin.get_mut() {
            origin.set = set.to_owned();
        }
    }

    /// How people are told of one of its files: `templates/catalog.toml`, `../mine/catalog.toml`.
    pub fn shown(&self, path: &str) -> String {
        match &self.home {
            Home::Program => format!("templates/{path}"),
            Home::Folder(folder) => format!("{}/{path}", folder.shown.trim_end_matches('/')),
        }
    }

    /// A mistake in the templates: of their owner, who can do something about it, or else of this program.
    pub fn mistake(&self, what: String) -> anyhow::Error {
        match &self.home {
            Home::Program => anyhow!(what),
            Home::Folder(folder) => {
                let folder = text::quoted(&folder.shown);
                Refusal::failed(what)
                    .hint(format!("mcp-auth templates check {folder}"))
                    .into()
            }
        }
    }

    /// What was changed in these templates, and why.
    pub fn changes(&self) -> Result<Changes> {
        let Some(text) = self.files.get(changes::FILE) else {
            return Ok(Changes::default());
        };
        Changes::parse(text).map_err(|error| {
            let what = match error.downcast_ref() {
                Some(error) => text::toml_problem(text, error),
                None => format!(": {error:#}"),
            };
            self.mistake(format!("{}{what}", self.shown(changes::FILE)))
        })
    }

    pub fn catalog(&self) -> Result<Catalog> {
        let Some(text) = self.files.get(CATALOG) else {
            return Err(self.mistake(format!("{} is not there", self.shown(CATALOG))));
        };
        Catalog::parse(text).map_err(|error| {
            let what = text::toml_problem(text, &error);
            self.mistake(format!("{}{what}", self.shown(CATALOG)))
        })
    }

    pub fn has_layer(&self, layer: &str) -> bool {
        self.below(&format!("{LAYERS}/{layer}/")).next().is_some()
    }

    /// The files in a folder of it, which ends with `/`.
    pub fn below<'a>(
        &'a self,
        folder: &str,
    ) -> impl Iterator<Item = (&'a String, &'a Text)> + use<'a> {
        let folder = folder.to_owned();
        self.files
            .range(folder.clone()..)
            .take_while(move |(path, _)| path.starts_with(&folder))
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
