//! The template sets that a project is compared with, and what they make of answers.
//! Pure.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};

use super::{facts::Facts, said::Said};
use crate::{
    answers::{Answers, Extra, Port, ProjectName, parse_scopes},
    catalog::{AuthEntry, Catalog, Preset},
    changes::Changes,
    existing::Files,
    generate::{
        self, Output,
        added::{self, Names, Placement, Shares},
    },
    interview::default_description,
    relative::RelativePath,
    templates::{Origin, TemplateSet},
};

const MANIFEST: &str = "Cargo.toml";

pub struct Known {
    pub templates: TemplateSet,
    pub catalog: Catalog,
    changes: Changes,
}

/// A project as a set would make it now.
pub struct Rendering<'a> {
    pub known: &'a Known,
    pub answers: Answers,
    pub files: BTreeMap<RelativePath, Output>,
    /// Those of which the project's file holds only lines.
    pub parts: BTreeSet<RelativePath>,
    /// For each file the number of the newest change about it.
    pub newest: BTreeMap<RelativePath, u32>,
    /// Its set is the one that is recorded.
    pub is_recorded: bool,
}

impl Known {
    pub fn new(templates: TemplateSet) -> Result<Self> {
        Ok(Self {
            catalog: templates.catalog()?,
            changes: templates.changes()?,
            templates,
        })
    }

    pub fn origin(&self) -> &Origin {
        self.templates.origin()
    }

    pub fn render(&self, answers: Answers) -> Result<Rendering<'_>> {
        let generated = generate::pristine(&answers, &self.catalog, &self.templates);
        let files = generated.with_context(|| self.problem())?.files;
        self.rendering(answers, files, None)
    }

    /// What was added to a project that was there before, for a package in no folder. Which lines of `Cargo.toml` are
    /// ours cannot be made again: that depends on what was in it.
    pub fn render_added(&self, answers: Answers, placement: &Placement) -> Result<Rendering<'_>> {
        let added = added::added(&answers, &self.catalog, &self.templates, placement);
        let added = added.with_context(|| self.problem())?;
        let shares = Shares {
            manifest: String::new(),
            gitignore: Some(added.gitignore.clone()),
        };
        let files = added::parts(&added, &shares, placement)?;
        self.rendering(answers, files, Some(placement))
    }

    fn rendering(
        &self,
        answers: Answers,
        mut files: BTreeMap<RelativePath, Output>,
        placement: Option<&Placement>,
    ) -> Result<Rendering<'_>> {
        let names = Names::of(placement)?;
        let newest = |path: &RelativePath| self.changes.newest_of(&names.in_templates(path));
        let is_part = |path: &&RelativePath| placement.is_some_and(|place| place.is_share(path));
        let parts = files.keys().filter(is_part).cloned().collect();
        files.retain(|path, _| placement.is_none() || path.as_str() != MANIFEST);
        Ok(Rendering {
            known: self,
            answers,
            parts,
            newest: files
                .keys()
                .map(|path| (path.clone(), newest(path)))
                .collect(),
            files,
            is_recorded: false,
        })
    }

    fn problem(&self) -> String {
        format!("the templates of {}", self.origin().set)
    }

    /// Every preset of the options that may be meant, each option's default first.
    pub fn presets(&self, said: &Said) -> impl Iterator<Item = (&AuthEntry, &Preset)> {
        let is_meant =
            |entry: &&AuthEntry| said.auth.as_ref().is_none_or(|auth| *auth == entry.name);
        let pairs = self
            .catalog
            .auths()
            .iter()
            .filter(is_meant)
            .flat_map(|entry| {
                let is_default = |preset: &&Preset| preset.name == entry.default_preset;
                let first = entry.presets.iter().filter(is_default);
                let others = entry
                    .presets
                    .iter()
                    .filter(move |preset| !is_default(preset));
                first.chain(others).map(move |preset| (entry, preset))
            });
        pairs.filter(|(_, preset)| said.preset.as_ref().is_none_or(|it| *it == preset.name))
    }

    /// What is not known is what a new project would have.
    pub fn answers(
        &self,
        facts: &Facts,
        (entry, preset): (&AuthEntry, &Preset),
        fallback: &ProjectName,
    ) -> Result<Answers> {
        let facts = facts.clone();
        let name = facts.name.unwrap_or_else(|| fallback.clone());
        let scopes = || parse_scopes(&self.catalog.default_scopes(preset).join(" "));
        Ok(Answers {
            description: match facts.description {
                Some(description) => description,
                None => default_description(&name)?,
            },
            name,
            auth: self
                .catalog
                .auth_name(&entry.name)
                .context("an option that its catalog does not have")?,
            preset: entry
                .preset_name(&preset.name)
                .context("a preset that its option does not have")?,
            scopes: facts
                .scopes
                .map_or_else(scopes, Ok)
                .map_err(anyhow::Error::msg)?,
            port: match facts.port {
                Some(port) => port,
                None => Port::try_from(self.catalog.project.port).map_err(anyhow::Error::msg)?,
            },
            extras: facts.extras.unwrap_or_default(),
        })
    }

    /// The extras of which a file is there.
    pub fn extras(&self, files: &dyn Files) -> Result<BTreeSet<Extra>> {
        let mut extras = BTreeSet::new();
        for entry in self.catalog.extras() {
            let layers: Vec<&str> = entry.layers.iter().map(String::as_str).collect();
            for path in self.templates.compose(&layers)?.outputs.keys() {
                if files.is_there(path)? {
                    extras.insert(entry.name);
                }
            }
        }
        Ok(extras)
    }
}

impl<'a> Rendering<'a> {
    /// The same answers with another set, if that knows them.
    pub fn with(&self, other: &'a Known) -> Result<Option<Rendering<'a>>> {
        let answers = &self.answers;
        let Some(auth) = other.catalog.auth_name(answers.auth.as_str()) else {
            return Ok(None);
        };
        let preset = other
            .catalog
            .auth(&auth)?
            .preset_name(answers.preset.as_str());
        let Some(preset) = preset else {
            return Ok(None);
        };
        other
            .render(Answers {
                auth,
                preset,
                ..answers.clone()
            })
            .map(Some)
    }
}
