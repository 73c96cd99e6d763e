//! `mcp-auth regenerate`: the command's table of contents.
//! Touches nothing itself; each line is another room.

mod abort;
mod added;
mod answers;
mod bases;
mod index;
mod look;
mod made;
mod restore;
mod run;
mod settle;
mod write;

use std::path::Path;

use anyhow::Result;

use crate::{
    adding::anew::Now,
    answers::Answers,
    catalog::Catalog,
    changes::Changes,
    cli,
    process::rustfmt,
    project,
    refusal::Exit,
    renewal::{Inputs, renewal},
    report::{Report, renewal::Generation},
    sets, shell_command,
    state::Recorded,
    templates::TemplateSet,
};
use look::Project;
use made::Made;
use run::Run;

pub fn run(typed: &cli::Regenerate, report: &mut Report) -> Result<Exit> {
    let root = project::folder_of_record(typed.path.as_deref().unwrap_or(Path::new(".")))?;
    if typed.abort {
        return abort::run(&root, typed, report);
    }
    abort::put_right(&root, typed, report)?;
    let project = look::look(&root)?;
    let set = &project.recorded.templates.set;
    let templates = sets::of_project(&root, set, typed.templates.as_deref())?;
    renew(&project, &templates, typed, report)
}

/// With these templates.
fn renew(
    project: &Project,
    templates: &TemplateSet,
    typed: &cli::Regenerate,
    report: &mut Report,
) -> Result<Exit> {
    let (root, recorded) = (&project.root, &project.recorded);
    let catalog = templates.catalog()?;
    let (before, earlier) = before(root, typed, recorded, &catalog)?;
    let catalogs = answers::Catalogs {
        before: earlier.as_ref().unwrap_or(&catalog),
        now: &catalog,
    };
    let now = Now {
        answers: &answers::answers(typed, &before, &catalogs)?,
        catalog: &catalog,
        templates,
    };
    let made = made::made(&before, &now, project)?;
    for note in made.notes() {
        report.note(note);
    }
    let changes = templates.changes()?;
    let inputs = inputs(typed, project, &made, &now, &changes)?;
    let edition = project.edition(&inputs.present);
    let renewal = renewal(&inputs, &|text| rustfmt::format(root, &edition, text))?;
    let run = Run {
        renewal: &renewal,
        before: Generation {
            generator: &recorded.generator,
            origin: &project.origin(),
            answers: &before,
        },
        after: Generation {
            generator: env!("CARGO_PKG_VERSION"),
            origin: templates.origin(),
            answers: now.answers,
        },
        command: &shell_command::equivalent_regeneration(typed),
        folder: &project::from_here(root)?,
        project,
        added: made.added.as_ref(),
        typed,
    };
    run.go(report)
}

/// The recorded answers, and the catalog that they are from if that is not the one of now.
fn before(
    root: &Path,
    typed: &cli::Regenerate,
    recorded: &Recorded,
    now: &Catalog,
) -> Result<(Answers, Option<Catalog>)> {
    if typed.templates.is_some()
        && let Ok(set) = sets::of_project(root, &recorded.templates.set, None)
        && let Ok(catalog) = set.catalog()
        && let Ok(answers) = recorded.answers(&catalog)
    {
        return Ok((answers, Some(catalog)));
    }
    // the set is gone, or somebody wrote answers for the new one into the record
    Ok((recorded.answers_or(answers::option(typed), now)?, None))
}

fn inputs<'a>(
    typed: &cli::Regenerate,
    project: &Project,
    made: &'a Made,
    now: &Now<'a>,
    changes: &'a Changes,
) -> Result<Inputs<'a>> {
    let generated = &made.generated;
    let present = project.present(generated)?;
    Ok(Inputs {
        answers: now.answers,
        catalog: now.catalog,
        origin: now.templates.origin(),
        changes,
        placement: made.added.as_ref().map(|added| &added.anew.placement),
        recorded: project.files.clone(),
        record: project.record.clone(),
        kept: project.kept.clone(),
        bases: bases::bases(project, &present, generated)?,
        restored: restore::restored(&typed.restore, project, &present, generated)?,
        security_only: typed.security_only,
        generated: generated.clone(),
        present,
    })
}
