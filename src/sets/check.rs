//! Whether a template set can be used: everything that is wrong with it, found without running anything.
//! Pure. What comes out of the templates is rendered and parsed, never compiled.

mod answers;
mod catalog;
mod files;
mod history;
mod layers;
mod variables;

use std::collections::BTreeSet;

use crate::templates::TemplateSet;

#[derive(Debug, Default)]
pub struct Findings {
    pub problems: Vec<String>,
    /// What is no mistake, but perhaps not meant either.
    pub notes: Vec<String>,
    /// One entry for each option.
    pub tried: Vec<Tried>,
    /// All paths that any answers give.
    outputs: BTreeSet<String>,
}

/// An option that was rendered with all its presets.
#[derive(Debug)]
pub struct Tried {
    pub option: String,
    pub presets: usize,
    /// The files of a new project, at most.
    pub files: usize,
}

impl Findings {
    /// The same mistake shows in many answers: it is told once.
    fn problem(&mut self, what: String) {
        if !self.problems.contains(&what) {
            self.problems.push(what);
        }
    }
}

pub fn check(set: &TemplateSet) -> Findings {
    let mut findings = Findings::default();
    files::check(set, &mut findings);
    // without mistakes in the syntax, all templates are parsed once for all answers
    let renderer = files::renderer(set, &mut findings);
    let unknown = variables::check(set, renderer.as_ref(), &mut findings);
    match set.catalog() {
        Err(error) => findings.problem(error.to_string()),
        Ok(catalog) => {
            catalog::check(set, &catalog, &mut findings);
            answers::check(set, &catalog, renderer.as_ref(), &unknown, &mut findings);
            layers::check(set, &catalog, &mut findings);
        }
    }
    history::check(set, &mut findings);
    findings
}

#[cfg(test)]
mod tests;
