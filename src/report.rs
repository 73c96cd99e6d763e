//! What people and programs read: results on standard output, talk on standard error. The only printer.
//! `--json` turns each result into one document; `-q` and `-v` choose how much is said.

mod files;
mod json;
mod options;
mod pages;

pub use pages::manual_pages;

use std::{
    io::{self, ErrorKind, Write},
    path::Path,
    time::{Duration, Instant},
};

use anstyle::{AnsiColor, Style};
use anyhow::{Context, Result};
use clap::Command;
use clap_complete::Shell;

use crate::{
    answers::Answers,
    apply::Aftermath,
    catalog::Catalog,
    cli::{self, Args},
    context,
    plan::Plan,
    project::Target,
    refusal::{Exit, Problem, Refusal},
    terminal, text,
};

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();
const GOOD: Style = AnsiColor::Green.on_default();
const BAD: Style = AnsiColor::Red.on_default().bold();
const HINT: Style = AnsiColor::Cyan.on_default();

pub struct Report {
    json: bool,
    diff: bool,
    quiet: bool,
    verbose: bool,
    notes: Vec<String>,
}

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
    pub fn new(args: &Args) -> Self {
        let (json, diff) = match &args.command {
            cli::Command::New(new) => (new.json, new.diff),
            cli::Command::List(list) => (list.json, false),
            _ => (false, false),
        };
        Self {
            json,
            diff,
            quiet: args.global.quiet,
            verbose: args.global.verbose,
            notes: Vec::new(),
        }
    }

    /// Something worth knowing that is no error.
    pub fn note(&mut self, note: &str) -> Result<()> {
        self.notes.push(note.to_owned());
        self.say(|err| writeln!(err, "{HINT}note:{HINT:#} {note}"))
    }

    /// What was put right after a run that had been killed.
    pub fn aftermath(&mut self, aftermath: Aftermath) -> Result<()> {
        match aftermath {
            Aftermath::Nothing => Ok(()),
            Aftermath::Litter => self.note("removed what an interrupted run had left behind"),
            Aftermath::Undone => {
                self.note("an interrupted run had begun to change files here: they were put back")
            }
        }
    }

    pub fn dry_run(&mut self, proposal: &Proposal<'_>, target: &Target) -> Result<Exit> {
        if self.json {
            return print_json(&json::planned(proposal, target, self.diff, &self.notes));
        }
        let mut out = anstream::stdout().lock();
        self.changes(&mut out, proposal)?;
        out.flush()?;
        self.say(|err| writeln!(err, "nothing was written: this was a dry run"))?;
        Ok(Exit::Done)
    }

    /// Before the confirmation: what will happen, and the command that would do it again.
    pub fn summary(&mut self, proposal: &Proposal<'_>) -> Result<()> {
        let mut err = anstream::stderr().lock();
        writeln!(err)?;
        self.changes(&mut err, proposal)?;
        writeln!(
            err,
            "\nThe same without questions:\n  {HINT}{}{HINT:#}\n",
            proposal.command
        )?;
        Ok(())
    }

    pub fn created(&mut self, created: &Created<'_>) -> Result<Exit> {
        let proposal = created.proposal;
        let nothing = proposal.plan.writes().next().is_none();
        match &created.repository {
            Repository::AlreadyThere => {
                self.verbosely("inside a git repository already, so no new one was made")?
            }
            Repository::Failed(why) => self.note(&format!("no git repository was made: {why}"))?,
            Repository::Made | Repository::NotWanted => {}
        }
        if let Some(workspace) = &created.target.workspace {
            let root = created.target.root.display();
            self.note(&format!(
                "{} is a workspace: add {root} to its `members` or `exclude`",
                workspace.display()
            ))?;
        }
        if self.json {
            return print_json(&json::created(created, self.diff, &self.notes));
        }
        if self.diff {
            let mut out = anstream::stdout().lock();
            files::diffs(&mut out, proposal.plan)?;
            out.flush()?;
        }
        let dir = proposal.dir.display();
        self.say(|err| match nothing {
            true => writeln!(err, "{GOOD}{dir} is as it should be, nothing to do{GOOD:#}"),
            false => writeln!(
                err,
                "{GOOD}created {dir}{GOOD:#}: {}",
                files::count(proposal.plan)
            ),
        })?;
        self.say(|err| {
            writeln!(err, "\nNext:")?;
            next_steps(proposal)
                .iter()
                .try_for_each(|step| writeln!(err, "  {BOLD}{step}{BOLD:#}"))
        })?;
        Ok(Exit::Done)
    }

    pub fn list(&mut self, catalog: &Catalog) -> Result<Exit> {
        if self.json {
            return print_json(&options::document(catalog)?);
        }
        let mut out = anstream::stdout().lock();
        options::table(&mut out, catalog)?;
        out.flush()?;
        Ok(Exit::Done)
    }

    pub fn completions(&mut self, shell: Shell, mut command: Command) -> Result<Exit> {
        let mut script = Vec::new();
        clap_complete::generate(shell, &mut command, "mcp-auth", &mut script);
        print_bytes(&script)
    }

    pub fn manual(&mut self, command: Command) -> Result<Exit> {
        print_bytes(&pages::page(command)?)
    }

    /// Says what went wrong. A reader who closed our standard output has seen enough: that is no failure.
    pub fn failure(&self, error: &anyhow::Error) -> Exit {
        if error
            .downcast_ref::<io::Error>()
            .is_some_and(|error| error.kind() == ErrorKind::BrokenPipe)
        {
            return Exit::Done;
        }
        let refusal = error.downcast_ref::<Refusal>();
        let exit = refusal.map_or(Exit::Failed, |refusal| refusal.exit);
        let problems = match refusal {
            // a context around a refusal says more than the refusal alone
            Some(refusal) if error.to_string() == refusal.to_string() => refusal.problems.clone(),
            _ => vec![Problem::new(format!("{error:#}"))],
        };
        // there is nobody left to tell when even this fails
        let _ = if self.json {
            print_json(&json::error(exit, &problems)).map(|_| ())
        } else {
            say_problems(&problems)
        };
        exit
    }

    pub fn progress(&self, total: usize) -> Progress {
        let shown = terminal::shows_progress() && !self.quiet && !self.json;
        Progress {
            total,
            shown,
            since: Instant::now(),
            drawn: false,
        }
    }

    fn changes(&self, out: &mut dyn Write, proposal: &Proposal<'_>) -> Result<()> {
        writeln!(
            out,
            "{BOLD}{}{BOLD:#}: {}",
            proposal.dir.display(),
            title(proposal)?
        )?;
        files::list(out, proposal.plan, self.verbose)?;
        if self.diff {
            files::diffs(out, proposal.plan)?;
        }
        Ok(())
    }

    fn verbosely(&self, line: &str) -> Result<()> {
        if self.verbose {
            self.say(|err| writeln!(err, "{DIM}{line}{DIM:#}"))
        } else {
            Ok(())
        }
    }

    fn say(&self, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<()> {
        if self.quiet || self.json {
            return Ok(());
        }
        // whether anybody hears it must not decide about the work
        let _ = write(&mut anstream::stderr().lock());
        Ok(())
    }
}

/// A line that counts, for work that takes longer than a moment; removed when done.
pub struct Progress {
    total: usize,
    shown: bool,
    since: Instant,
    drawn: bool,
}

impl Progress {
    const MOMENT: Duration = Duration::from_millis(300);

    pub fn step(&mut self, done: usize) {
        if self.shown && self.since.elapsed() > Self::MOMENT {
            self.drawn = true;
            let _ = write!(io::stderr(), "\r  writing {done} of {}", self.total);
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.drawn {
            let _ = write!(io::stderr(), "\r{:40}\r", "");
        }
    }
}

/// What the command line parser has to say: help and version, or what is wrong with the words.
pub fn usage(error: &clap::Error) -> Exit {
    let failed = error.use_stderr();
    let json = std::env::args_os()
        .take_while(|word| word != "--")
        .any(|word| word == "--json");
    if failed && json {
        let text = error.to_string();
        let what = text
            .lines()
            .next()
            .unwrap_or_default()
            .trim_start_matches("error: ")
            .to_owned();
        let _ = print_json(&json::error(Exit::Usage, &[Problem::new(what)]));
    } else {
        let _ = error.print();
    }
    if failed { Exit::Usage } else { Exit::Done }
}

fn say_problems(problems: &[Problem]) -> Result<()> {
    let mut err = anstream::stderr().lock();
    for problem in problems {
        writeln!(err, "{BAD}error:{BAD:#} {}", problem.what)?;
        for hint in problem.hint.iter().flat_map(|hint| hint.lines()) {
            writeln!(err, "  {HINT}{hint}{HINT:#}")?;
        }
    }
    Ok(())
}

fn title(proposal: &Proposal<'_>) -> Result<String> {
    let entry = proposal.catalog.auth(proposal.answers.auth)?;
    let preset = entry.preset(&proposal.answers.preset)?;
    Ok(format!("{}, {}", entry.title, preset.title))
}

/// Shell lines from here to a running server.
fn next_steps(proposal: &Proposal<'_>) -> Vec<String> {
    let answers = proposal.answers;
    let entry = proposal.catalog.auth(answers.auth);
    let steps = entry
        .map(|entry| context::fill_all(&entry.steps, answers))
        .unwrap_or_default();
    let here = proposal.dir == Path::new(".");
    let cd = (!here).then(|| format!("cd {}", text::quoted(&proposal.dir.to_string_lossy())));
    cd.into_iter().chain(steps).collect()
}

fn print_json(document: &serde_json::Value) -> Result<Exit> {
    let mut text = serde_json::to_vec_pretty(document).context("cannot write JSON")?;
    text.push(b'\n');
    print_bytes(&text)
}

fn print_bytes(bytes: &[u8]) -> Result<Exit> {
    let mut out = io::stdout().lock();
    out.write_all(bytes)?;
    out.flush()?;
    Ok(Exit::Done)
}
