//! Where a regeneration comes from and where it goes: generator, templates, answers.

use std::io::{self, Write};

use super::{
    super::{BOLD, visible::visible},
    Generation, Proposal,
};

/// From which generator and templates to which, and which answers change.
pub fn header(out: &mut dyn Write, proposal: &Proposal<'_>) -> io::Result<()> {
    let (before, after) = (&proposal.before, &proposal.after);
    let name = before.answers.name.as_str();
    let generator = step(before.generator, after.generator);
    let set = step(&before.origin.set, &after.origin.set);
    let hash = step(short(before), short(after));
    writeln!(
        out,
        "{BOLD}{name}{BOLD:#}: mcp-auth {generator}, templates {set}, {hash}"
    )?;
    for (key, before, after) in changed_answers(before, after) {
        writeln!(out, "  {key} {}", step(&before, &after))?;
    }
    Ok(())
}

fn step(before: &str, after: &str) -> String {
    let (before, after) = (visible(before), visible(after));
    match before == after {
        true => after.into_owned(),
        false => format!("{before} -> {after}"),
    }
}

/// As much of the set's hash as one can compare.
fn short<'a>(generation: &Generation<'a>) -> &'a str {
    let hash = generation.origin.sha256.as_str();
    hash.get(..8).unwrap_or(hash)
}

/// The key, and what it was and becomes.
pub fn changed_answers(
    before: &Generation<'_>,
    after: &Generation<'_>,
) -> Vec<(&'static str, String, String)> {
    let pairs = before.values().into_iter().zip(after.values());
    pairs
        .filter(|((_, before), (_, after))| before != after)
        .map(|((key, before), (_, after))| (key, before, after))
        .collect()
}
