//! What can be typed after `mcp-auth add`.

use std::path::PathBuf;

use clap::Args as Group;

use super::OptionName;

#[derive(Clone, Debug, Default, Group)]
#[command(after_help = ADD_EXAMPLES)]
pub struct Add {
    /// The server's package, its workspace, a folder inside or a Cargo.toml; the current folder if left out
    pub path: Option<PathBuf>,
    /// How callers are authenticated
    #[arg(long, value_name = "OPTION", value_parser = OptionName)]
    pub auth: Option<String>,
    /// A provider that the settings and the documentation are written for (see `mcp-auth list`)
    #[arg(long)]
    pub preset: Option<String>,
    /// The scopes every caller needs, separated by spaces or commas; '' for none
    #[arg(long)]
    pub scopes: Option<String>,
    /// The port that the settings show
    #[arg(long)]
    pub port: Option<String>,
    /// The package that serves MCP, where a workspace has several
    #[arg(long, value_name = "NAME")]
    pub package: Option<String>,
    /// A place where the MCP service is mounted, if not all of them are meant
    #[arg(long, value_name = "FILE:LINE")]
    pub at: Vec<String>,
    /// Go on although the project seems to have authentication already
    #[arg(long)]
    pub force: bool,
    /// Edit files with changes that are not committed
    #[arg(long)]
    pub allow_dirty: bool,
    /// Do not run `cargo check` before and after
    #[arg(long)]
    pub no_check: bool,
    /// Start the server afterwards, and show that it lets in only callers with a token
    #[arg(long, conflicts_with = "dry_run")]
    pub verify: bool,
    /// The command that starts the server [default: cargo run]
    #[arg(long, value_name = "COMMAND", requires = "verify")]
    pub run: Option<String>,
    /// Where the server listens then, such as http://localhost:3000/mcp
    #[arg(long, requires = "verify")]
    pub url: Option<String>,
    /// Serve over HTTP what speaks only stdio, and protect that
    #[arg(long)]
    pub http: bool,
    /// Take the last addition back: every byte as it was before
    #[arg(long, conflicts_with_all = [
        "auth", "preset", "scopes", "port", "package", "at", "force", "allow_dirty", "no_check", "verify", "http", "diff", "templates",
    ])]
    pub undo: bool,
    /// Use the templates in this folder, or `embedded` for those of the program
    #[arg(long, value_name = "DIR")]
    pub templates: Option<PathBuf>,
    /// Ask nothing: use the defaults for what is not given
    #[arg(short, long)]
    pub yes: bool,
    /// Show what would be changed, and change nothing
    #[arg(short = 'n', long)]
    pub dry_run: bool,
    /// Show how files that are there change; with --verbose, the text of new ones too
    #[arg(long)]
    pub diff: bool,
    /// Print one JSON document instead of text; implies --yes
    #[arg(long)]
    pub json: bool,
}

const ADD_EXAMPLES: &str = "\
Examples:
  mcp-auth add                                        ask, show what will change, change it, compile it
  mcp-auth add --auth jwt --dry-run --diff --yes      only show it
  mcp-auth add crates/server --auth github --yes --verify
  mcp-auth add --undo

Before and after, the project must compile (`cargo check`); if it does not, or if you interrupt,
everything is put back. `.mcp-auth/undo/` keeps what --undo needs.";
