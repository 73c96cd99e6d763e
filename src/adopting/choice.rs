//! Which answers and which template set a project was made with, if nothing has recorded it: those whose files are
//! nearest to its own, and first of all the files of `src/auth`. Pure; reads through `Files`.

use std::{
    cmp::Ordering,
    collections::{BTreeMap, BTreeSet, HashMap},
};

use anyhow::Result;

use super::{
    closeness::{NEAR, closeness},
    facts::Facts,
    known::{Known, Rendering},
    said::Said,
};
use crate::{
    answers::{Answers, ProjectName},
    existing::Files,
    generate::Output,
    refusal::Refusal,
    relative::RelativePath,
};

pub struct Choice<'a> {
    pub rendering: Rendering<'a>,
    /// Other presets that fit as well: `jwt with auth0`.
    pub others: Vec<String>,
}

/// Below this share of `src/auth`, a project is somebody else's.
const OURS: f32 = 0.3;

/// # Errors
/// A `Refusal` if the project is near none of them.
pub fn choose<'a>(
    known: &'a [Known],
    said: &Said,
    found: &Facts,
    fallback: &ProjectName,
    files: &dyn Files,
) -> Result<Choice<'a>> {
    let mut candidates = candidates(known, said, found, fallback, files)?;
    let texts = Texts::read(&candidates, files)?;
    let mut near = Nearness {
        texts: &texts,
        seen: HashMap::new(),
    };
    let scores: Vec<Score> = candidates.iter().map(|it| near.score(it)).collect();
    // the first one among equals
    let best = (0..scores.len())
        .rev()
        .max_by(|one, other| scores[*one].compare(&scores[*other]));
    let Some(best) = best else {
        return Err(unknown(said));
    };
    ensure_ours(scores[best], &candidates[best], &texts)?;
    let name = |at: usize| {
        let answers: &Answers = &candidates[at].answers;
        format!("{} with {}", answers.auth.as_str(), answers.preset.as_str())
    };
    let equal = (0..scores.len()).filter(|at| scores[*at] == scores[best]);
    let mut others: BTreeSet<String> = equal.map(name).collect();
    others.remove(&name(best));
    Ok(Choice {
        rendering: candidates.swap_remove(best),
        others: others.into_iter().collect(),
    })
}

fn candidates<'a>(
    known: &'a [Known],
    said: &Said,
    found: &Facts,
    fallback: &ProjectName,
    files: &dyn Files,
) -> Result<Vec<Rendering<'a>>> {
    let mut candidates = Vec::new();
    for set in known {
        let extras = Facts {
            extras: Some(set.extras(files)?),
            ..Facts::default()
        };
        let facts = said.facts.clone().or(found.clone()).or(extras);
        for pair in set.presets(said) {
            candidates.push(set.render(set.answers(&facts, pair, fallback)?)?);
        }
    }
    Ok(candidates)
}

/// The project's files that any of the candidates has.
struct Texts(BTreeMap<RelativePath, String>);

impl Texts {
    fn read(candidates: &[Rendering<'_>], files: &dyn Files) -> Result<Self> {
        let paths: BTreeSet<&RelativePath> =
            candidates.iter().flat_map(|it| it.files.keys()).collect();
        let mut texts = BTreeMap::new();
        for path in paths {
            if let Some(text) = files.read(path)? {
                texts.insert(path.clone(), text);
            }
        }
        Ok(Self(texts))
    }
}

/// 0 to 1 each; `src/auth` decides, the rest only between equals.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Score {
    auth: f32,
    rest: f32,
}

impl Score {
    fn compare(&self, other: &Self) -> Ordering {
        let auth = self.auth.total_cmp(&other.auth);
        auth.then(self.rest.total_cmp(&other.rest))
    }
}

/// Most candidates have most texts in common: each is compared once.
struct Nearness<'a> {
    texts: &'a Texts,
    seen: HashMap<(&'a str, String), f32>,
}

impl<'a> Nearness<'a> {
    fn score(&mut self, candidate: &Rendering<'_>) -> Score {
        Score {
            auth: self.share(candidate, is_auth),
            rest: self.share(candidate, |path| !is_auth(path)),
        }
    }

    /// Files that are on one side only count as different.
    fn share(&mut self, candidate: &Rendering<'_>, belongs: fn(&RelativePath) -> bool) -> f32 {
        let texts = self.texts;
        let mut sum = 0.0;
        let mut count = candidate.files.keys().filter(|path| belongs(path)).count();
        for (path, text) in texts.0.iter().filter(|(path, _)| belongs(path)) {
            match candidate.files.get(path) {
                Some(output) => sum += self.closeness(path, &output.text, text),
                None => count += 1,
            }
        }
        match count {
            0 => 0.0,
            count => sum / count as f32,
        }
    }

    fn closeness(&mut self, path: &'a RelativePath, rendered: &str, there: &str) -> f32 {
        let pair = (path.as_str(), rendered.to_owned());
        *self
            .seen
            .entry(pair)
            .or_insert_with(|| closeness(rendered, there))
    }
}

fn is_auth(path: &RelativePath) -> bool {
    let path = path.as_str();
    path == "src/auth.rs" || path.starts_with("src/auth/")
}

fn unknown(said: &Said) -> anyhow::Error {
    let auth = said.auth.as_ref().map(|auth| format!("--auth {auth}"));
    let preset = said
        .preset
        .as_ref()
        .map(|preset| format!("--preset {preset}"));
    let typed: Vec<String> = auth.into_iter().chain(preset).collect();
    Refusal::usage(format!(
        "{} is in none of the known templates",
        typed.join(" ")
    ))
    .hint("`mcp-auth list` shows what there is")
    .into()
}

fn ensure_ours(score: Score, nearest: &Rendering<'_>, texts: &Texts) -> Result<()> {
    const BACK: &str = "if `mcp-auth add` was here: take mcp-auth.toml back from version control, it tells where things are";
    let has_auth = texts.0.keys().any(is_auth);
    if !has_auth || score.auth < OURS {
        let what = match has_auth {
            true => "src/auth is near none of the known templates",
            false => "there is no src/auth here, so that this is no project of mcp-auth's making",
        };
        return Err(Refusal::failed(what)
            .hint(format!(
                "a server of your own gets its authentication from: mcp-auth add\nif it was made from other templates, name them: --templates DIR\n{BACK}"
            ))
            .into());
    }
    let mut server = nearest
        .files
        .iter()
        .filter(|(path, _)| !is_auth(path) && path.as_str().starts_with("src/"))
        .peekable();
    let is_near = |(path, output): (&RelativePath, &Output)| {
        let there = texts.0.get(path);
        there.is_some_and(|there| closeness(&output.text, there) >= NEAR)
    };
    if server.peek().is_some() && !server.any(is_near) {
        return Err(Refusal::failed(
            "src/auth is known, but the server around it is not one that `mcp-auth new` has made",
        )
        .hint(BACK)
        .into());
    }
    Ok(())
}
