//! From what was typed to what is meant: checks the flags, asks for what is missing, fills in the defaults.
//! Reads the terminal only through `Ask`.

mod flags;

use std::{collections::BTreeSet, path::PathBuf};

use anyhow::{Context, Result, anyhow};

use crate::{
    answers::{Answers, Auth, Description, Extra, Port, ProjectName, Scope, parse_scopes},
    catalog::{Catalog, PresetName},
    cli,
    prompt::{Ask, Choices, Reply, TextQuestion},
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
    dir: Option<PathBuf>,
    name: Option<ProjectName>,
    suggested_name: Option<ProjectName>,
    description: Option<Description>,
    auth: Option<Auth>,
    preset: Option<PresetName>,
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
        let interview = Self {
            catalog,
            dir: typed.dir.clone(),
            suggested_name: folder_name.and_then(ProjectName::suggestion),
            name,
            description: check.flag("--description", typed.description.as_deref(), str::parse),
            auth: typed.auth,
            preset: check.preset(typed, catalog)?,
            scopes: check.flag("--scopes", typed.scopes.as_deref(), parse_scopes),
            port: check.flag("--port", typed.port.as_deref(), str::parse),
            extras: check.extras(typed, catalog)?,
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
            Some(Question::Auth) => self.auth = None,
            Some(Question::Preset) => self.preset = None,
            Some(Question::Scopes) => self.scopes = None,
            None => {}
        }
    }

    /// The folder and the answers, with defaults for what was neither given nor asked.
    pub fn settled(&self) -> Result<(PathBuf, Answers)> {
        let name = self.name.clone().context("the name is not known")?;
        let auth = self.auth.context("the option is not known")?;
        let entry = self.catalog.auth(auth)?;
        let preset = self
            .preset
            .clone()
            .or_else(|| entry.preset_name(&entry.default_preset));
        let preset =
            preset.with_context(|| format!("option `{}` lacks its default preset", entry.name))?;
        let answers = Answers {
            description: match &self.description {
                Some(description) => description.clone(),
                None => default_description(&name)?,
            },
            scopes: match &self.scopes {
                Some(scopes) => scopes.clone(),
                None => parse_scopes(
                    &self
                        .catalog
                        .default_scopes(entry.preset(&preset)?)
                        .join(" "),
                )
                .map_err(anyhow::Error::msg)?,
            },
            port: match self.port {
                Some(port) => port,
                None => self
                    .catalog
                    .project
                    .port
                    .to_string()
                    .parse()
                    .map_err(anyhow::Error::msg)?,
            },
            extras: self.extras.clone(),
            name,
            auth,
            preset,
        };
        let dir = self
            .dir
            .clone()
            .unwrap_or_else(|| PathBuf::from(answers.name.as_str()));
        Ok((dir, answers))
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
            Question::Auth => self.ask_auth(ask),
            Question::Preset => self.ask_preset(ask),
            Question::Scopes => self.ask_scopes(ask),
        }
    }

    fn ask_name(&mut self, ask: &mut dyn Ask) -> Result<Reply<()>> {
        let default = self
            .suggested_name
            .as_ref()
            .map_or("my-mcp-server", ProjectName::as_str);
        let question = TextQuestion {
            label: "Name of the project",
            help: "a–z, 0–9, - and _",
            default: default.to_owned(),
            check: |name| name.parse::<ProjectName>().map(|_| ()),
        };
        keep(ask.text(&question)?, |name| {
            self.name = Some(name.parse().map_err(anyhow::Error::msg)?);
            Ok(())
        })
    }

    fn ask_auth(&mut self, ask: &mut dyn Ask) -> Result<Reply<()>> {
        let mut items = Vec::new();
        for auth in Auth::ALL {
            let entry = self.catalog.auth(auth)?;
            items.push((entry.name.as_str(), entry.title.as_str()));
        }
        let question = Choices {
            label: "How are callers authenticated?",
            items: columns(&items),
            start: 0,
        };
        keep(ask.choose(&question)?, |index| {
            self.auth = Auth::ALL.get(index).copied();
            Ok(())
        })
    }

    fn ask_preset(&mut self, ask: &mut dyn Ask) -> Result<Reply<()>> {
        let entry = self
            .catalog
            .auth(self.auth.context("the option is not known")?)?;
        let items: Vec<_> = entry
            .presets
            .iter()
            .map(|preset| (preset.name.as_str(), preset.title.as_str()))
            .collect();
        let start = entry
            .presets
            .iter()
            .position(|preset| preset.name == entry.default_preset)
            .unwrap_or(0);
        let question = Choices {
            label: "Which provider or way?",
            items: columns(&items),
            start,
        };
        keep(ask.choose(&question)?, |index| {
            let preset = entry
                .presets
                .get(index)
                .context("there is no such preset")?;
            self.preset = entry.preset_name(&preset.name);
            Ok(())
        })
    }

    fn ask_scopes(&mut self, ask: &mut dyn Ask) -> Result<Reply<()>> {
        let (_, answers) = self.settled()?;
        let default: Vec<&str> = answers.scopes.iter().map(Scope::as_str).collect();
        let question = TextQuestion {
            label: "Scopes that every caller needs",
            help: "separated by spaces, `none` for none",
            default: if default.is_empty() {
                NO_SCOPES.into()
            } else {
                default.join(" ")
            },
            check: |text| scopes_at_prompt(text).map(|_| ()),
        };
        keep(ask.text(&question)?, |text| {
            self.scopes = Some(scopes_at_prompt(&text).map_err(anyhow::Error::msg)?);
            Ok(())
        })
    }

    /// Without a terminal these must be given: where to write, and how callers are let in.
    fn missing(&self, typed: &cli::New, problems: &mut Vec<Problem>) {
        if typed.dir.is_none() && typed.name.is_none() {
            problems.push(Problem::new("the folder is missing").hint("mcp-auth new <DIR>"));
        }
        if self.auth.is_none() {
            let options = Auth::ALL.map(Auth::name).join("|");
            let problem =
                Problem::new("how callers are authenticated is missing: --auth has no default");
            problems.push(problem.hint(format!("--auth <{options}>, see `mcp-auth list`")));
        }
    }
}

const NO_SCOPES: &str = "none";

fn scopes_at_prompt(text: &str) -> Result<Vec<Scope>, String> {
    parse_scopes(if text.trim() == NO_SCOPES { "" } else { text })
}

pub fn default_description(name: &ProjectName) -> Result<Description> {
    format!("{}: an MCP server with authentication", name.title())
        .parse()
        .map_err(|why| anyhow!("{why}"))
}

fn keep<T>(reply: Reply<T>, store: impl FnOnce(T) -> Result<()>) -> Result<Reply<()>> {
    match reply {
        Reply::Answer(answer) => store(answer).map(Reply::Answer),
        Reply::Back => Ok(Reply::Back),
    }
}

fn columns(items: &[(&str, &str)]) -> Vec<String> {
    let width = items.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    items
        .iter()
        .map(|(name, summary)| format!("{name:width$}  {summary}"))
        .collect()
}

#[cfg(test)]
mod tests;
