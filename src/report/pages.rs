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
    let mut pages = Vec::new();
    add_pages(&command, "mcp-auth", &mut pages)?;
    Ok(pages)
}

fn add_pages(command: &Command, name: &str, pages: &mut Vec<(String, Vec<u8>)>) -> Result<()> {
    // clap wants a name that lives as long as the program
    let named = command.clone().name(name.to_owned().leak() as &'static str);
    pages.push((format!("{name}.1"), render(named)?));
    for sub in command.get_subcommands() {
        add_pages(sub, &format!("{name}-{}", sub.get_name()), pages)?;
    }
    Ok(())
}

fn render(command: Command) -> Result<Vec<u8>> {
    let mut page = Vec::new();
    Man::new(command).render(&mut page)?;
    Ok(page)
}
