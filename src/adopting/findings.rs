//! For each file the nearest text that may have been generated, and how sure that is.
//! Pure; reads through `Files`.

use anyhow::Result;

use super::{
    closeness::{self, NEAR, closeness, is_same, percent},
    known::Rendering,
};
use crate::{
    catalog::Class,
    existing::Files,
    generate::{self, Output},
    relative::RelativePath,
    state::{self, FileRecord},
    templates::Text,
};

/// What is known of one file.
#[derive(Debug, PartialEq, Eq)]
pub struct Finding {
    pub path: RelativePath,
    pub sureness: Sureness,
    /// The templates that its pristine copy is of.
    pub set: Option<String>,
    /// What is recorded, with the pristine copy; nothing if no text is near enough.
    pub kept: Option<(FileRecord, Text)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sureness {
    /// The pristine copy is there, and it is the recorded one.
    Sound,
    /// The recorded hash is that of this text.
    Proved,
    /// The file is as it is generated.
    Exact,
    /// Nothing tells which one was recorded, but there is a pristine copy.
    Copy,
    /// So many percent of the lines.
    Close(u8),
    /// Nothing known is near.
    Far,
    /// Only lines of it are ours, and nothing tells which.
    Yours,
    /// The file is not there: its owner has deleted it.
    Deleted,
}

/// The three texts of a path, as far as there are any, and the renderings, the best one first.
struct Texts<'a> {
    path: &'a RelativePath,
    user: Option<String>,
    copy: Option<String>,
    rendered: Vec<(&'a Rendering<'a>, &'a Output)>,
    /// Only lines of the file are generated.
    is_part: bool,
}

impl<'a> Texts<'a> {
    fn read(
        path: &'a RelativePath,
        renderings: &'a [Rendering<'a>],
        files: &dyn Files,
    ) -> Result<Self> {
        let rendered = renderings
            .iter()
            .filter_map(|rendering| Some((rendering, rendering.files.get(path)?)));
        Ok(Self {
            path,
            user: files.read(path)?,
            copy: files.read(&generate::copy_path(path)?)?,
            rendered: rendered.collect(),
            is_part: renderings.iter().any(|it| it.parts.contains(path)),
        })
    }

    fn finding(&self, sureness: Sureness) -> Finding {
        Finding {
            path: self.path.clone(),
            sureness,
            set: None,
            kept: None,
        }
    }

    /// The file as one of the renderings has it, if it is near enough to that.
    fn nearest(&self, is_there: bool) -> Finding {
        let Some(user) = &self.user else {
            return match self.rendered.first() {
                Some((rendering, output)) if !is_there => {
                    let mut record = record(self.path, rendering, output, true);
                    record.deleted = true;
                    of(self.finding(Sureness::Deleted), rendering, record, output)
                }
                _ => self.finding(Sureness::Far),
            };
        };
        let mut best: Option<(f32, &(&Rendering<'_>, &Output))> = None;
        for each @ (_, output) in &self.rendered {
            let near = match self.is_part {
                true => closeness::contained(&output.text, user),
                false => closeness(&output.text, user),
            };
            if best.is_none_or(|(other, _)| near > other) {
                best = Some((near, each));
            }
        }
        match best {
            Some((near, (rendering, output))) if near >= NEAR => {
                let is_exact = is_same(&output.text, user);
                let sureness = match is_exact {
                    true => Sureness::Exact,
                    false => Sureness::Close(percent(near).min(99)),
                };
                let record = record(self.path, rendering, output, is_exact);
                of(self.finding(sureness), rendering, record, output)
            }
            _ if self.is_part => self.yours(),
            _ => self.finding(Sureness::Far),
        }
    }
}

impl Texts<'_> {
    /// An empty part of ours: nothing in the file will ever be taken for ours.
    fn yours(&self) -> Finding {
        let nothing = Output {
            text: Text::Borrowed(""),
            class: Class::Merged,
            executable: false,
        };
        let mut finding = self.finding(Sureness::Yours);
        finding.kept = Some((FileRecord::new(&nothing, 0), nothing.text));
        finding
    }
}

/// Where the record is lost.
pub fn unrecorded(
    path: &RelativePath,
    renderings: &[Rendering<'_>],
    files: &dyn Files,
) -> Result<Finding> {
    let texts = Texts::read(path, renderings, files)?;
    let nearest = texts.nearest(files.is_there(path)?);
    if nearest.sureness == Sureness::Exact {
        return Ok(nearest);
    }
    // a copy that is near to what is generated is no accident, whatever its owner made of the file since
    let near = |(_, output): &&(&Rendering<'_>, &Output)| {
        let copy = texts.copy.as_deref();
        copy.is_some_and(|copy| closeness(&output.text, copy) >= NEAR)
    };
    let (Some(copy), Some((rendering, output))) = (&texts.copy, texts.rendered.iter().find(near))
    else {
        return Ok(nearest);
    };
    let text = with_line_feeds(copy);
    let mut record = record(path, rendering, output, is_same(copy, &output.text));
    record.sha256 = state::sha256(&text);
    record.deleted = nearest.sureness == Sureness::Deleted;
    Ok(Finding {
        sureness: match record.deleted {
            true => Sureness::Deleted,
            false => Sureness::Copy,
        },
        kept: Some((record, text)),
        ..nearest
    })
}

/// Where there is a record.
pub fn recorded(
    path: &RelativePath,
    record: &FileRecord,
    renderings: &[Rendering<'_>],
    files: &dyn Files,
) -> Result<Finding> {
    let texts = Texts::read(path, renderings, files)?;
    let is_it = |text: &str| state::sha256(text) == record.sha256;
    let proved = |sureness, text| {
        let mut finding = texts.finding(sureness);
        finding.kept = Some((record.clone(), text));
        finding
    };
    if let Some(copy) = texts.copy.as_deref().filter(|copy| is_it(copy)) {
        return Ok(proved(Sureness::Sound, with_line_feeds(copy)));
    }
    if let Some(user) = texts.user.as_deref().filter(|user| is_it(user)) {
        return Ok(proved(Sureness::Proved, with_line_feeds(user)));
    }
    for (rendering, output) in &texts.rendered {
        if is_it(&output.text) {
            let finding = proved(Sureness::Proved, output.text.clone());
            return Ok(of(finding, rendering, record.clone(), output));
        }
    }
    let mut nearest = texts.nearest(files.is_there(path)?);
    if let Some((found, _)) = &mut nearest.kept {
        // what a person may have set by hand, and what was told already, stays
        found.class = record.class;
        found.deleted = record.deleted;
    }
    Ok(nearest)
}

fn of(finding: Finding, rendering: &Rendering<'_>, record: FileRecord, output: &Output) -> Finding {
    Finding {
        set: Some(rendering.known.origin().set.clone()),
        kept: Some((record, output.text.clone())),
        ..finding
    }
}

/// Only what is as it is generated now is known to hold the newest fixes; all else may lack any of them.
fn record(
    path: &RelativePath,
    rendering: &Rendering<'_>,
    output: &Output,
    is_exact: bool,
) -> FileRecord {
    let newest = rendering.newest.get(path).copied().unwrap_or_default();
    let is_known = is_exact && rendering.is_recorded;
    FileRecord::new(output, if is_known { newest } else { 0 })
}

fn with_line_feeds(text: &str) -> Text {
    Text::Owned(text.replace("\r\n", "\n"))
}
