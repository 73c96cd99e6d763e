//! Takes a kept edit back: says what stays, shows the rest, asks. What `add --undo` and `regenerate --abort` share.
//! Touches nothing itself.

use anyhow::Result;

use crate::{
    apply::Kept,
    new::{agreed, asker},
    prompt::Reply,
    refusal::{Exit, Refusal},
    report::Report,
};

/// `and_then` puts back what is no file.
pub fn take_back(
    kept: &Kept<'_>,
    dry_run: bool,
    asks: bool,
    report: &mut Report,
    and_then: impl FnOnce(&mut Report),
) -> Result<Exit> {
    for path in kept.ensure_unchanged()? {
        report.note(&format!("{path} was changed since and stays"));
    }
    if dry_run {
        return report.would_take_back(kept);
    }
    if let Some(mut ask) = asker(asks) {
        report.taking_back(kept)?;
        let question = format!("Take this {} back?", kept.deed().noun());
        if agreed(&mut ask, &question)? == Reply::Back {
            return Err(Refusal::interrupted().into());
        }
    }
    kept.take_back()?;
    and_then(report);
    report.taken_back(kept)
}
