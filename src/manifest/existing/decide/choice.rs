//! Which of several dependencies on one crate does.
//! Pure.

use super::{Dependency, Fit, Present, fit};

pub fn of_package<'a>(
    present: &'a [Present],
    wanted: &Dependency,
) -> impl Iterator<Item = &'a Present> {
    let package = wanted.package.clone();
    present
        .iter()
        .filter(move |present| present.package == package)
}

/// One of those that fit, preferably under its own name.
pub fn best<'a>(
    candidates: impl Iterator<Item = &'a Present>,
    wanted: &Dependency,
) -> Option<&'a Present> {
    let fitting = candidates.filter(|present| fit_of(present, wanted) == Fit::Shared);
    fitting.min_by_key(|present| present.key != present.package)
}

pub fn fit_of(present: &Present, wanted: &Dependency) -> Fit {
    fit(
        &present.requirement,
        present.locked.as_deref(),
        &wanted.requirement,
    )
}

pub fn missing(present: &[String], wanted: &[String]) -> Vec<String> {
    let absent = wanted.iter().filter(|feature| !present.contains(feature));
    absent.cloned().collect()
}
