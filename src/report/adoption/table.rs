//! What is known of each file, for people.

use std::io::Write;

use anyhow::Result;

use crate::{
    adopting::{Finding, Sureness},
    report::DIM,
};

/// One line per file; those that are beyond doubt are one line together.
pub(super) fn table(out: &mut dyn Write, findings: &[Finding], all: bool) -> Result<()> {
    let is_certain = |finding: &Finding| {
        matches!(
            finding.sureness,
            Sureness::Sound | Sureness::Proved | Sureness::Exact
        )
    };
    let listed = || {
        findings
            .iter()
            .filter(|finding| all || !is_certain(finding))
    };
    let width = listed()
        .map(|finding| finding.path.as_str().len())
        .max()
        .unwrap_or(0);
    for finding in listed() {
        let set = finding
            .set
            .as_deref()
            .map(|set| format!("  {DIM}{set}{DIM:#}"));
        let (path, words) = (finding.path.as_str(), sureness(finding.sureness));
        writeln!(out, "  {path:width$}  {words}{}", set.unwrap_or_default())?;
    }
    let certain = findings
        .iter()
        .filter(|finding| is_certain(finding))
        .count();
    match certain {
        0 => {}
        _ if all => {}
        1 => writeln!(out, "  1 file is known for certain")?,
        count => writeln!(out, "  {count} files are known for certain")?,
    }
    Ok(())
}

fn sureness(sureness: Sureness) -> String {
    match sureness {
        Sureness::Sound => "its copy is there".to_owned(),
        Sureness::Proved => "certain: the recorded hash proves it".to_owned(),
        Sureness::Exact => "certain: as it is generated".to_owned(),
        Sureness::Copy => "likely: its copy is kept".to_owned(),
        Sureness::Close(percent) => format!("close: {percent} % of the lines"),
        Sureness::Far => "unknown: nothing is near, no copy is recorded".to_owned(),
        Sureness::Yours => "unknown which lines are ours: all of them count as yours".to_owned(),
        Sureness::Deleted => "deleted".to_owned(),
    }
}
