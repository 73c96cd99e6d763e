//! What people and programs read: results on standard output, talk on standard error. The only printer.
//! `--json` turns each result into one document; `-q` and `-v` choose how much is said.

pub mod addition;
pub mod adoption;
mod failure;
mod files;
mod json;
mod options;
mod pages;
mod progress;
mod proposal;
pub mod renewal;
mod sets;
mod undo;
mod visible;

pub use failure::usage;
pub use pages::manual_pages;
pub use proposal::{Created, Proposal, Repository};

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};
use anyhow::{Context, Result};
use clap::Command;
use clap_complete::Shell;

use self::visible::{plain, visible};
use crate::{
    apply::Aftermath,
    catalog::Catalog,
    cli::{self, Args},
    refusal::Exit,
    terminal,
};

const BOLD: Style = Style::new().bold();
const GOOD: Style = AnsiColor::Green.on_default();
const BAD: Style = AnsiColor::Red.on_default().bold();
const DIM: Style = Style::new().dimmed();
const HINT: Style = AnsiColor::Cyan.on_default();

pub struct Report {
    json: bool,
    diff: bool,
    quiet: bool,
    verbose: bool,
    /// The plan was shown already.
    shown: bool,
    notes: Vec<String>,
}

impl Report {
    pub fn new(args: &Args) -> Self {
        let (json, diff) = match &args.command {
            cli::Command::New(new) => (new.json, new.diff),
            cli::Command::Add(add) => (add.json, add.diff),
            cli::Command::Regenerate(it) => (it.json, it.diff),
            cli::Command::Adopt(it) => (it.json, false),
            cli::Command::List(list) => (list.json, false),
            cli::Command::Templates(
                cli::Templates::List { json, .. } | cli::Templates::Check { json, .. },
            ) => (*json, false),
            _ => (false, false),
        };
        Self {
            json,
            diff,
            quiet: args.global.quiet,
            verbose: args.global.verbose,
            shown: false,
            notes: Vec::new(),
        }
    }

    /// Something worth knowing that is no error.
    pub fn note(&mut self, note: &str) {
        self.notes.push(note.to_owned());
        self.say(|err| writeln!(err, "{HINT}note:{HINT:#} {}", visible(note)));
    }

    /// What takes a while, before it begins.
    pub fn doing(&self, what: &str) {
        self.say(|err| writeln!(err, "{DIM}{what}{DIM:#}"));
    }

    /// A line that another program printed.
    pub fn heard(&self, line: &str) {
        self.say(|err| writeln!(err, "  {DIM}| {}{DIM:#}", plain(line)));
    }

    /// Whether the progress of other programs may be seen.
    pub fn shows_progress(&self) -> bool {
        terminal::shows_progress() && !self.quiet && !self.json
    }

    /// Whether the words of other programs may have colours.
    pub fn paints(&self) -> bool {
        terminal::prompts_may_use_color() && !self.json
    }

    /// What was put right after a run that had been killed.
    pub fn aftermath(&mut self, aftermath: Aftermath) {
        match aftermath {
            Aftermath::Nothing => {}
            Aftermath::Litter => self.note("removed what an interrupted run had left behind"),
            Aftermath::Undone(stayed) => {
                self.note("an interrupted run had begun to change files here: they were put back");
                for path in stayed {
                    self.note(&format!(
                        "{path} was changed since and stays so, with lines of that run in it"
                    ));
                }
            }
        }
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

    /// A secret is a result: it goes to standard output, alone on its line.
    pub fn secret(&mut self, secret: &str) -> Result<Exit> {
        print_bytes(format!("{secret}\n").as_bytes())
    }

    pub fn manual(&mut self, command: Command) -> Result<Exit> {
        print_bytes(&pages::page(command)?)
    }

    /// Whether anybody hears it must not decide about the work.
    fn say(&self, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) {
        if !self.quiet && !self.json {
            let _ = write(&mut anstream::stderr().lock());
        }
    }
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
