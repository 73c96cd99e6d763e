//! Manual pages, from the same clap types as the help.

use anyhow::Result;
use clap::Command;
use clap_mangen::Man;

/// The page of the program itself.
pub(super) fn page(command: Command) -> Result<Vec<u8>> {
    render(command.disable_help_subcommand(true))
}

/// One page per command, each with its file name.
pub fn manual_pages(command: Command) -> Result<Vec<(String, Vec<u8>)>> {
    let mut command = command.disable_help_subcommand(true);
    command.build();
    let mut pages = vec![("mcp-auth.1".to_owned(), render(command.clone())?)];
    for sub in command.get_subcommands() {
        let name = format!("mcp-auth-{}", sub.get_name());
        // clap wants a name that lives as long as the program
        let named = sub.clone().name(name.clone().leak() as &'static str);
        pages.push((format!("{name}.1"), render(named)?));
    }
    Ok(pages)
}

fn render(command: Command) -> Result<Vec<u8>> {
    let mut page = Vec::new();
    Man::new(command).render(&mut page)?;
    Ok(page)
}
