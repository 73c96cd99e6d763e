//! A conflict in the person's editor, outside of the project, and whether what comes back can be taken.

use anyhow::Result;

use super::Open;
use crate::{
    apply::Scratch,
    manifest::habits,
    merge::{self, markers},
    process::editor,
    project,
    report::Report,
    terminal,
};

/// What the person made of the draft; `None` if there is no editor, which has been said then.
pub fn edited(open: &Open<'_, '_>, draft: &[u8], report: &mut Report) -> Result<Option<Vec<u8>>> {
    let Some(command) = terminal::editor() else {
        report.note("which editor? neither VISUAL nor EDITOR is set");
        return Ok(None);
    };
    let path = open.file.path.as_str();
    let name = path.rsplit('/').next().unwrap_or(path);
    let scratch = Scratch::new(name, draft)?;
    if let Err(why) = editor::edit(&command, scratch.path()) {
        report.note(&why);
        return Ok(None);
    }
    match project::read_file(scratch.path())? {
        Some(bytes) => Ok(Some(bytes)),
        None => {
            report.note("the editor has left no file");
            Ok(None)
        }
    }
}

/// Why it cannot be taken yet.
pub fn unfinished(bytes: &[u8]) -> Option<String> {
    let lines = markers(&String::from_utf8_lossy(bytes));
    let first = lines.first()?;
    Some(format!("there is still a conflict marker in line {first}"))
}

/// Why it is no valid file. What has markers is none yet, which its owner knows, as they know of a mistake of their own.
pub fn problem(open: &Open<'_, '_>, bytes: &[u8]) -> Option<String> {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return Some("it is no text".to_owned());
    };
    if text.trim().is_empty() {
        return Some("it is empty".to_owned());
    }
    if unfinished(bytes).is_some() {
        return None;
    }
    let plain = |bytes: &[u8]| habits::plain(&String::from_utf8_lossy(bytes));
    let user = plain(open.file.user.unwrap_or_default());
    let new = open.file.new.map(|output| habits::plain(&output.text));
    let new = new.unwrap_or_default();
    let problem = |text: &str| merge::problem(&open.file.path, text, &user, &new);
    problem(&habits::plain(text)).filter(|_| problem(&user).is_none())
}
