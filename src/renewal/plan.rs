//! The plan of a renewal: the files, the pristine copies, `incoming/` and the record.
//! Pure.

use std::collections::BTreeMap;

use anyhow::{Context, Result};

use super::{
    INCOMING, Inputs, Renewal, Renewed, Settled,
    file::{Base, Outcome},
};
use crate::{
    catalog::Class,
    generate::{Output, copy_path},
    merge::Decision,
    plan::{Change, Kind, Plan},
    relative::RelativePath,
    state::{self, FileRecord, Record},
    templates::Text,
};

pub fn plan(renewal: &Renewal<'_>, settled: &Settled) -> Result<Plan> {
    let mut draft = Draft {
        inputs: renewal.inputs,
        changes: BTreeMap::new(),
        records: BTreeMap::new(),
    };
    for file in &renewal.files {
        let outcome = file.outcome(settled.get(&file.path));
        draft.file(file, &outcome)?;
        draft.copy(file, &outcome)?;
        if let Some(text) = outcome.incoming {
            draft.keep(path(&format!("{INCOMING}{}", file.path))?, text)?;
        }
    }
    draft.delete_what_is_no_longer_kept(&renewal.files);
    draft.record()?;
    Ok(Plan {
        changes: draft.changes.into_values().collect(),
    })
}

struct Draft<'a> {
    inputs: &'a Inputs<'a>,
    changes: BTreeMap<RelativePath, Change>,
    records: BTreeMap<String, FileRecord>,
}

impl Draft<'_> {
    fn file(&mut self, file: &Renewed<'_>, outcome: &Outcome<'_>) -> Result<()> {
        let after = outcome.text.as_deref();
        let is_kept = after == file.user
            && file
                .moved_from
                .as_ref()
                .is_none_or(|old| old == outcome.path);
        if is_kept
            && (outcome.base == Base::Goes
                || after.is_none_or(|text| std::str::from_utf8(text).is_err()))
        {
            return Ok(());
        }
        let after = after.map(|text| output(file, text)).transpose()?;
        let before = file.user.map(<[u8]>::to_vec);
        match &file.moved_from {
            Some(old) if old != outcome.path => {
                self.add(old.clone(), before, None);
                self.add(outcome.path.clone(), None, after);
                if let Some(change) = self.changes.get_mut(outcome.path) {
                    change.moved_from = Some(old.clone());
                }
            }
            _ => self.add(outcome.path.clone(), before, after),
        }
        Ok(())
    }

    /// The pristine copy and what is recorded of it.
    fn copy(&mut self, file: &Renewed<'_>, outcome: &Outcome<'_>) -> Result<()> {
        let (record, text) = match (outcome.base, file.new, file.recorded) {
            (Base::Moves, Some(new), _) => {
                let record = file.moved_record(new);
                (record, Some(new.text.as_bytes()))
            }
            (Base::Stays, _, Some(record)) => (file.record_as_before(record), file.base),
            _ => return Ok(()),
        };
        self.records.insert(outcome.path.to_string(), record);
        match text {
            Some(text) => self.keep(copy_path(outcome.path)?, text),
            None => Ok(()),
        }
    }

    /// Something below `.mcp-auth/`; other line ends in it are no difference.
    fn keep(&mut self, path: RelativePath, text: &[u8]) -> Result<()> {
        let before = self.inputs.kept.get(&path).cloned();
        let text = utf8(&path, text)?;
        let is_same = before
            .as_deref()
            .and_then(|before| std::str::from_utf8(before).ok());
        let is_same = is_same.filter(|before| state::sha256(before) == state::sha256(&text));
        let text = is_same.map(str::to_owned).unwrap_or(text);
        self.add(path, before, Some(ours(text)));
        Ok(())
    }

    /// What was put aside for a file that is not looked at now may still be wanted.
    fn delete_what_is_no_longer_kept(&mut self, files: &[Renewed<'_>]) {
        let is_seen = |path: &str| {
            files
                .iter()
                .any(|file| !file.is_held && file.path.as_str() == path)
        };
        for (path, text) in &self.inputs.kept {
            let aside = path.as_str().strip_prefix(INCOMING);
            let is_left = self.inputs.security_only && aside.is_some_and(|path| !is_seen(path));
            if !is_left && !self.changes.contains_key(path) {
                self.add(path.clone(), Some(text.clone()), None);
            }
        }
    }

    fn record(&mut self) -> Result<()> {
        let Inputs {
            answers,
            catalog,
            origin,
            placement,
            record,
            ..
        } = self.inputs;
        let text = state::renew(
            record,
            &Record {
                answers,
                catalog,
                templates: origin,
                placement: *placement,
                files: std::mem::take(&mut self.records),
            },
        )?;
        let before = (!record.is_empty()).then(|| record.clone());
        self.add(path(state::FILE)?, before, Some(ours(text)));
        Ok(())
    }

    fn add(&mut self, path: RelativePath, before: Option<Vec<u8>>, after: Option<Output>) {
        let kind = match (&before, &after) {
            (None, None) => return,
            (Some(_), None) => Kind::Delete,
            (None, Some(_)) => Kind::Create,
            (Some(before), Some(after)) if before == after.text.as_bytes() => Kind::Same,
            (Some(_), Some(_)) => Kind::Replace,
        };
        let change = Change {
            path: path.clone(),
            kind,
            before,
            after,
            moved_from: None,
        };
        self.changes.insert(path, change);
    }
}

impl Renewed<'_> {
    fn moved_record(&self, new: &Output) -> FileRecord {
        FileRecord {
            class: self.class,
            ..FileRecord::new(new, self.newest)
        }
    }

    fn record_as_before(&self, record: &FileRecord) -> FileRecord {
        let is_told = self.is_news || record.deleted;
        FileRecord {
            deleted: is_told && self.decision == Decision::StaysDeleted,
            ..record.clone()
        }
    }
}

fn output(file: &Renewed<'_>, text: &[u8]) -> Result<Output> {
    let is_executable = file.new.is_some_and(|new| new.executable);
    // what its owner made of it since stays
    let was_executable = file.user.is_some() && file.recorded.is_some_and(|was| was.executable);
    Ok(Output {
        text: utf8(&file.path, text)?.into(),
        class: file.class,
        executable: is_executable && !was_executable,
    })
}

fn ours(text: String) -> Output {
    Output {
        text: Text::Owned(text),
        class: Class::Owned,
        executable: false,
    }
}

fn utf8(path: &RelativePath, text: &[u8]) -> Result<String> {
    String::from_utf8(text.to_vec())
        .with_context(|| format!("what is to be written to {path} is no text"))
}

fn path(path: &str) -> Result<RelativePath> {
    path.parse().map_err(anyhow::Error::msg)
}
