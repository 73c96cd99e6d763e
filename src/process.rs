//! Other programs: git, cargo, servers. With `process/`, the only starter of processes.

pub mod cargo;
pub mod editor;
pub mod git;
mod group;
pub mod interrupt;
pub mod rustfmt;
pub mod server;

fn first_line(text: &[u8]) -> String {
    let text = String::from_utf8_lossy(text);
    text.lines()
        .next()
        .unwrap_or("it failed without a word")
        .to_owned()
}
