//! What can be typed after `mcp-auth adopt`.

use std::path::PathBuf;

use clap::Args as Group;

use super::OptionName;

#[derive(Clone, Debug, Default, Group)]
#[command(after_help = ADOPT_EXAMPLES)]
pub struct Adopt {
    /// The project, or a folder inside; the current folder if left out
    pub path: Option<PathBuf>,
    /// How callers are authenticated, if it cannot be found out
    #[arg(long, value_name = "OPTION", value_parser = OptionName)]
    pub auth: Option<String>,
    /// The provider that it was written for, if it cannot be found out
    #[arg(long)]
    pub preset: Option<String>,
    /// Another answer: name, description, scopes, port or extras
    #[arg(long, value_name = "KEY=VALUE")]
    pub set: Vec<String>,
    /// Compare with the templates in this folder, too; several are several flags
    #[arg(long, value_name = "DIR")]
    pub templates: Vec<PathBuf>,
    /// Ask nothing
    #[arg(short, long)]
    pub yes: bool,
    /// Show what would be recorded, and write nothing
    #[arg(short = 'n', long)]
    pub dry_run: bool,
    /// Print one JSON document instead of text; implies --yes
    #[arg(long)]
    pub json: bool,
}

const ADOPT_EXAMPLES: &str = "\
Examples:
  mcp-auth adopt                        mcp-auth.toml or .mcp-auth/base is lost: make them again
  mcp-auth adopt --dry-run              only say how sure that would be
  mcp-auth adopt --templates ../theirs  made from a template set of somebody's own

It writes mcp-auth.toml and .mcp-auth/base/ and changes no other file.";
