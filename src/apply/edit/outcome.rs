//! What a person is told about the files after a failure: that all of them were put back, or which were not.
//! Pure.

use crate::{
    refusal::{Exit, Problem, Refusal},
    relative::RelativePath,
};

const PUT_BACK: &str = "nothing was changed: what had been written was put back";

/// `stayed` was changed by somebody else after it was written. A refusal with a hint has said what is to be said.
pub fn tell(error: anyhow::Error, stayed: &[RelativePath]) -> anyhow::Error {
    let mut refusal = match error.downcast::<Refusal>() {
        Ok(refusal) => refusal,
        Err(error) if stayed.is_empty() => return error.context(PUT_BACK),
        Err(error) => Refusal::failed(format!("{error:#}")),
    };
    if !stayed.is_empty() {
        refusal.problems.extend(problems(stayed));
        return refusal.hint(REST).into();
    }
    let is_told = refusal
        .problems
        .iter()
        .any(|problem| problem.hint.is_some());
    match is_told {
        true => refusal.into(),
        false => refusal.hint("everything was put back as it was").into(),
    }
}

/// Before anything was written. A refusal says so itself.
pub fn tell_untouched(error: anyhow::Error) -> anyhow::Error {
    match error.is::<Refusal>() {
        true => error,
        false => error.context("nothing was changed"),
    }
}

/// # Errors
/// A `Refusal` that names what could not be put back.
pub fn ensure_none(stayed: &[RelativePath]) -> Result<(), Refusal> {
    match stayed.is_empty() {
        true => Ok(()),
        false => Err(Refusal::many(Exit::Failed, problems(stayed).collect()).hint(REST)),
    }
}

const REST: &str = "take these lines out by hand; everything else was put back as it was";

fn problems(stayed: &[RelativePath]) -> impl Iterator<Item = Problem> {
    stayed.iter().map(|path| {
        Problem::new(format!(
            "{path} was changed in the meantime and stays so, with our lines in it"
        ))
    })
}
