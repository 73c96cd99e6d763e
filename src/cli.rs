//! What can be typed: clap types, whose doc comments are the help.
//! Knows no answers: what the words mean is decided in `interview`.

mod add;
mod adopt;
mod option;
mod regenerate;
mod templates;

pub use add::Add;
pub use adopt::Adopt;
pub use option::OptionName;
pub use regenerate::{OnConflict, Regenerate};
pub use templates::Templates;

use std::{ffi::OsString, path::PathBuf};

use clap::{
    ArgAction, Args as Group, ColorChoice, CommandFactory, FromArgMatches, Parser, Subcommand,
    ValueEnum,
};
use clap_complete::Shell;

use crate::answers::Extra;

/// Generate Rust MCP servers with authentication
#[derive(Debug, Parser)]
#[command(name = "mcp-auth", version, max_term_width = 100, after_help = EXAMPLES)]
pub struct Args {
    #[command(subcommand)]
    pub command: Command,
    #[command(flatten)]
    pub global: Global,
}

#[derive(Debug, Group)]
pub struct Global {
    /// When to use colours
    #[arg(
        long,
        global = true,
        value_name = "WHEN",
        default_value = "auto",
        display_order = 900
    )]
    pub color: Color,
    /// Say less: only results, warnings and errors
    #[arg(
        short,
        long,
        global = true,
        conflicts_with = "verbose",
        display_order = 901
    )]
    pub quiet: bool,
    /// Say more: every file
    #[arg(short, long, global = true, action = ArgAction::SetTrue, display_order = 902)]
    pub verbose: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Color {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Create a server in a new folder
    New(New),
    /// Add authentication to a server that exists
    Add(Add),
    /// Bring newer templates, or other answers, into a project that was generated
    Regenerate(Regenerate),
    /// Make a lost mcp-auth.toml or .mcp-auth/base again, from the files that are there
    Adopt(Adopt),
    /// Show the authentication options and their presets
    List(List),
    /// Look at the templates, or make some of your own
    #[command(subcommand)]
    Templates(Templates),
    /// Print a fresh signing key, for AUTH_SIGNING_KEY
    #[command(after_help = SECRET_EXAMPLE)]
    Secret,
    /// Print a completion script for a shell
    #[command(after_help = COMPLETIONS_EXAMPLE)]
    Completions { shell: Shell },
    /// Print the manual page, or write one page per command
    Man {
        /// Write `mcp-auth.1`, `mcp-auth-new.1` and so on into this folder
        #[arg(long, value_name = "DIR")]
        dir: Option<PathBuf>,
    },
}

#[derive(Clone, Debug, Default, Group)]
#[command(after_help = NEW_EXAMPLES)]
pub struct New {
    /// The folder to create; its last part is the project's name unless --name says otherwise
    pub dir: Option<PathBuf>,
    /// The package's name: a-z, 0-9, `-` and `_`, starting with a letter
    #[arg(long)]
    pub name: Option<String>,
    /// What the server is for, in Cargo.toml and README.md
    #[arg(long, value_name = "TEXT")]
    pub description: Option<String>,
    /// How callers are authenticated
    #[arg(long, value_name = "OPTION", value_parser = OptionName)]
    pub auth: Option<String>,
    /// A provider that the settings and the README are written for (see `mcp-auth list`)
    #[arg(long)]
    pub preset: Option<String>,
    /// The scopes every caller needs, separated by spaces or commas; '' for none
    #[arg(long)]
    pub scopes: Option<String>,
    /// The port the server listens on
    #[arg(long)]
    pub port: Option<String>,
    /// Extras to add
    #[arg(long, value_name = "EXTRA", value_delimiter = ',')]
    pub with: Vec<Extra>,
    /// Extras to leave out
    #[arg(long, value_name = "EXTRA", value_delimiter = ',')]
    pub without: Vec<Extra>,
    /// Use the templates in this folder, or `embedded` for those of the program
    #[arg(long, value_name = "DIR")]
    pub templates: Option<PathBuf>,
    /// Ask nothing: use the defaults for what is not given
    #[arg(short, long)]
    pub yes: bool,
    /// Show what would be written, and write nothing
    #[arg(short = 'n', long)]
    pub dry_run: bool,
    /// Show the text of what is written
    #[arg(long)]
    pub diff: bool,
    /// Print one JSON document instead of text; implies --yes
    #[arg(long)]
    pub json: bool,
    /// Write into a folder that is not empty: only the planned files, replacing those that are there
    #[arg(long)]
    pub force: bool,
}

#[derive(Debug, Group)]
pub struct List {
    /// Those of the templates in this folder
    #[arg(long, value_name = "DIR")]
    pub templates: Option<PathBuf>,
    /// Print one JSON document instead of a table
    #[arg(long)]
    pub json: bool,
}

impl Args {
    /// Help and errors of the parser are printed before `--color` is known; they follow it all the same.
    pub fn read(words: Vec<OsString>) -> Result<Self, clap::Error> {
        let said = |when: &str| {
            let joined = words.iter().any(|word| *word == *format!("--color={when}"));
            joined
                || words
                    .windows(2)
                    .any(|pair| pair[0] == "--color" && pair[1] == when)
        };
        let color = match (said("always"), said("never")) {
            (true, _) => ColorChoice::Always,
            (_, true) => ColorChoice::Never,
            _ => ColorChoice::Auto,
        };
        let mut command = Self::command().color(color);
        let matches = command.try_get_matches_from_mut(words)?;
        Self::from_arg_matches(&matches).map_err(|error| error.format(&mut command))
    }
}

const EXAMPLES: &str = "\
Examples:
  mcp-auth new weather                      ask what is missing, show the plan, write
  mcp-auth new weather --auth jwt --yes     ask nothing
  mcp-auth add --auth jwt                   protect the server in this folder
  mcp-auth regenerate                       newer templates, keeping what you changed
  mcp-auth adopt                            if what regenerate needs is lost
  mcp-auth templates export my-templates    a copy of the templates to change
  mcp-auth list                             the options and the providers they know

Exit codes: 0 done, 1 failed, 2 wrong usage, 3 conflicts, 4 dirty tree refused, 5 check found
something, 130 interrupted";

const NEW_EXAMPLES: &str = "\
Examples:
  mcp-auth new weather
  mcp-auth new weather --auth jwt --preset auth0 --scopes 'mcp:tools weather:read' --yes
  mcp-auth new weather --auth custom --preset api-keys --without docker,git --yes
  mcp-auth new weather --auth jwt --dry-run --diff --yes | less";

const SECRET_EXAMPLE: &str = "\
Example:
  echo \"AUTH_SIGNING_KEY=$(mcp-auth secret)\" >> .env

It is 32 random bytes of the system as base64, the same as `openssl rand -base64 32` prints.";

const COMPLETIONS_EXAMPLE: &str = "\
Examples:
  mcp-auth completions bash > ~/.local/share/bash-completion/completions/mcp-auth
  mcp-auth completions zsh > \"${fpath[1]}/_mcp-auth\"
  mcp-auth completions fish > ~/.config/fish/completions/mcp-auth.fish";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Args::command().debug_assert();
    }
}
