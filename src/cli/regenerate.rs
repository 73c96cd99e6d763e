//! What can be typed after `mcp-auth regenerate`.

use std::path::PathBuf;

use clap::{Args as Group, ValueEnum};

use super::OptionName;

#[derive(Clone, Debug, Default, Group)]
#[command(after_help = REGENERATE_EXAMPLES)]
pub struct Regenerate {
    /// The project, or a folder inside; the current folder if left out
    pub path: Option<PathBuf>,
    /// Change how callers are authenticated
    #[arg(long, value_name = "OPTION", value_parser = OptionName)]
    pub auth: Option<String>,
    /// Change an answer: name, description, auth, preset, scopes, port or extras
    #[arg(long, value_name = "KEY=VALUE")]
    pub set: Vec<String>,
    /// What becomes of a file that both sides changed, where nobody can be asked
    #[arg(long, value_name = "HOW")]
    pub conflict: Option<OnConflict>,
    /// Bring back a generated file that was deleted
    #[arg(long, value_name = "FILE")]
    pub restore: Vec<String>,
    /// Take only what fixes a weakness
    #[arg(long, conflicts_with_all = ["auth", "set", "restore"])]
    pub security_only: bool,
    /// Only say whether something would change; exit code 5 if so
    #[arg(long, conflicts_with_all = ["conflict", "restore", "dry_run"])]
    pub check: bool,
    /// Put back what an interrupted run has left, or take the last regeneration back
    #[arg(long, conflicts_with_all = [
        "auth", "set", "conflict", "restore", "security_only", "check", "diff", "templates", "allow_dirty", "no_check",
    ])]
    pub abort: bool,
    /// Use the templates in this folder, or `embedded` for those of the program
    #[arg(long, value_name = "DIR")]
    pub templates: Option<PathBuf>,
    /// Edit files with changes that are not committed
    #[arg(long)]
    pub allow_dirty: bool,
    /// Do not run `cargo check` afterwards
    #[arg(long)]
    pub no_check: bool,
    /// Ask nothing
    #[arg(short, long)]
    pub yes: bool,
    /// Show what would be changed, and change nothing
    #[arg(short = 'n', long)]
    pub dry_run: bool,
    /// Show how files change
    #[arg(long)]
    pub diff: bool,
    /// Print one JSON document instead of text; implies --yes
    #[arg(long)]
    pub json: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum OnConflict {
    /// Both, with the conflict markers that git and editors know
    Markers,
    /// Yours stays, the new one lies in `.mcp-auth/incoming/`
    Incoming,
    /// Yours, where both changed the same
    Mine,
    /// The templates', where both changed the same
    Theirs,
}

const REGENERATE_EXAMPLES: &str = "\
Examples:
  mcp-auth regenerate                        show what is new, ask about conflicts, change it
  mcp-auth regenerate --dry-run --diff       only show it
  mcp-auth regenerate --auth google --yes    the same server with another authentication
  mcp-auth regenerate --check                in CI: does this project lack a fix?
  mcp-auth regenerate --abort                take the last regeneration back";
