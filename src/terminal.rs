//! Facts about the surroundings: is a person there, may colours be used. The only reader of the environment.
#![expect(
    clippy::disallowed_methods,
    reason = "the only reader of the environment"
)]

use std::{
    env,
    io::{self, IsTerminal},
};

use anstream::ColorChoice;

use crate::cli::Color;

/// Somebody can answer questions: they type here, read here, and no CI pretends to be them.
pub fn is_interactive() -> bool {
    let ci = env::var_os("CI").is_some_and(|ci| !ci.is_empty() && ci != "false" && ci != "0");
    io::stdin().is_terminal() && io::stderr().is_terminal() && !ci
}

pub fn shows_progress() -> bool {
    io::stderr().is_terminal()
}

/// `--color` for everything that is printed; `auto` looks at NO_COLOR, TERM and whether it is a terminal.
pub fn set_color(color: Color) {
    let choice = match color {
        Color::Auto => ColorChoice::Auto,
        Color::Always => ColorChoice::Always,
        Color::Never => ColorChoice::Never,
    };
    choice.write_global();
}

/// What the prompts, which paint for themselves, may use.
pub fn prompts_may_use_color() -> bool {
    anstream::AutoStream::choice(&io::stderr()) != ColorChoice::Never
}

/// The command that opens the person's editor, if they have said which.
pub fn editor() -> Option<String> {
    let named = |name| {
        env::var(name)
            .ok()
            .filter(|editor| !editor.trim().is_empty())
    };
    named("VISUAL").or_else(|| named("EDITOR"))
}
