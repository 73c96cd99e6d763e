//! What the person says of the answers, so that it need not be found out.
//! Pure.

use std::collections::BTreeSet;

use anyhow::Result;

use super::facts::Facts;
use crate::{
    answers::{Extra, parse_scopes},
    cli,
    refusal::{Exit, Problem, Refusal},
    text::quoted,
};

#[derive(Default)]
pub struct Said {
    pub auth: Option<String>,
    pub preset: Option<String>,
    pub facts: Facts,
}

impl Said {
    /// # Errors
    /// A `Refusal` with all that cannot be an answer.
    pub fn new(typed: &cli::Adopt) -> Result<Self> {
        let mut said = Self {
            auth: typed.auth.clone(),
            preset: typed.preset.clone(),
            facts: Facts::default(),
        };
        let mut problems = Vec::new();
        for pair in &typed.set {
            if let Err(why) = said.take(pair) {
                let what = format!("--set {} cannot be used: {why}", quoted(pair));
                problems.push(Problem::new(what));
            }
        }
        match problems.is_empty() {
            true => Ok(said),
            false => Err(Refusal::many(Exit::Usage, problems).into()),
        }
    }

    pub fn is_nothing(&self) -> bool {
        self.auth.is_none() && self.preset.is_none() && self.facts == Facts::default()
    }

    fn take(&mut self, pair: &str) -> Result<(), String> {
        let (key, value) = pair
            .split_once('=')
            .ok_or("it has no `=`, as in port=8000")?;
        let facts = &mut self.facts;
        match key.trim() {
            "name" => facts.name = Some(value.parse()?),
            "description" => facts.description = Some(value.parse()?),
            "scopes" => facts.scopes = Some(parse_scopes(value)?),
            "port" => facts.port = Some(value.parse()?),
            "extras" => facts.extras = Some(extras(value)?),
            "auth" => self.auth = Some(value.to_owned()),
            "preset" => self.preset = Some(value.to_owned()),
            _ => {
                return Err(
                    "the answers are name, description, auth, preset, scopes, port, extras".into(),
                );
            }
        }
        Ok(())
    }
}

/// `git` is something done once, not something a project has.
fn extras(names: &str) -> Result<BTreeSet<Extra>, String> {
    let names = names.split([',', ' ']).filter(|name| !name.is_empty());
    let kept = || Extra::ALL.into_iter().filter(|extra| *extra != Extra::Git);
    let extras = names.map(|name| {
        let extra = kept().find(|extra| extra.name() == name);
        extra.ok_or_else(|| format!("`{name}` is none of ci, docker"))
    });
    extras.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(sets: &[&str]) -> Result<Said> {
        Said::new(&cli::Adopt {
            set: sets.iter().map(|&set| set.to_owned()).collect(),
            ..cli::Adopt::default()
        })
    }

    #[test]
    fn answers_are_said_one_by_one() {
        let said = said(&["auth=jwt", "port=9000", "scopes=a,b", "extras=ci"]).unwrap();
        assert_eq!(said.auth.as_deref(), Some("jwt"));
        assert_eq!(said.facts.port.unwrap().get(), 9000);
        assert_eq!(said.facts.scopes.unwrap().len(), 2);
        assert_eq!(said.facts.extras.unwrap(), BTreeSet::from([Extra::Ci]));
    }

    #[test]
    fn all_that_is_wrong_is_told_together() {
        let error = said(&["port", "port=0", "colour=red", "extras=git"]);
        let refusal = error.err().unwrap().downcast::<Refusal>().unwrap();
        assert_eq!((refusal.exit, refusal.problems.len()), (Exit::Usage, 4));
    }
}
