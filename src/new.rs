//! `mcp-auth new`: the command's table of contents.
//! Touches nothing itself; each line is another room.

use std::path::Path;

use anyhow::Result;

use crate::{
    answers::{Answers, Extra, ProjectName},
    apply,
    catalog::Catalog,
    cli,
    generate::generate,
    interview::Interview,
    plan::{Plan, plan},
    process,
    project::{self, Occupancy, Target},
    prompt::{Ask, Reply, Terminal},
    refusal::{Exit, Refusal},
    report::{Created, Proposal, Report, Repository},
    sets, shell_command,
    templates::TemplateSet,
    terminal,
};

pub fn run(typed: &cli::New, report: &mut Report) -> Result<Exit> {
    let mut templates = sets::chosen(typed.templates.as_deref())?;
    let catalog = templates.catalog()?;
    if let Some(dir) = &typed.dir {
        settle_target(dir, typed, report)?;
    }
    let mut ask = asker(!typed.yes && !typed.json);
    let mut interview = interview(typed, ask.is_some(), &catalog)?;
    loop {
        if let Some(ask) = &mut ask {
            interview.ask(ask)?;
        }
        let (dir, answers) = interview.settled()?;
        let target = settle_target(&dir, typed, report)?;
        templates.seen_from(&target.root);
        let proposal = Proposal {
            plan: &plan_for(&answers, &catalog, &templates, &target)?,
            command: &shell_command::equivalent(typed, &dir, &answers, &catalog)?,
            dir: &dir,
            answers: &answers,
            catalog: &catalog,
        };
        if typed.dry_run {
            return report.dry_run(&proposal, &target);
        }
        match confirm(ask.as_mut(), &proposal, report)? {
            Reply::Answer(()) => return write(&proposal, &target, report),
            Reply::Back => interview.back(),
        }
    }
}

/// Nobody is asked anything unless a person is there and did not say not to.
pub fn asker(wanted: bool) -> Option<Terminal> {
    (wanted && terminal::is_interactive()).then(|| Terminal::new(terminal::prompts_may_use_color()))
}

fn interview<'a>(
    typed: &cli::New,
    interactive: bool,
    catalog: &'a Catalog,
) -> Result<Interview<'a>> {
    let folder = typed.dir.as_deref().map(project::folder_name).transpose()?;
    let interview = Interview::new(typed, folder.as_deref(), interactive, catalog)?;
    Ok(match typed.force {
        true => interview,
        false => interview.with_name_check(names_a_free_folder),
    })
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
    report.summary(proposal)?;
    agreed(ask, "Write these files?")
}

/// A no ends the program as Ctrl-C does.
pub fn agreed(ask: &mut Terminal, question: &str) -> Result<Reply<()>> {
    match ask.confirm(question)? {
        Reply::Answer(true) => Ok(Reply::Answer(())),
        Reply::Answer(false) => Err(Refusal::interrupted().into()),
        Reply::Back => Ok(Reply::Back),
    }
}

/// Looks at the folder, after putting right what a killed run left in it, and refuses one that is not free.
fn settle_target(dir: &Path, typed: &cli::New, report: &mut Report) -> Result<Target> {
    let mut target = project::look_at(dir)?;
    if !typed.dry_run && target.occupancy != Occupancy::Missing {
        report.aftermath(apply::undo_interrupted(&target.root)?);
        target = project::look_at(dir)?;
    }
    match &target.occupancy {
        Occupancy::Occupied(names) if !typed.force => Err(not_empty(dir, names).into()),
        _ => Ok(target),
    }
}

/// At the prompt, before the other questions are answered for nothing.
fn names_a_free_folder(name: &str) -> Result<(), String> {
    name.parse::<ProjectName>()?;
    let target = project::look_at(Path::new(name)).map_err(|error| error.to_string())?;
    match target.occupancy {
        Occupancy::Occupied(_) => Err(format!(
            "there is a folder {name} already, and it is not empty"
        )),
        _ => Ok(()),
    }
}

fn not_empty(dir: &Path, names: &[String]) -> Refusal {
    const SHOWN: usize = 5;
    let mut listed = names
        .iter()
        .take(SHOWN)
        .map(|name| name.escape_debug().to_string())
        .collect::<Vec<_>>()
        .join(", ");
    if names.len() > SHOWN {
        listed.push_str(&format!(" and {} more", names.len() - SHOWN));
    }
    Refusal::failed(format!("{} is not empty: it holds {listed}", dir.display()))
        .hint("choose another folder, or use --force, with --dry-run first, to write only the planned files into it")
}

fn plan_for(
    answers: &Answers,
    catalog: &Catalog,
    templates: &TemplateSet,
    target: &Target,
) -> Result<Plan> {
    let generated = generate(answers, catalog, templates)?;
    let existing = match target.occupancy {
        Occupancy::Occupied(_) => project::read_existing(&target.root, generated.files.keys())?,
        _ => Default::default(),
    };
    Ok(plan(generated, existing))
}

fn write(proposal: &Proposal<'_>, target: &Target, report: &mut Report) -> Result<Exit> {
    let total = proposal.plan.writes().count();
    let aftermath = {
        let mut progress = report.progress(total);
        apply::apply(proposal.plan, target, &mut |done| progress.step(done))?
    };
    report.aftermath(aftermath);
    let repository = repository(proposal.answers, target);
    report.created(&Created {
        proposal,
        target,
        repository,
    })
}

fn repository(answers: &Answers, target: &Target) -> Repository {
    if !answers.extras.contains(&Extra::Git) {
        return Repository::NotWanted;
    }
    if target.in_git {
        return Repository::AlreadyThere;
    }
    match process::git::init(&target.root) {
        Ok(()) => Repository::Made,
        Err(why) => Repository::Failed(why),
    }
}
