//! From what was typed to what is meant: checks the flags, asks for what is missing, fills in the defaults.
//! Reads the terminal only through `Ask`.

mod flags;
mod questions;

use std::{collections::BTreeSet, path::PathBuf};

use anyhow::{Context, Result, anyhow};

use crate::{
    answers::{Answers, Description, Extra, Port, ProjectName, Scope, parse_scopes},
    catalog::{AuthName, Catalog, PresetName},
    cli,
    prompt::{Ask, Reply},
    refusal::{Exit, Problem, Refusal},
};

use flags::{Check, NameFrom};

/// The questions that can be asked, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Question {
    Name,
    Auth,
    Preset,
    Scopes,
}

const QUESTIONS: [Question; 4] = [
    Question::Name,
    Question::Auth,
    Question::Preset,
    Question::Scopes,
];

/// The answers so far; `None` is still to be asked or to be filled in.
pub struct Interview<'a> {
    catalog: &'a Catalog,
    /// Whether a name that is asked for can be taken.
    check_name: fn(&str) -> Result<(), String>,
    dir: Option<PathBuf>,
    name: Option<ProjectName>,
    suggested_name: Option<ProjectName>,
    description: Option<Description>,
    auth: Option<AuthName>,
    preset: Option<PresetName>,
    /// A preset that was typed without an option: it counts once the option is known.
    typed_preset: Option<String>,
    scopes: Option<Vec<Scope>>,
    port: Option<Port>,
    extras: BTreeSet<Extra>,
    /// What was asked, to find the way back.
    asked: Vec<Question>,
}

impl<'a> Interview<'a> {
    /// Takes the flags. All that is wrong with them is reported together.
    pub fn new(
        typed: &cli::New,
        folder_name: Option<&str>,
        interactive: bool,
        catalog: &'a Catalog,
    ) -> Result<Self> {
        let mut problems = Vec::new();
        let mut check = Check {
            problems: &mut problems,
        };
        let name = match (&typed.name, folder_name) {
            (Some(name), _) => check.name(name, NameFrom::Flag),
            // at a terminal, a folder that is no name is asked about
            (None, Some(folder)) if interactive => folder.parse().ok(),
            (None, Some(folder)) => check.name(folder, NameFrom::Folder),
            (None, None) => None,
        };
        let auth = check.auth(typed, catalog);
        let interview = Self {
            catalog,
            check_name: |name| name.parse::<ProjectName>().map(|_| ()),
            dir: typed.dir.clone(),
            suggested_name: folder_name.and_then(ProjectName::suggestion),
            name,
            description: check.flag("--description", typed.description.as_deref(), str::parse),
            preset: check.preset(typed, auth.as_ref(), catalog)?,
            auth,
            typed_preset: typed.preset.clone(),
            scopes: check.flag("--scopes", typed.scopes.as_deref(), parse_scopes),
            port: check.flag("--port", typed.port.as_deref(), str::parse),
            extras: check.extras(typed, catalog),
            asked: Vec::new(),
        };
        if !interactive {
            interview.missing(typed, &mut problems);
        }
        match problems.is_empty() {
            true => Ok(interview),
            false => Err(Refusal::many(Exit::Usage, problems).into()),
        }
    }

    /// A name that is asked for gives the folder too, unless that is known: then more can be wrong with it.
    pub fn with_name_check(mut self, check: fn(&str) -> Result<(), String>) -> Self {
        if self.dir.is_none() {
            self.check_name = check;
        }
        self
    }

    /// Asks what is missing. Esc at a question takes the answer before it back.
    pub fn ask(&mut self, ask: &mut dyn Ask) -> Result<()> {
        while let Some(question) = QUESTIONS
            .into_iter()
            .find(|question| self.is_open(*question))
        {
            match self.put(question, ask)? {
                Reply::Answer(()) => self.asked.push(question),
                Reply::Back => self.back(),
            }
        }
        Ok(())
    }

    /// Takes the last answer back, if one was asked for.
    pub fn back(&mut self) {
        match self.asked.pop() {
            Some(Question::Name) => self.suggested_name = self.name.take(),
            Some(Question::Auth) => {
                self.auth = None;
                self.preset = None;
            }
            Some(Question::Preset) => self.preset = None,
            Some(Question::Scopes) => self.scopes = None,
            None => {}
        }
    }

    /// The folder and the answers, with defaults for what was neither given nor asked.
    pub fn settled(&self) -> Result<(PathBuf, Answers)> {
        let name = self.name.clone().context("the name is not known")?;
        let auth = self.auth.clone().context("the option is not known")?;
        let preset = self.preset_or_default(&auth)?;
        let answers = Answers {
            description: match &self.description {
                Some(description) => description.clone(),
                None => default_description(&name)?,
            },
            scopes: match &self.scopes {
                Some(scopes) => scopes.clone(),
                None => self.default_scopes(&auth, &preset)?,
            },
            port: match self.port {
                Some(port) => port,
                None => Port::try_from(self.catalog.project.port).map_err(anyhow::Error::msg)?,
            },
            extras: self.extras.clone(),
            name,
            auth,
            preset,
        };
        let dir = self.dir.clone();
        let dir = dir.unwrap_or_else(|| PathBuf::from(answers.name.as_str()));
        Ok((dir, answers))
    }

    fn preset_or_default(&self, auth: &AuthName) -> Result<PresetName> {
        let entry = self.catalog.auth(auth)?;
        let preset = self
            .preset
            .clone()
            .or_else(|| entry.preset_name(&entry.default_preset));
        preset.with_context(|| format!("option `{}` lacks its default preset", entry.name))
    }

    fn default_scopes(&self, auth: &AuthName, preset: &PresetName) -> Result<Vec<Scope>> {
        let preset = self.catalog.auth(auth)?.preset(preset)?;
        let scopes = self.catalog.default_scopes(preset).join(" ");
        parse_scopes(&scopes).map_err(anyhow::Error::msg)
    }

    fn is_open(&self, question: Question) -> bool {
        match question {
            Question::Name => self.name.is_none(),
            Question::Auth => self.auth.is_none(),
            Question::Preset => self.preset.is_none(),
            Question::Scopes => self.scopes.is_none(),
        }
    }

    fn put(&mut self, question: Question, ask: &mut dyn Ask) -> Result<Reply<()>> {
        match question {
            Question::Name => self.ask_name(ask),
            Question::Auth => {
                let reply = self.ask_auth(ask)?;
                if let (Some(auth), Some(typed)) = (&self.auth, &self.typed_preset) {
                    self.preset = self.catalog.auth(auth)?.preset_name(typed);
                }
                Ok(reply)
            }
            Question::Preset => self.ask_preset(ask),
            Question::Scopes => self.ask_scopes(ask),
        }
    }

    /// Without a terminal these must be given: where to write, and how callers are let in.
    fn missing(&self, typed: &cli::New, problems: &mut Vec<Problem>) {
        if typed.dir.is_none() && typed.name.is_none() {
            problems.push(Problem::new("the folder is missing").hint("mcp-auth new <DIR>"));
        }
        if typed.auth.is_none() {
            let options: Vec<&str> = self.catalog.auth_names().collect();
            let options = options.join("|");
            let problem =
                Problem::new("how callers are authenticated is missing: --auth has no default");
            problems.push(problem.hint(format!("--auth <{options}>, see `mcp-auth list`")));
        }
    }
}

pub fn default_description(name: &ProjectName) -> Result<Description> {
    format!("{}: an MCP server with authentication", name.title())
        .parse()
        .map_err(|why| anyhow!("{why}"))
}

#[cfg(test)]
mod tests;
