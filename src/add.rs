//! `mcp-auth add`: the command's table of contents.
//! Touches nothing itself; each line is another room.

mod earlier;
pub mod look;
mod undo;
mod verified;
mod write;

use std::path::Path;

use anyhow::Result;

use crate::{
    adding::{Addition, Beside, Means, Presence, addition},
    answers::{Answers, Description, Extra, ProjectName},
    apply,
    catalog::Catalog,
    clean, cli,
    existing::{package::Package, site::Site},
    interview::Interview,
    new::{agreed, asker},
    plan::Plan,
    project,
    prompt::{Reply, Terminal},
    refusal::Exit,
    report::{Report, addition::Proposal},
    sets, shell_command,
    state::Recorded,
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
    let recorded = earlier::recorded(&site, &project)?;
    let templates = earlier::templates(typed, recorded.as_ref(), &site, &project)?;
    let catalog = templates.catalog()?;
    let folder = project.folder_of(&site.package)?;
    earlier::ensure_same(typed, recorded.as_ref(), &folder, &catalog)?;
    if site.is_done {
        let verify = || verified::verify_again(&site, recorded, &project, &catalog, typed, report);
        let verified = typed.verify.then(verify);
        return report.protected_already(&site, project.root(), verified);
    }
    let ground = Ground {
        presence: earlier::presence(&site, beside.as_ref(), &project)?,
        beside: beside.as_ref(),
        typed,
        site: &site,
        project: &project,
        templates: &templates,
        catalog: &catalog,
    };
    ground.add(recorded, report)
}

/// What is known before anybody is asked.
struct Ground<'a> {
    typed: &'a cli::Add,
    site: &'a Site,
    project: &'a Project,
    templates: &'a TemplateSet,
    catalog: &'a Catalog,
    beside: Option<&'a Beside>,
    presence: Presence,
}

impl Ground<'_> {
    fn add(&self, recorded: Option<Recorded>, report: &mut Report) -> Result<Exit> {
        let typed = self.typed;
        let mut ask = asker(!typed.yes && !typed.json);
        let flags = self.flags(recorded)?;
        let mut interview = Interview::new(&flags, None, ask.is_some(), self.catalog)?;
        loop {
            if let Some(ask) = &mut ask {
                interview.ask(ask)?;
            }
            let (_, answers) = interview.settled()?;
            let means = self.means(&answers);
            match propose(self.site, &means, self.project, typed, ask.as_mut(), report)? {
                Reply::Answer(exit) => return Ok(exit),
                Reply::Back => interview.back(),
            }
        }
    }

    fn flags(&self, recorded: Option<Recorded>) -> Result<cli::New> {
        match self.presence {
            Presence::Present => earlier::flags(recorded, self.site, self.catalog),
            Presence::Absent => {
                sets::ensure_for_add(self.templates, self.catalog)?;
                Ok(as_new(self.typed, &self.site.package))
            }
        }
    }

    fn means<'b>(&'b self, answers: &'b Answers) -> Means<'b> {
        let root = &self.site.sources.root;
        Means {
            answers,
            catalog: self.catalog,
            templates: self.templates,
            files: &self.project.files,
            in_git: self.project.in_git,
            required_features: self.project.required_features(root),
            beside: self.beside,
            presence: self.presence,
            force: self.typed.force,
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
    let clean = clean::ensure_clean(proposal.plan, proposal.root, typed.allow_dirty, report);
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
        auth: typed.auth.clone(),
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
