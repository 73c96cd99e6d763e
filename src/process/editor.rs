//! The person's editor, with one file; we wait until it is closed.
#![expect(clippy::disallowed_methods, reason = "the only starter of processes")]

use std::{
    io,
    path::Path,
    process::{Command, ExitStatus},
};

/// `editor` is a command line as in VISUAL or EDITOR. The error is one line for people.
pub fn edit(editor: &str, file: &Path) -> Result<(), String> {
    let words = shlex::split(editor).unwrap_or_default();
    let Some((program, args)) = words.split_first() else {
        return Err(format!("the editor `{editor}` is no command"));
    };
    match Command::new(program).args(args).arg(file).status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("{program} {}", ended(status))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            Err(format!("there is no {program}"))
        }
        Err(error) => Err(format!("{program} cannot be started: {error}")),
    }
}

fn ended(status: ExitStatus) -> String {
    match status.code() {
        Some(code) => format!("ended with {code}"),
        None => "was stopped".to_owned(),
    }
}
