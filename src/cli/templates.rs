//! What can be typed after `mcp-auth templates`.

use std::path::PathBuf;

use clap::Subcommand;

#[derive(Debug, Subcommand)]
#[command(after_help = TEMPLATES_EXAMPLES)]
pub enum Templates {
    /// List the files, and what each of them gives
    List {
        /// Those in this folder instead of the program's
        #[arg(long, value_name = "DIR")]
        templates: Option<PathBuf>,
        /// Print one JSON document instead of a table
        #[arg(long)]
        json: bool,
    },
    /// Print a file
    Show {
        /// As `mcp-auth templates list` names it
        file: String,
        /// From this folder instead of the program
        #[arg(long, value_name = "DIR")]
        templates: Option<PathBuf>,
    },
    /// Write the program's templates into a folder, to change them there
    Export {
        /// A new folder, or an empty one
        dir: PathBuf,
    },
    /// Say whether the templates in a folder can be used: tries every option with every preset
    Check {
        dir: PathBuf,
        /// Print one JSON document instead of text
        #[arg(long)]
        json: bool,
    },
}

const TEMPLATES_EXAMPLES: &str = "\
Examples:
  mcp-auth templates export my-templates            then change what you like
  mcp-auth templates check my-templates
  mcp-auth new weather --templates my-templates
  mcp-auth templates show rust/server/src/tools.rs

Templates are files and data: nothing in them is ever run. A project remembers where its templates
are, seen from its own folder, and `mcp-auth regenerate` takes them from there.";
