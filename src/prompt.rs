//! Questions to the person at the terminal. The only reader of the keyboard; prompts are written to standard error.
//! `Ask` has a second implementation in tests, which answers from a script.

use anyhow::{Context, Result};
use inquire::{
    Confirm, InquireError, Select, Text,
    ui::{RenderConfig, Styled},
    validator::Validation,
};

use crate::refusal::Refusal;

pub trait Ask {
    fn text(&mut self, question: &TextQuestion) -> Result<Reply<String>>;
    /// The answer is the index of the chosen item.
    fn choose(&mut self, question: &Choices<'_>) -> Result<Reply<usize>>;
    fn confirm(&mut self, question: &str) -> Result<Reply<bool>>;
}

/// Esc takes the last answer back; Ctrl-C is an error that ends the program with nothing written.
#[derive(Debug, PartialEq, Eq)]
pub enum Reply<T> {
    Answer(T),
    Back,
}

pub struct TextQuestion {
    pub label: &'static str,
    pub help: &'static str,
    /// What Enter alone answers.
    pub default: String,
    /// Says why an answer cannot be taken; it is asked again, with the text kept.
    pub check: fn(&str) -> Result<(), String>,
}

pub struct Choices<'a> {
    pub label: &'a str,
    pub items: Vec<String>,
    pub start: usize,
}

/// Asks at the terminal.
pub struct Terminal {
    look: RenderConfig<'static>,
}

impl Terminal {
    pub fn new(color: bool) -> Self {
        let look = match color {
            true => RenderConfig::default_colored(),
            false => RenderConfig::empty(),
        };
        Self {
            look: look
                .with_prompt_prefix(Styled::new("?"))
                .with_answered_prompt_prefix(Styled::new(">")),
        }
    }
}

// a line that wraps is drawn badly: with its own words each help stays below 78 characters
const KEYS: &str = "Esc goes back, Ctrl-C stops";

impl Ask for Terminal {
    fn text(&mut self, question: &TextQuestion) -> Result<Reply<String>> {
        let check = question.check;
        let help = format!("{}. {KEYS}", question.help);
        let prompt = Text::new(question.label)
            .with_default(&question.default)
            .with_help_message(&help)
            .with_render_config(self.look)
            .with_validator(move |text: &str| {
                Ok(check(text).map_or_else(
                    |why| Validation::Invalid(why.into()),
                    |()| Validation::Valid,
                ))
            });
        reply(prompt.prompt())
    }

    fn choose(&mut self, question: &Choices<'_>) -> Result<Reply<usize>> {
        let help = format!("arrows or letters choose, Enter takes, {KEYS}");
        let numbered: Vec<Numbered> = question
            .items
            .iter()
            .cloned()
            .enumerate()
            .map(Numbered)
            .collect();
        let prompt = Select::new(question.label, numbered)
            .with_starting_cursor(question.start)
            .with_page_size(12)
            .with_help_message(&help)
            .with_formatter(&|chosen| {
                chosen
                    .value
                    .0
                    .1
                    .split("  ")
                    .next()
                    .unwrap_or_default()
                    .to_owned()
            })
            .with_render_config(self.look);
        Ok(match reply(prompt.prompt())? {
            Reply::Answer(Numbered((index, _))) => Reply::Answer(index),
            Reply::Back => Reply::Back,
        })
    }

    fn confirm(&mut self, question: &str) -> Result<Reply<bool>> {
        reply(
            Confirm::new(question)
                .with_default(true)
                .with_help_message(KEYS)
                .with_render_config(self.look)
                .prompt(),
        )
    }
}

struct Numbered((usize, String));

impl std::fmt::Display for Numbered {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0.1)
    }
}

fn reply<T>(result: Result<T, InquireError>) -> Result<Reply<T>> {
    match result {
        Ok(answer) => Ok(Reply::Answer(answer)),
        Err(InquireError::OperationCanceled) => Ok(Reply::Back),
        Err(InquireError::OperationInterrupted) => Err(Refusal::interrupted().into()),
        Err(error) => {
            Err(error).context("cannot ask at this terminal; give the answers as flags and --yes")
        }
    }
}
