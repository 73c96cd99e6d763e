//! What is left to do once the files are written.

use std::io::{self, Write};

use super::{
    super::{BAD, BOLD, GOOD, failure::say_problems, visible::visible},
    Compiled, Entry, Proposal,
    entries::is_written,
    head::changed_answers,
};
use crate::{plan::Kind, refusal::Problem, renewal::INCOMING, text::quoted};

pub fn write(
    out: &mut dyn Write,
    proposal: &Proposal<'_>,
    entries: &[Entry<'_>],
    compiled: &Compiled,
) -> io::Result<()> {
    match compiled {
        Compiled::Yes => writeln!(out, "{GOOD}it compiles{GOOD:#} (`cargo check`)")?,
        Compiled::No(_) => writeln!(out, "{BAD}it does not compile{BAD:#} (`cargo check`)")?,
        Compiled::NotTried if !is_written(proposal, entries) => {}
        Compiled::NotTried => writeln!(out, "whether it compiles was not checked")?,
    }
    let steps = steps(proposal, entries, compiled);
    if !steps.is_empty() {
        writeln!(out, "\nNext:")?;
    }
    for step in steps {
        writeln!(out, "  {BOLD}{}{BOLD:#}", visible(&step))?;
    }
    writeln!(out, "\n`mcp-auth regenerate --abort` takes it back")
}

/// The compiler's words, as an error.
pub fn say_compiled(compiled: &Compiled) {
    let Compiled::No(words) = compiled else {
        return;
    };
    let problem = Problem {
        what: "the project does not compile with what was written".to_owned(),
        words: Some(words.clone()).filter(|words| !words.is_empty()),
        hint: Some("put it right, or take all of it back: mcp-auth regenerate --abort".to_owned()),
    };
    // nobody is left to tell if it fails
    let _ = say_problems(&[problem]);
}

/// Shell lines, and comments for what a shell cannot do.
pub fn steps(proposal: &Proposal<'_>, entries: &[Entry<'_>], compiled: &Compiled) -> Vec<String> {
    let folder = proposal.folder.to_string_lossy();
    let mut steps = Vec::new();
    for entry in entries {
        let markers = entry.markers.iter();
        steps.extend(
            markers.map(|line| format!("# settle the markers in {}:{line}", entry.file.path)),
        );
    }
    let incoming: Vec<&Entry<'_>> = entries.iter().filter(|entry| entry.is_incoming()).collect();
    for entry in &incoming {
        let path = &entry.file.path;
        steps.push(format!(
            "# take what you want of {INCOMING}{path} into {path}"
        ));
    }
    if !incoming.is_empty() {
        steps.push("mcp-auth regenerate --conflict=mine   # then say that it is done".to_owned());
    }
    steps.extend(settings(proposal, entries));
    if is_written(proposal, entries) {
        let check = (*compiled != Compiled::Yes).then_some("cargo check");
        steps.extend(check.into_iter().chain(["cargo test"]).map(str::to_owned));
    }
    if !steps.is_empty() && !folder.is_empty() {
        steps.insert(0, format!("cd {}", quoted(&folder)));
    }
    steps
}

/// Another way to authenticate has other variables.
fn settings(proposal: &Proposal<'_>, entries: &[Entry<'_>]) -> Option<String> {
    let answers = changed_answers(&proposal.before, &proposal.after);
    let is_other = answers
        .iter()
        .any(|(key, ..)| matches!(*key, "auth" | "preset"));
    let example = entries.iter().find(|entry| {
        let path = entry.file.path.as_str();
        let name = path.rsplit('/').next().unwrap_or(path);
        name.starts_with(".env.") && entry.kind != Kind::Same
    });
    let example = example.filter(|_| is_other)?;
    Some(format!(
        "# put what {} asks for into .env",
        example.file.path
    ))
}
