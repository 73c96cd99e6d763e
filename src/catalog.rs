//! The catalog: what `templates/catalog.toml` says about options, presets, variables and extras, as plain data.
//! Pure: text in, data out.

mod names;

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use crate::answers::Extra;
pub use names::{AuthName, PresetName};

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Catalog {
    pub project: ProjectEntry,
    #[serde(default)]
    pub added: AddedEntry,
    #[serde(rename = "auth")]
    auths: Vec<AuthEntry>,
    #[serde(default, rename = "extra")]
    extras: Vec<ExtraEntry>,
    /// The settings that every generated server has.
    #[serde(default)]
    pub server_env: Vec<Variable>,
    #[serde(default)]
    ownership: Ownership,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProjectEntry {
    pub layers: Vec<String>,
    pub port: u16,
    pub scopes: Vec<String>,
}

/// What `add` brings, besides the layers of the option and the preset.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AddedEntry {
    pub layers: Vec<String>,
    /// Files of those layers that it leaves out.
    #[serde(default)]
    pub without: BTreeSet<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuthEntry {
    pub name: String,
    pub title: String,
    pub summary: String,
    pub layers: Vec<String>,
    pub default_preset: String,
    /// Who logs people in, inside a sentence; empty where this server knows only tokens.
    #[serde(default)]
    pub provider: String,
    /// Shell lines from `cd` to a running server, for people to paste.
    #[serde(default)]
    steps: Vec<String>,
    #[serde(rename = "preset")]
    pub presets: Vec<Preset>,
    #[serde(default)]
    pub env: Vec<Variable>,
}

/// One provider: values and words, never code.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Preset {
    pub name: String,
    pub title: String,
    pub summary: String,
    #[serde(default)]
    pub layers: Vec<String>,
    /// Instead of the project's default scopes, for providers that cannot issue such names.
    pub scopes: Option<Vec<String>>,
    /// Values for the option's variables; they are written uncommented.
    #[serde(default)]
    pub env: BTreeMap<String, String>,
    #[serde(default)]
    pub notes: Vec<String>,
    #[serde(default)]
    pub token_help: String,
    /// Instead of the option's own.
    steps: Option<Vec<String>>,
}

/// One environment variable of the generated server.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Variable {
    pub name: String,
    pub doc: Vec<String>,
    /// What to write; may hold the placeholders of `context::fill`.
    #[serde(default)]
    pub value: String,
    /// The server does not start without it.
    #[serde(default)]
    pub required: bool,
    /// Written uncommented although it is not required.
    #[serde(default)]
    pub set: bool,
    #[serde(default)]
    pub secret: bool,
    /// Only where this layer is; everywhere when left out.
    pub layer: Option<String>,
    /// Only for these presets; for all of them when left out.
    pub presets: Option<BTreeSet<String>>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExtraEntry {
    pub name: Extra,
    pub title: String,
    pub default: bool,
    #[serde(default)]
    pub layers: Vec<String>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Ownership {
    merged: BTreeSet<String>,
    seed: BTreeSet<String>,
}

/// What becomes of a generated file when the project is regenerated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Class {
    /// Replaced by newer templates.
    Owned,
    /// Merged with what its owner changed.
    Merged,
    /// Written once, then its owner's.
    Seed,
}

impl Class {
    pub fn name(self) -> &'static str {
        match self {
            Self::Owned => "owned",
            Self::Merged => "merged",
            Self::Seed => "seed",
        }
    }
}

impl Catalog {
    pub fn parse(text: &str) -> Result<Self, toml_edit::de::Error> {
        toml_edit::de::from_str(text)
    }

    pub fn auth(&self, name: &AuthName) -> Result<&AuthEntry> {
        let name = name.as_str();
        let entry = self.auths.iter().find(|entry| entry.name == name);
        entry.with_context(|| format!("the templates have no option `{name}`"))
    }

    /// In the order in which they are shown.
    pub fn auths(&self) -> &[AuthEntry] {
        &self.auths
    }

    pub fn extra(&self, extra: Extra) -> Result<&ExtraEntry> {
        let entry = self.extras.iter().find(|entry| entry.name == extra);
        entry.with_context(|| format!("the templates have no extra `{}`", extra.name()))
    }

    /// In the order in which they are shown.
    pub fn extras(&self) -> &[ExtraEntry] {
        &self.extras
    }

    /// The extras that a project gets when nobody says otherwise.
    pub fn default_extras(&self) -> BTreeSet<Extra> {
        let defaults = self.extras.iter().filter(|entry| entry.default);
        defaults.map(|entry| entry.name).collect()
    }

    /// The scopes to suggest: the preset's own, else the project's.
    pub fn default_scopes<'a>(&'a self, preset: &'a Preset) -> &'a [String] {
        preset.scopes.as_ref().unwrap_or(&self.project.scopes)
    }

    /// Whether `add` has anything to bring.
    pub fn is_for_add(&self) -> bool {
        !self.added.layers.is_empty()
    }

    /// All layers that any answers name; some more than once.
    pub fn layers(&self) -> impl Iterator<Item = &str> {
        let common = [&self.project.layers, &self.added.layers];
        let auths = self.auths.iter();
        let chosen = auths.flat_map(|auth| {
            let presets = auth.presets.iter().map(|preset| &preset.layers);
            presets.chain([&auth.layers])
        });
        let extras = self.extras.iter().map(|extra| &extra.layers);
        let all = common.into_iter().chain(chosen).chain(extras);
        all.flatten().map(String::as_str)
    }

    pub fn class(&self, path: &str) -> Class {
        if self.ownership.merged.contains(path) {
            Class::Merged
        } else if self.ownership.seed.contains(path) {
            Class::Seed
        } else {
            Class::Owned
        }
    }

    pub fn classified_paths(&self) -> impl Iterator<Item = &String> {
        self.ownership.merged.iter().chain(&self.ownership.seed)
    }
}

impl Preset {
    /// All that is filled in.
    pub fn texts(&self) -> impl Iterator<Item = &String> {
        let steps = self.steps.iter().flatten();
        let notes = self.notes.iter().chain([&self.token_help]);
        notes.chain(self.env.values()).chain(steps)
    }
}

impl AuthEntry {
    /// All that is filled in, besides its variables and presets.
    pub fn own_texts(&self) -> &[String] {
        &self.steps
    }

    pub fn steps<'a>(&'a self, preset: &'a Preset) -> &'a [String] {
        preset.steps.as_ref().unwrap_or(&self.steps)
    }

    pub fn preset(&self, name: &PresetName) -> Result<&Preset> {
        let name = name.as_str();
        let preset = self.presets.iter().find(|preset| preset.name == name);
        preset.with_context(|| format!("option `{}` has no preset `{name}`", self.name))
    }
}

#[cfg(test)]
mod tests;
