//! `mcp-auth` writes Rust MCP servers with authentication.
//! Parse, run, exit code; each command is a file of its own.
#![deny(clippy::disallowed_methods, clippy::print_stdout, clippy::print_stderr)]
#![warn(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod add;
mod adding;
mod adopt;
mod adopting;
mod answers;
mod apply;
mod catalog;
mod changes;
mod clean;
mod cli;
mod compiler;
mod context;
mod existing;
mod generate;
mod insertion;
mod interview;
mod lines;
mod manifest;
mod merge;
mod new;
mod plan;
mod process;
mod project;
mod prompt;
mod refusal;
mod regenerate;
mod relative;
mod renewal;
mod report;
mod secret;
mod sets;
mod shell_command;
mod state;
mod taking_back;
mod templates;
mod terminal;
mod text;
mod verify;

use std::process::ExitCode;

use anyhow::Result;
use clap::CommandFactory;

use cli::{Args, Command};
use refusal::Exit;
use report::Report;

fn main() -> ExitCode {
    let words: Vec<_> = std::env::args_os().collect();
    let args = match Args::read(words.clone()) {
        Ok(args) => args,
        Err(error) => return report::usage(&error, &words).into(),
    };
    terminal::set_color(args.global.color);
    let mut report = Report::new(&args);
    run(args, &mut report)
        .unwrap_or_else(|error| report.failure(&error))
        .into()
}

fn run(args: Args, report: &mut Report) -> Result<Exit> {
    match args.command {
        Command::New(typed) => new::run(&typed, report),
        Command::Add(typed) => add::run(&typed, report),
        Command::Regenerate(typed) => regenerate::run(&typed, report),
        Command::Adopt(typed) => adopt::run(&typed, report),
        Command::List(typed) => report.list(&sets::chosen(typed.templates.as_deref())?.catalog()?),
        Command::Templates(typed) => sets::run(&typed, report),
        Command::Secret => report.secret(&secret::fresh()?),
        Command::Completions { shell } => report.completions(shell, Args::command()),
        Command::Man { dir: None } => report.manual(Args::command()),
        Command::Man { dir: Some(dir) } => {
            apply::save(&dir, &report::manual_pages(Args::command())?).map(|()| Exit::Done)
        }
    }
}
