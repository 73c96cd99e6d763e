//! The recorded answers, with the names that the catalog still knows.
//! Pure.

use std::collections::BTreeSet;

use anyhow::Result;

use super::{Recorded, RecordedAnswers};
use crate::{
    answers::{Answers, Extra, Port, parse_scopes},
    catalog::{AuthEntry, AuthName, Catalog, ExtraEntry, PresetName},
    state::{FILE, read::refusal, shape::Wrong},
};

impl Recorded {
    /// # Errors
    /// A `Refusal` with all names that the catalog does not know.
    pub fn answers(&self, catalog: &Catalog) -> Result<Answers> {
        self.resolved(&self.answers, catalog)
    }

    /// The same for other templates, which need not know the option: then `auth` is in its place, with its default preset.
    pub fn answers_or(&self, auth: Option<&str>, catalog: &Catalog) -> Result<Answers> {
        let is_known = entry(catalog, &self.answers.auth).is_some();
        match auth.and_then(|auth| entry(catalog, auth)) {
            Some(other) if !is_known => {
                let replaced = RecordedAnswers {
                    auth: other.name.clone(),
                    preset: other.default_preset.clone(),
                    ..self.answers.clone()
                };
                self.resolved(&replaced, catalog)
            }
            _ => self.answers(catalog),
        }
    }

    fn resolved(&self, answers: &RecordedAnswers, catalog: &Catalog) -> Result<Answers> {
        let mut wrongs = Vec::new();
        let option = self.option(answers, catalog, &mut wrongs);
        let extras = self.extras(&answers.extras, catalog, &mut wrongs);
        let Some((auth, preset)) = option.filter(|_| wrongs.is_empty()) else {
            return Err(refusal(&self.text, wrongs).into());
        };
        Ok(Answers {
            name: answers.name.parse().map_err(wrong)?,
            description: answers.description.parse().map_err(wrong)?,
            auth,
            preset,
            scopes: parse_scopes(&answers.scopes.join(" ")).map_err(wrong)?,
            port: Port::try_from(answers.port).map_err(wrong)?,
            extras,
        })
    }

    fn option(
        &self,
        answers: &RecordedAnswers,
        catalog: &Catalog,
        wrongs: &mut Vec<Wrong>,
    ) -> Option<(AuthName, PresetName)> {
        let RecordedAnswers { auth, preset, .. } = answers;
        let Some(entry) = entry(catalog, auth) else {
            wrongs.push(self.unknown("auth", auth, catalog.auth_names()));
            return None;
        };
        let known = entry.preset_name(preset);
        if known.is_none() {
            let names = entry.presets.iter().map(|preset| preset.name.as_str());
            wrongs.push(self.unknown("preset", preset, names));
        }
        catalog.auth_name(auth).zip(known)
    }

    /// Those that the catalog has no more are no mistake.
    fn extras(
        &self,
        names: &[String],
        catalog: &Catalog,
        wrongs: &mut Vec<Wrong>,
    ) -> BTreeSet<Extra> {
        let mut extras = BTreeSet::new();
        for name in names {
            match Extra::ALL.into_iter().find(|extra| extra.name() == name) {
                Some(extra) if catalog.extra(extra).is_ok() => _ = extras.insert(extra),
                Some(_) => {}
                None => {
                    let lasting = |entry: &&ExtraEntry| !entry.layers.is_empty();
                    let known = catalog.extras().iter().filter(lasting);
                    wrongs.push(self.unknown("extras", name, known.map(|entry| entry.name.name())));
                }
            }
        }
        extras
    }

    fn unknown<'a>(&self, key: &str, name: &str, known: impl Iterator<Item = &'a str>) -> Wrong {
        let known: Vec<&str> = known.collect();
        Wrong {
            place: self.span("answers", key),
            what: format!(
                "`{key}` cannot be `{}`: use {}",
                name.escape_debug(),
                known.join(", ")
            ),
        }
    }
}

fn entry<'a>(catalog: &'a Catalog, auth: &str) -> Option<&'a AuthEntry> {
    catalog.auths().iter().find(|entry| entry.name == auth)
}

fn wrong(message: String) -> anyhow::Error {
    anyhow::anyhow!("{FILE}: {message}")
}
