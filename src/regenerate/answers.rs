//! From the recorded answers and what was typed to the answers of now. What is wrong is told together.
//! Pure.

use std::{collections::BTreeSet, mem};

use anyhow::Result;

use crate::{
    answers::{Answers, Extra, Scope, parse_scopes},
    catalog::{AuthName, Catalog, PresetName},
    cli,
    interview::default_description,
    refusal::{Exit, Problem, Refusal},
    text::quoted,
};

const KEYS: &str = "name, description, auth, preset, scopes, port, extras";

/// What the answers are names of: in the templates that the project was made from, and in those of now.
pub struct Catalogs<'a> {
    pub before: &'a Catalog,
    pub now: &'a Catalog,
}

/// The option that was typed, whether there is such a one or not.
pub fn option(typed: &cli::Regenerate) -> Option<&str> {
    let set = || typed.set.iter().find_map(|pair| pair.strip_prefix("auth="));
    typed.auth.as_deref().or_else(set)
}

/// # Errors
/// A `Refusal` with all that cannot be an answer.
pub fn answers(
    typed: &cli::Regenerate,
    recorded: &Answers,
    catalogs: &Catalogs<'_>,
) -> Result<Answers> {
    let mut change = Change {
        answers: recorded.clone(),
        catalog: catalogs.now,
        typed: BTreeSet::new(),
        preset: None,
        problems: Vec::new(),
    };
    if let Some(auth) = &typed.auth {
        change.set("auth", auth, &format!("--auth {}", quoted(auth)));
    }
    for pair in &typed.set {
        change.set_pair(pair);
    }
    change.ensure_option();
    if change.problems.is_empty() {
        change.follow(recorded, catalogs.before)?;
    } else {
        change.preset_of_now(recorded)?;
    }
    match change.problems.is_empty() {
        true => Ok(change.answers),
        false => Err(Refusal::many(Exit::Usage, change.problems).into()),
    }
}

struct Change<'a> {
    answers: Answers,
    /// The one of now.
    catalog: &'a Catalog,
    typed: BTreeSet<String>,
    /// Which one that is depends on the option.
    preset: Option<String>,
    problems: Vec<Problem>,
}

impl Change<'_> {
    fn set_pair(&mut self, pair: &str) {
        let shown = format!("--set {}", quoted(pair));
        match pair.split_once('=') {
            Some((key, value)) => self.set(key.trim(), value, &shown),
            None => self.problem(format!("{shown} has no `=`"), "--set KEY=VALUE"),
        }
    }

    fn set(&mut self, key: &str, value: &str, shown: &str) {
        if !self.typed.insert(key.to_owned()) {
            return self.problem(
                format!("{shown} is a second answer for {key}"),
                "give one of them",
            );
        }
        let taken = match key {
            "name" => parse(value).map(|name| self.answers.name = name),
            "description" => parse(value).map(|text| self.answers.description = text),
            "auth" => self.option(value).map(|auth| self.answers.auth = auth),
            "preset" => {
                self.preset = Some(value.to_owned());
                Ok(())
            }
            "scopes" => parse_scopes(value).map(|scopes| self.answers.scopes = scopes),
            "port" => parse(value).map(|port| self.answers.port = port),
            "extras" => self
                .extras(value)
                .map(|extras| self.answers.extras = extras),
            _ => {
                let what = format!("{shown}: there is no answer of this name");
                return self.problem(what, &format!("one of: {KEYS}"));
            }
        };
        if let Err(why) = taken {
            self.problems
                .push(Problem::new(format!("{shown} cannot be used: {why}")));
        }
    }

    fn option(&self, value: &str) -> Result<AuthName, String> {
        let known = self.catalog.auth_name(value);
        known.ok_or_else(|| {
            let names: Vec<&str> = self.catalog.auth_names().collect();
            format!("the options are {}", names.join(", "))
        })
    }

    /// All that the project is to have: what is not named is taken out.
    fn extras(&self, value: &str) -> Result<BTreeSet<Extra>, String> {
        let mut extras = BTreeSet::new();
        let names = value.split([',', ' ']).filter(|name| !name.is_empty());
        for name in names {
            let extra = Extra::ALL.into_iter().find(|extra| extra.name() == name);
            let known = extra.filter(|extra| self.is_kept(*extra));
            extras.insert(known.ok_or_else(|| {
                let kept = Extra::ALL.into_iter().filter(|extra| self.is_kept(*extra));
                let kept: Vec<&str> = kept.map(Extra::name).collect();
                format!("`{name}` is none of {}", kept.join(", "))
            })?);
        }
        Ok(extras)
    }

    /// `git` is something done once, not something a project has.
    fn is_kept(&self, extra: Extra) -> bool {
        let entry = self.catalog.extra(extra);
        entry.is_ok_and(|entry| !entry.layers.is_empty())
    }

    /// Other templates may not have the recorded one.
    fn ensure_option(&mut self) {
        let auth = self.answers.auth.as_str();
        if self.catalog.auth_name(auth).is_none() {
            let what = format!("the templates have no option {}", quoted(auth));
            let names: Vec<&str> = self.catalog.auth_names().collect();
            let hint = format!("choose another: --auth <{}>", names.join("|"));
            self.problem(what, &hint);
        }
    }

    /// What was a default follows what it was the default of; `before` is the catalog of that.
    fn follow(&mut self, recorded: &Answers, before: &Catalog) -> Result<()> {
        let is_open = |typed: &BTreeSet<String>, key: &str| !typed.contains(key);
        if is_open(&self.typed, "description")
            && recorded.description == default_description(&recorded.name)?
        {
            self.answers.description = default_description(&self.answers.name)?;
        }
        let Some(preset) = self.preset_of_now(recorded)? else {
            return Ok(());
        };
        self.answers.preset = preset;
        let (auth, preset) = (&self.answers.auth, &self.answers.preset);
        let is_same = *auth == recorded.auth && *preset == recorded.preset;
        let were = default_scopes(before, &recorded.auth, &recorded.preset)?;
        if is_open(&self.typed, "scopes") && !is_same && recorded.scopes == were {
            self.answers.scopes = default_scopes(self.catalog, auth, preset)?;
        }
        let mut extras = mem::take(&mut self.answers.extras);
        extras.retain(|extra| self.is_kept(*extra));
        self.answers.extras = extras;
        Ok(())
    }

    /// The one that was typed; else the recorded one, or the default of another option. `None` if it has been told that
    /// there is none.
    fn preset_of_now(&mut self, recorded: &Answers) -> Result<Option<PresetName>> {
        let Some(auth) = self.catalog.auth_name(self.answers.auth.as_str()) else {
            return Ok(None);
        };
        let entry = self.catalog.auth(&auth)?;
        let wanted = match mem::take(&mut self.preset) {
            Some(typed) => typed,
            None if auth == recorded.auth => recorded.preset.as_str().to_owned(),
            None => entry.default_preset.clone(),
        };
        let preset = entry.preset_name(&wanted);
        if preset.is_none() {
            let known: Vec<&str> = entry.presets.iter().map(|it| it.name.as_str()).collect();
            let what = format!(
                "the option {} has no preset {}",
                entry.name,
                quoted(&wanted)
            );
            self.problem(what, &format!("one of: --set preset=<{}>", known.join("|")));
        }
        Ok(preset)
    }

    fn problem(&mut self, what: String, hint: &str) {
        self.problems.push(Problem::new(what).hint(hint));
    }
}

fn parse<T: std::str::FromStr<Err = String>>(value: &str) -> Result<T, String> {
    value.parse()
}

fn default_scopes(catalog: &Catalog, auth: &AuthName, preset: &PresetName) -> Result<Vec<Scope>> {
    let preset = catalog.auth(auth)?.preset(preset)?;
    parse_scopes(&catalog.default_scopes(preset).join(" ")).map_err(anyhow::Error::msg)
}

#[cfg(test)]
mod tests;
