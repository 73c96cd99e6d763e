//! `mcp-auth add`: the command's table of contents.
//! Touches nothing itself; each line is another room.

mod compiler;
mod earlier;
mod look;
mod undo;
mod verified;
mod write;

use std::path::Path;

use anyhow::Result;

use crate::{
    adding::{Addition, Means, Presence, addition},
    answers::{Description, Extra, ProjectName},
    apply, cli,
    existing::{package::Package, site::Site},
    interview::Interview,
    new::{agreed, asker},
    plan::Plan,
    project,
    prompt::{Reply, Terminal},
    refusal::Exit,
    report::{Report, addition::Proposal},
    shell_command,
    templates::TemplateSet,
};
use look::Project;

pub fn run(typed: &cli::Add, report: &mut Report) -> Result<Exit> {
    let here = project::folder_of_project(typed.path.as_deref().unwrap_or(Path::new(".")))?;
    put_right(&here, typed, report)?;
    if typed.undo {
        return undo::run(&here, typed, report);
    }
    let project = look::look(&here)?;
    let (site, beside) = look::site(typed, &project)?;
    let templates = TemplateSet::embedded()?;
    let catalog = templates.catalog()?;
    let recorded = earlier::recorded(typed, &site, &project, &catalog)?;
    if site.is_done {
        let verify = || verified::verify_again(&site, recorded, &project, &catalog, typed, report);
        let verified = typed.verify.then(verify);
        return report.protected_already(&site, project.root(), verified);
    }
    let mut ask = asker(!typed.yes && !typed.json);
    let presence = earlier::presence(&site, beside.as_ref(), &project)?;
    let flags = match presence {
        Presence::Absent => as_new(typed, &site.package),
        Presence::Present => earlier::flags(recorded, &site, &catalog)?,
    };
    let mut interview = Interview::new(&flags, None, ask.is_some(), &catalog)?;
    loop {
        if let Some(ask) = &mut ask {
            interview.ask(ask)?;
        }
        let (_, answers) = interview.settled()?;
        let means = Means {
            answers: &answers,
            catalog: &catalog,
            templates: &templates,
            files: &project.files,
            in_git: project.in_git,
            required_features: project.required_features(&site.sources.root),
            beside: beside.as_ref(),
            presence,
            force: typed.force,
        };
        match propose(&site, &means, &project, typed, ask.as_mut(), report)? {
            Reply::Answer(exit) => return Ok(exit),
            Reply::Back => interview.back(),
        }
    }
}

/// Plans with these answers, shows it, and makes the changes unless the person goes back.
fn propose(
    site: &Site,
    means: &Means<'_>,
    project: &Project,
    typed: &cli::Add,
    ask: Option<&mut Terminal>,
    report: &mut Report,
) -> Result<Reply<Exit>> {
    let addition = addition(site, means)?;
    let proposal = Proposal {
        site,
        plan: &plan_for(&addition, project)?,
        addition: &addition,
        command: &shell_command::equivalent_addition(typed, means.answers, means.catalog),
        root: project.root(),
        answers: means.answers,
        catalog: means.catalog,
        folder: &project.folder_of(&site.package)?,
        has_env: project.has_env(&site.package)?,
    };
    let clean = write::ensure_clean(&proposal, typed, report);
    if typed.dry_run {
        return report.planned_addition(&proposal, clean).map(Reply::Answer);
    }
    clean?;
    match confirm(ask, &proposal, report)? {
        Reply::Answer(()) => write::write(&proposal, typed, report).map(Reply::Answer),
        Reply::Back => Ok(Reply::Back),
    }
}

/// What a killed run left, here or in the workspace around.
fn put_right(here: &Path, typed: &cli::Add, report: &mut Report) -> Result<()> {
    for root in project::projects_around(here) {
        if !typed.dry_run {
            report.aftermath(apply::undo_interrupted(root)?);
        } else if apply::is_interrupted(root) {
            report.note("an interrupted run has left half of its changes here: the next one that is no dry run puts them back");
        }
    }
    Ok(())
}

/// The same questions as for a new project, but for those that the package answers.
fn as_new(typed: &cli::Add, package: &Package) -> cli::New {
    let name = match package.name.parse::<ProjectName>() {
        Ok(name) => name.to_string(),
        Err(_) => ProjectName::suggestion(&package.name)
            .map_or_else(|| "mcp-server".to_owned(), |name| name.to_string()),
    };
    let description = package.description.clone();
    cli::New {
        name: Some(name),
        description: description.filter(|text| text.parse::<Description>().is_ok()),
        auth: typed.auth,
        preset: typed.preset.clone(),
        scopes: typed.scopes.clone(),
        port: typed.port.clone(),
        without: Extra::ALL.to_vec(),
        ..cli::New::default()
    }
}

fn plan_for(addition: &Addition, project: &Project) -> Result<Plan> {
    let paths = addition.generated.files.keys();
    addition.plan(project::read_existing(project.root(), paths)?)
}

/// Shows what will happen and lets the person decide; without one it is decided already.
fn confirm(
    ask: Option<&mut Terminal>,
    proposal: &Proposal<'_>,
    report: &mut Report,
) -> Result<Reply<()>> {
    let Some(ask) = ask else {
        return Ok(Reply::Answer(()));
    };
    report.addition(proposal)?;
    agreed(ask, "Make these changes?")
}
