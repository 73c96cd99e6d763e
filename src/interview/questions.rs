//! The questions, each put once and its answer kept. Part of `interview`.

use anyhow::{Context, Result};

use super::Interview;
use crate::{
    answers::{ProjectName, Scope, parse_scopes},
    prompt::{Ask, Choices, Reply, TextQuestion},
};

/// What stands for no scopes at a prompt, where nothing typed means the default.
const NO_SCOPES: &str = "none";

impl Interview<'_> {
    pub(super) fn ask_name(&mut self, ask: &mut dyn Ask) -> Result<Reply<()>> {
        let default = self
            .suggested_name
            .as_ref()
            .map_or("my-mcp-server", ProjectName::as_str);
        let question = TextQuestion {
            label: "Name of the project",
            help: "a-z, 0-9, - and _",
            default: default.to_owned(),
            check: self.check_name,
        };
        keep(ask.text(&question)?, |name| {
            self.name = Some(name.parse().map_err(anyhow::Error::msg)?);
            Ok(())
        })
    }

    pub(super) fn ask_auth(&mut self, ask: &mut dyn Ask) -> Result<Reply<()>> {
        let entries = self.catalog.auths();
        let items: Vec<_> = entries
            .iter()
            .map(|entry| (entry.name.as_str(), entry.title.as_str()))
            .collect();
        let question = Choices {
            label: "How are callers authenticated?",
            items: columns(&items),
            start: 0,
        };
        keep(ask.choose(&question)?, |index| {
            let entry = entries.get(index).context("there is no such option")?;
            self.auth = self.catalog.auth_name(&entry.name);
            Ok(())
        })
    }

    pub(super) fn ask_preset(&mut self, ask: &mut dyn Ask) -> Result<Reply<()>> {
        let entry = self
            .catalog
            .auth(self.auth.as_ref().context("the option is not known")?)?;
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
            label: "Which preset?",
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

    pub(super) fn ask_scopes(&mut self, ask: &mut dyn Ask) -> Result<Reply<()>> {
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
}

fn scopes_at_prompt(text: &str) -> Result<Vec<Scope>, String> {
    parse_scopes(if text.trim() == NO_SCOPES { "" } else { text })
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
