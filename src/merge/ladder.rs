//! Both sides have changed a text: by key where it has keys, else by lines, and once more as the formatter writes it.
//! Pure; what is called clean has been validated.

use super::{
    Decision, Obstacle,
    conflict::{Conflict, Reason, markers},
    engines, entries,
    parts::{Parts, Side},
    sides::Text,
    toml, validity,
};
use crate::{lines, manifest::habits, relative::RelativePath};

/// A formatted text, or `None` if it cannot be formatted.
pub type Formatter<'a> = &'a dyn Fn(&str) -> Option<String>;

/// What both sides wanted.
#[derive(Debug, PartialEq, Eq)]
pub struct Clean {
    pub bytes: Vec<u8>,
    pub rung: Rung,
}

/// How far up the ladder that was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rung {
    Keys,
    Lines,
    /// The whole file has been formatted.
    Formatted,
}

enum Kind {
    Manifest,
    Variables,
    Patterns,
    Rust,
    Other,
}

pub fn climb(
    base: &Text,
    user: &Text,
    new: &Text,
    path: &RelativePath,
    format: Formatter<'_>,
) -> Decision {
    if let Some(line) = markers(&user.plain).first() {
        return Decision::NotMergeable(Obstacle::Unfinished(*line));
    }
    let conflict = |reason, parts| Decision::Conflict(Conflict::new(reason, parts, user));
    let texts = [&base.plain, &user.plain, &new.plain].map(String::as_str);
    let kind = Kind::of(path);
    let (merged, mut rung) = match kind.merge(texts) {
        Ok(merged) => merged,
        Err(problem) => return Decision::NotMergeable(Obstacle::InvalidToml(problem)),
    };
    let everything = || Parts::between(&user.plain, &new.plain);
    let reason = merged.as_ref().map_or(Reason::Unclear, |_| Reason::Overlap);
    let parts = merged.unwrap_or_else(everything);
    let mut text = parts.text(Side::Yours);
    if !parts.is_settled() {
        match formatted(&kind, texts, format) {
            Some(merged) => (text, rung) = (merged, Rung::Formatted),
            None => return conflict(reason, parts),
        }
    }
    match validity::problem(path, &text, &user.plain, &new.plain) {
        Some(problem) => conflict(Reason::Invalid(problem), everything()),
        None if text == user.plain => Decision::Same,
        None => Decision::Merge(Clean {
            bytes: user.dress(&text),
            rung,
        }),
    }
}

/// What is left of a conflict when all sides are formatted: nothing, one hopes.
fn formatted(kind: &Kind, texts: [&str; 3], format: Formatter<'_>) -> Option<String> {
    if !matches!(kind, Kind::Rust) {
        return None;
    }
    let [base, user, new] = texts.map(|text| format(text).map(|text| habits::plain(&text)));
    let (base, user, new) = (base?, user?, new?);
    let parts = engines::merge(&base, &user, &new)?;
    let merged = parts.text(Side::Yours);
    let is_nothing_new = merged == user;
    parts.is_settled().then(|| match is_nothing_new {
        true => texts[1].to_owned(),
        false => merged,
    })
}

impl Kind {
    fn of(path: &RelativePath) -> Self {
        let name = path.as_str().rsplit('/').next().unwrap_or_default();
        match name {
            "Cargo.toml" => Self::Manifest,
            ".env.example" | ".env.sample" => Self::Variables,
            ".gitignore" | ".dockerignore" | ".gitattributes" => Self::Patterns,
            _ if name.ends_with(".rs") => Self::Rust,
            _ => Self::Other,
        }
    }

    fn merge(&self, texts: [&str; 3]) -> Result<(Option<Parts>, Rung), String> {
        let [base, user, new] = texts;
        Ok(match self {
            Self::Manifest => (Some(toml::merge(base, user, new)?), Rung::Keys),
            Self::Variables => (Some(entries::merge(texts, lines::variable)), Rung::Keys),
            Self::Patterns => (Some(entries::merge(texts, entries::pattern)), Rung::Keys),
            Self::Rust | Self::Other => (engines::merge(base, user, new), Rung::Lines),
        })
    }
}
