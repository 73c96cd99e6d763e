//! The insertions into the person's code.
//! Pure.

use anyhow::Result;

use crate::{
    adding::Beside,
    existing::{
        mounts::{self, Module, Names, Wiring},
        site::Site,
        stdio::{self, Modules},
    },
    refusal::{Exit, Problem, Refusal},
};

/// # Errors
/// A `Refusal` with what has to be done by hand, if nothing can be done without.
pub fn wire(site: &Site, beside: Option<&Beside>) -> Result<Wiring> {
    let code_name = |package: &str| {
        let dependency = site.package.normal(package).next();
        dependency.map_or_else(|| package.to_owned(), |dependency| dependency.code_name())
    };
    let names = Names {
        rmcp: code_name("rmcp"),
        axum: code_name("axum"),
    };
    let module = |name| Module {
        name,
        attributes: &site.module_attributes,
    };
    let wiring = match beside {
        Some(beside) => {
            let (auth, http) = (module(&site.module), module(&beside.module));
            stdio::wire(&site.sources, &beside.stdio, Modules { auth, http })
        }
        None => mounts::wire(&site.sources, &names, &site.mounts, module(&site.module)),
    };
    if !wiring.edits.is_empty() {
        return Ok(wiring);
    }
    let by_hand = site.remaining.iter().chain(&wiring.remaining);
    let problems = by_hand.map(|step| {
        let problem = Problem::new(format!("{}:{}: {}", step.file, step.line, step.why));
        problem.hint(step.steps.join("\n"))
    });
    Err(Refusal::many(Exit::Failed, problems.collect()).into())
}
