//! What was generated here, if `mcp-auth.toml` or the pristine copies are lost: for each file the nearest known text,
//! and how sure that is. Pure; reads through `Files`. `adopt` shows it and writes the record and the copies.

mod choice;
mod closeness;
mod facts;
mod findings;
mod known;
mod said;

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;

use crate::{
    answers::{Answers, ProjectName},
    catalog::{Catalog, Class},
    existing::Files,
    generate::{self, Generated, Output, added::Placement},
    plan::{self, Plan},
    refusal::Refusal,
    relative::RelativePath,
    state::{self, Record, Recorded},
    templates::Origin,
};

pub use findings::{Finding, Sureness};
pub use known::Known;
pub use said::Said;

use known::Rendering;

/// All that would be recorded.
pub struct Adoption<'a> {
    pub answers: Answers,
    pub catalog: &'a Catalog,
    pub origin: Origin,
    pub placement: Option<Placement>,
    /// One for each file, sorted by path.
    pub findings: Vec<Finding>,
    /// The answers are those of `mcp-auth.toml`.
    pub is_recorded: bool,
    /// Other answers that fit as well.
    pub others: Vec<String>,
}

/// Where `mcp-auth.toml` can be read: its answers hold.
pub fn of_record<'a>(
    recorded: &Recorded,
    known: &'a [Known],
    files: &dyn Files,
) -> Result<Adoption<'a>> {
    let placement = recorded.added.as_ref().map(|added| added.placement(""));
    let mut renderings = as_recorded(recorded, placement.as_ref(), known)?;
    let records = recorded.files();
    let findings = records
        .iter()
        .map(|(path, record)| findings::recorded(path, record, &renderings, files));
    let findings = findings.collect::<Result<_>>()?;
    let first = renderings.swap_remove(0);
    Ok(Adoption {
        answers: first.answers,
        catalog: &first.known.catalog,
        origin: Origin {
            set: recorded.templates.set.clone(),
            sha256: recorded.templates.sha256.clone(),
        },
        placement,
        findings,
        is_recorded: true,
        others: Vec::new(),
    })
}

/// By each set that knows the recorded answers; the recorded set is the first one, and there is one.
fn as_recorded<'a>(
    recorded: &Recorded,
    placement: Option<&Placement>,
    known: &'a [Known],
) -> Result<Vec<Rendering<'a>>> {
    let mut renderings = Vec::new();
    let mut error = None;
    for set in known {
        let mut rendering = match (recorded.answers(&set.catalog), placement) {
            (Ok(answers), None) => set.render(answers)?,
            (Ok(answers), Some(placement)) => set.render_added(answers, placement)?,
            (Err(why), _) => {
                error = error.or(Some(why));
                continue;
            }
        };
        rendering.is_recorded = set.origin().set == recorded.templates.set;
        renderings.push(rendering);
    }
    renderings.sort_by_key(|rendering| !rendering.is_recorded);
    match error {
        Some(error) if renderings.is_empty() => Err(error),
        _ => Ok(renderings),
    }
}

/// Where it is lost: the answers are found out.
///
/// # Errors
/// A `Refusal` if the project is near none of the known templates.
pub fn of_files<'a>(
    said: &Said,
    known: &'a [Known],
    fallback: &ProjectName,
    files: &dyn Files,
) -> Result<Adoption<'a>> {
    let found = facts::facts(files)?;
    let choice = choice::choose(known, said, &found, fallback, files)?;
    let mut renderings = vec![choice.rendering];
    let chosen = renderings[0].known.origin();
    for set in known.iter().filter(|set| set.origin() != chosen) {
        let other = renderings[0].with(set)?;
        renderings.extend(other);
    }
    renderings[0].is_recorded = true;
    let paths = paths(&renderings, files)?;
    let findings = paths
        .iter()
        .map(|path| findings::unrecorded(path, &renderings, files));
    let findings = findings.collect::<Result<_>>()?;
    let chosen = renderings.swap_remove(0);
    Ok(Adoption {
        answers: chosen.answers,
        catalog: &chosen.known.catalog,
        origin: chosen.known.origin().clone(),
        placement: None,
        findings,
        is_recorded: false,
        others: choice.others,
    })
}

/// Those of the first one; what another one alone has counts only if it is there.
fn paths(renderings: &[Rendering<'_>], files: &dyn Files) -> Result<BTreeSet<RelativePath>> {
    let mut paths = BTreeSet::new();
    for (at, rendering) in renderings.iter().enumerate() {
        for path in rendering.files.keys() {
            if at == 0 || files.is_there(path)? {
                paths.insert(path.clone());
            }
        }
    }
    Ok(paths)
}

impl Adoption<'_> {
    /// Nothing is lost.
    pub fn is_sound(&self) -> bool {
        let mut findings = self.findings.iter();
        self.is_recorded && findings.all(|finding| finding.sureness == Sureness::Sound)
    }

    /// The record and the pristine copies. `present` is what can be read of a record.
    pub fn texts(&self, present: Option<&[u8]>) -> Result<BTreeMap<RelativePath, Output>> {
        let mut texts = BTreeMap::new();
        let mut records = BTreeMap::new();
        for finding in &self.findings {
            let Some((record, text)) = &finding.kept else {
                continue;
            };
            records.insert(finding.path.to_string(), record.clone());
            // a copy that is right may have the line ends of its checkout
            if finding.sureness != Sureness::Sound {
                texts.insert(generate::copy_path(&finding.path)?, owned(text.to_string()));
            }
        }
        let record = Record {
            answers: &self.answers,
            catalog: self.catalog,
            templates: &self.origin,
            placement: self.placement.as_ref(),
            files: records,
        };
        let record = match present {
            Some(present) => state::renew(present, &record)?,
            None => state::record(&record)?,
        };
        let path = state::FILE.parse().map_err(anyhow::Error::msg)?;
        texts.insert(path, owned(record));
        Ok(texts)
    }
}

fn owned(text: String) -> Output {
    Output {
        text: text.into(),
        class: Class::Owned,
        executable: false,
    }
}

/// `existing` is what is at the paths of `texts` now.
pub fn plan(
    texts: BTreeMap<RelativePath, Output>,
    existing: BTreeMap<RelativePath, Vec<u8>>,
) -> Plan {
    plan::plan(Generated { files: texts }, existing)
}

/// # Errors
/// A `Refusal` if the person says something of answers that are recorded.
pub fn ensure_nothing_said(said: &Said) -> Result<()> {
    match said.is_nothing() {
        true => Ok(()),
        false => Err(Refusal::usage(format!(
            "{} can be read: its answers hold, and no others can be said",
            state::FILE
        ))
        .hint("to change an answer: mcp-auth regenerate --set KEY=VALUE")
        .into()),
    }
}
