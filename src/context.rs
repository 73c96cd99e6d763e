//! What templates can say: the flat table of keys that a `.tera` file may use, made from answers and catalog.
//! Pure.

use serde::Serialize;
use tera::Context;

use crate::{
    answers::{Answers, Extra},
    catalog::{AuthEntry, Catalog, Preset, Variable},
    text,
};

/// All keys.
pub const NAMES: [&str; 22] = [
    "name",
    "title",
    "description",
    "auth",
    "auth_title",
    "provider",
    "preset",
    "preset_title",
    "preset_notes",
    "token_help",
    "scopes",
    "scopes_joined",
    "port",
    "base_url",
    "env",
    "module",
    "source",
    "mcp_path",
    "has_whoami",
    "ci",
    "docker",
    "git",
];

/// The words that are filled in where a text of the catalog has them in braces.
pub const PLACEHOLDERS: [&str; 9] = [
    "name",
    "port",
    "base_url",
    "scopes",
    "scopes_with_commas",
    "see_subject",
    "source",
    "mcp_path",
    "mcp_path_in_query",
];

/// One line of `.env.example`.
#[derive(Serialize)]
struct EnvLine {
    name: String,
    value: String,
    doc: Vec<String>,
    required: bool,
    secret: bool,
    commented: bool,
}

/// The answers with the catalog entries that they chose.
pub struct Choice<'a> {
    pub answers: &'a Answers,
    pub auth: &'a AuthEntry,
    pub preset: &'a Preset,
    pub place: Place<'a>,
}

/// Where the authentication is, in a project of ours or in somebody else's.
pub struct Place<'a> {
    /// The layers that come whatever the answers are.
    pub layers: &'a [String],
    /// `auth`, or another name where that is taken.
    pub module: &'a str,
    /// The folder of the module, from the package: `src/auth`.
    pub source: &'a str,
    /// Under which path clients reach the MCP service: `/mcp`. Empty for the whole server, or if nobody knows.
    pub mcp_path: &'a str,
}

impl<'a> Place<'a> {
    /// In a project made by `new`.
    pub fn of_new(catalog: &'a Catalog) -> Self {
        Self {
            layers: &catalog.project.layers,
            module: "auth",
            source: "src/auth",
            mcp_path: "/mcp",
        }
    }

    /// The tools of a server of ours.
    fn has_whoami(&self) -> bool {
        self.layers.iter().any(|layer| layer == "server")
    }
}

impl Choice<'_> {
    /// Puts the answers and the place into a catalog text.
    fn fill(&self, text: &str) -> String {
        let mcp_path = self.place.mcp_path;
        let see_subject = match self.place.has_whoami() {
            true => "call the tool `whoami`",
            false => "have a tool print `identity.subject()`",
        };
        fill(text, self.answers)
            .replace("{see_subject}", see_subject)
            .replace("{source}", self.place.source)
            .replace("{mcp_path}", mcp_path)
            .replace("{mcp_path_in_query}", &mcp_path.replace('/', "%2F"))
    }

    fn fill_all(&self, texts: &[String]) -> Vec<String> {
        texts.iter().map(|text| self.fill(text)).collect()
    }
}

pub fn context(choice: &Choice<'_>, catalog: &Catalog) -> Context {
    let Choice {
        answers,
        auth,
        preset,
        place,
    } = choice;
    let mut context = Context::new();
    context.insert("name", answers.name.as_str());
    context.insert("title", &answers.name.title());
    context.insert("description", &text::markdown(answers.description.as_str()));
    context.insert("auth", &auth.name);
    context.insert("auth_title", &auth.title);
    context.insert("provider", &auth.provider);
    context.insert("preset", &preset.name);
    context.insert("preset_title", &preset.title);
    context.insert("preset_notes", &choice.fill_all(&preset.notes));
    context.insert("token_help", &choice.fill(&preset.token_help));
    context.insert("scopes", &scope_names(answers));
    context.insert("scopes_joined", &scope_names(answers).join(" "));
    context.insert("port", &answers.port.to_string());
    context.insert("base_url", &base_url(answers));
    context.insert("env", &env_lines(choice, catalog));
    context.insert("module", place.module);
    context.insert("source", place.source);
    context.insert("mcp_path", place.mcp_path);
    context.insert("has_whoami", &place.has_whoami());
    for extra in Extra::ALL {
        context.insert(extra.name(), &answers.extras.contains(&extra));
    }
    context
}

/// Puts the answers into a catalog text. Other braces stay as they are: the texts hold JSON.
pub fn fill(text: &str, answers: &Answers) -> String {
    text.replace("{name}", answers.name.as_str())
        .replace("{port}", &answers.port.to_string())
        .replace("{base_url}", &base_url(answers))
        .replace("{scopes}", &scope_names(answers).join(" "))
        .replace("{scopes_with_commas}", &scope_names(answers).join(","))
}

pub fn fill_all(texts: &[String], answers: &Answers) -> Vec<String> {
    texts.iter().map(|text| fill(text, answers)).collect()
}

fn base_url(answers: &Answers) -> String {
    format!("http://localhost:{}", answers.port)
}

fn scope_names(answers: &Answers) -> Vec<&str> {
    answers.scopes.iter().map(|scope| scope.as_str()).collect()
}

/// The option's own variables first: they are the ones to fill in.
fn env_lines(choice: &Choice<'_>, catalog: &Catalog) -> Vec<EnvLine> {
    let preset = &choice.preset.name;
    let fits = |variable: &&Variable| {
        let (presets, layer) = (&variable.presets, &variable.layer);
        presets
            .as_ref()
            .is_none_or(|presets| presets.contains(preset))
            && layer.as_ref().is_none_or(|layer| {
                choice.place.layers.contains(layer) || choice.auth.layers.contains(layer)
            })
    };
    let all = choice.auth.env.iter().chain(&catalog.server_env);
    all.filter(fits)
        .map(|variable| env_line(variable, choice))
        .collect()
}

fn env_line(variable: &Variable, choice: &Choice<'_>) -> EnvLine {
    let given = choice.preset.env.get(&variable.name);
    let value = choice.fill(given.unwrap_or(&variable.value));
    let stated = variable.required || (!value.is_empty() && (variable.set || given.is_some()));
    EnvLine {
        name: variable.name.clone(),
        value: if value.is_empty() {
            value
        } else {
            text::quoted(&value)
        },
        doc: choice.fill_all(&variable.doc),
        required: variable.required,
        secret: variable.secret,
        commented: !stated,
    }
}
