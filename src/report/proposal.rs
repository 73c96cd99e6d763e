//! `mcp-auth new` in words: the plan before it is written, and what to do once it is.

use std::{io::Write, path::Path};

use anyhow::Result;

use super::{
    BOLD, GOOD, HINT, Report,
    files::{self, Detail},
    json, print_json,
};
use crate::{
    answers::Answers,
    catalog::Catalog,
    context,
    plan::{Kind, Plan},
    project::Target,
    refusal::Exit,
    text,
};

/// What becomes of files that are there.
const REPLACED: &str = "replaced";

/// What is about to be written, and what it answers.
pub struct Proposal<'a> {
    pub dir: &'a Path,
    pub answers: &'a Answers,
    pub plan: &'a Plan,
    /// The same without questions.
    pub command: &'a str,
    pub catalog: &'a Catalog,
}

pub struct Created<'a> {
    pub proposal: &'a Proposal<'a>,
    pub target: &'a Target,
    pub repository: Repository,
}

#[derive(Debug, PartialEq, Eq)]
pub enum Repository {
    Made,
    NotWanted,
    AlreadyThere,
    Failed(String),
}

impl Report {
    pub fn dry_run(&mut self, proposal: &Proposal<'_>, target: &Target) -> Result<Exit> {
        if self.json {
            return print_json(&json::planned(proposal, target, self.diff, &self.notes)?);
        }
        let mut out = anstream::stdout().lock();
        self.changes(&mut out, proposal, Detail::Files)?;
        out.flush()?;
        self.say(|err| writeln!(err, "nothing was written: this was a dry run"));
        Ok(Exit::Done)
    }

    /// Before the confirmation: what will happen, and the command that would do it again.
    pub fn summary(&mut self, proposal: &Proposal<'_>) -> Result<()> {
        let mut err = anstream::stderr().lock();
        writeln!(err)?;
        self.changes(&mut err, proposal, Detail::Folders)?;
        writeln!(
            err,
            "\nThe same without questions:\n  {HINT}{}{HINT:#}\n",
            proposal.command
        )?;
        Ok(())
    }

    pub fn created(&mut self, created: &Created<'_>) -> Result<Exit> {
        let proposal = created.proposal;
        self.surroundings(created);
        if self.json {
            return print_json(&json::created(created, self.diff, &self.notes)?);
        }
        if self.diff {
            let mut out = anstream::stdout().lock();
            files::diffs(&mut out, proposal.plan, true)?;
            out.flush()?;
        }
        let dir = proposal.dir.display();
        let steps = next_steps(proposal)?;
        let changes = &proposal.plan.changes;
        let is_new = changes.iter().all(|change| change.kind == Kind::Create);
        let done = if is_new { "created" } else { "wrote into" };
        let replaced: Vec<_> = changes
            .iter()
            .filter(|change| change.kind == Kind::Replace && !change.is_base_copy())
            .collect();
        self.say(|err| {
            match proposal.plan.writes().next() {
                None => writeln!(err, "{GOOD}{dir} is as it should be, nothing to do{GOOD:#}")?,
                Some(_) => writeln!(
                    err,
                    "{GOOD}{done} {dir}{GOOD:#}: {}",
                    files::count(proposal.plan, REPLACED)
                )?,
            }
            for change in &replaced {
                writeln!(err, "  replaced {}", change.path)?;
            }
            if self.verbose {
                files::list(err, proposal.plan, Detail::All, REPLACED)?;
            }
            writeln!(err, "\nNext:")?;
            steps
                .iter()
                .try_for_each(|step| writeln!(err, "  {BOLD}{step}{BOLD:#}"))?;
            writeln!(
                err,
                "\nREADME.md goes on from there: real tokens, clients, your own tools"
            )
        });
        Ok(Exit::Done)
    }

    /// What the place of the project means for it: a repository or a workspace around it.
    fn surroundings(&mut self, created: &Created<'_>) {
        match &created.repository {
            Repository::AlreadyThere => {
                self.note("inside a git repository already: no new one was made")
            }
            Repository::Failed(why) => self.note(&format!("no git repository was made: {why}")),
            Repository::Made | Repository::NotWanted => {}
        }
        if let Some(workspace) = &created.target.workspace {
            let (workspace, root) = (workspace.display(), created.target.root.display());
            self.note(&format!(
                "{workspace} is a workspace: add {root} to its `members` or `exclude`"
            ));
        }
    }

    fn changes(&self, out: &mut dyn Write, proposal: &Proposal<'_>, detail: Detail) -> Result<()> {
        writeln!(
            out,
            "{BOLD}{}{BOLD:#}: {}",
            proposal.dir.display(),
            title(proposal.answers, proposal.catalog)?
        )?;
        let detail = if self.verbose { Detail::All } else { detail };
        files::list(out, proposal.plan, detail, REPLACED)?;
        if self.diff {
            files::diffs(out, proposal.plan, true)?;
        }
        Ok(())
    }
}

pub(super) fn title(answers: &Answers, catalog: &Catalog) -> Result<String> {
    let entry = catalog.auth(&answers.auth)?;
    let preset = entry.preset(&answers.preset)?;
    Ok(format!("{}, {}", entry.title, preset.title))
}

/// Shell lines from here to a running server.
pub(super) fn next_steps(proposal: &Proposal<'_>) -> Result<Vec<String>> {
    let answers = proposal.answers;
    let entry = proposal.catalog.auth(&answers.auth)?;
    let steps = entry.steps(entry.preset(&answers.preset)?);
    let here = proposal.dir == Path::new(".");
    let cd = (!here).then(|| format!("cd {}", text::quoted(&proposal.dir.to_string_lossy())));
    Ok(cd
        .into_iter()
        .chain(context::fill_all(steps, answers))
        .collect())
}
