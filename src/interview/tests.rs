use std::collections::VecDeque;

use anyhow::bail;

use super::*;
use crate::{
    prompt::{Choices, TextQuestion},
    templates::TemplateSet,
};

/// Answers from a script, and remembers what was asked.
#[derive(Default)]
struct Script {
    replies: VecDeque<&'static str>,
    asked: Vec<String>,
}

const BACK: &str = "<esc>";
const STOP: &str = "<ctrl-c>";

impl Script {
    fn of(replies: &[&'static str]) -> Self {
        Self {
            replies: replies.iter().copied().collect(),
            asked: Vec::new(),
        }
    }

    fn next(&mut self, label: &str) -> Result<Option<&'static str>> {
        self.asked.push(
            label
                .split([' ', '?'])
                .next()
                .unwrap_or_default()
                .to_owned(),
        );
        match self.replies.pop_front() {
            Some(BACK) => Ok(None),
            Some(STOP) => Err(Refusal::interrupted().into()),
            Some(reply) => Ok(Some(reply)),
            None => bail!("nobody answers `{label}`"),
        }
    }
}

impl Ask for Script {
    fn text(&mut self, question: &TextQuestion) -> Result<Reply<String>> {
        let Some(reply) = self.next(question.label)? else {
            return Ok(Reply::Back);
        };
        let answer = if reply.is_empty() {
            question.default.clone()
        } else {
            reply.to_owned()
        };
        (question.check)(&answer).map_err(anyhow::Error::msg)?;
        Ok(Reply::Answer(answer))
    }

    fn choose(&mut self, question: &Choices) -> Result<Reply<usize>> {
        let Some(reply) = self.next(question.label)? else {
            return Ok(Reply::Back);
        };
        if reply.is_empty() {
            return Ok(Reply::Answer(question.start));
        }
        let chosen = question
            .items
            .iter()
            .position(|item| item.split(' ').next() == Some(reply));
        Ok(Reply::Answer(
            chosen.with_context(|| format!("`{reply}` is not offered"))?,
        ))
    }

    fn confirm(&mut self, _: &str) -> Result<Reply<bool>> {
        bail!("the interview does not confirm")
    }
}

fn catalog() -> Catalog {
    TemplateSet::embedded().unwrap().catalog().unwrap()
}

/// What an interactive run settles on, and what it asked.
fn asked(
    typed: &cli::New,
    folder: Option<&str>,
    replies: &[&'static str],
) -> Result<(Answers, Vec<String>)> {
    let catalog = catalog();
    let mut interview = Interview::new(typed, folder, true, &catalog)?;
    let mut script = Script::of(replies);
    interview.ask(&mut script)?;
    assert!(
        script.replies.is_empty(),
        "not asked for: {:?}",
        script.replies
    );
    Ok((interview.settled()?.1, script.asked))
}

#[test]
fn asks_in_order_and_takes_the_answers() {
    let (answers, asked) = asked(
        &cli::New::default(),
        None,
        &["weather", "jwt", "okta", "a b"],
    )
    .unwrap();
    assert_eq!(asked, ["Name", "How", "Which", "Scopes"]);
    assert_eq!(
        (answers.name.as_str(), answers.preset.as_str()),
        ("weather", "okta")
    );
    assert_eq!(answers.scopes, parse_scopes("a b").unwrap());
    assert_eq!(
        answers.description.as_str(),
        "Weather: an MCP server with authentication"
    );
}

#[test]
fn asks_only_for_what_the_flags_leave_open() {
    let typed = cli::New {
        auth: Some("custom".into()),
        scopes: Some(String::new()),
        ..cli::New::default()
    };
    let (answers, asked) = asked(&typed, Some("weather"), &["introspection"]).unwrap();
    assert_eq!(asked, ["Which"]);
    assert_eq!(
        (answers.preset.as_str(), answers.scopes.len()),
        ("introspection", 0)
    );
}

#[test]
fn the_preset_suggests_its_own_scopes() {
    let typed = cli::New {
        auth: Some("jwt".into()),
        ..cli::New::default()
    };
    let (answers, _) = asked(&typed, Some("weather"), &["entra", ""]).unwrap();
    assert_eq!(answers.scopes[0].as_str(), "mcp.tools");
    let (answers, _) = asked(&typed, Some("weather"), &["supabase", ""]).unwrap();
    assert!(answers.scopes.is_empty());
}

#[test]
fn escape_takes_the_last_answer_back_and_no_more() {
    let replies = [
        BACK,
        "wether",
        BACK,
        "weather",
        "jwt",
        BACK,
        "custom",
        "",
        BACK,
        "introspection",
        "none",
    ];
    let (answers, asked) = asked(&cli::New::default(), None, &replies).unwrap();
    let order = [
        "Name", "Name", "How", "Name", "How", "Which", "How", "Which", "Scopes", "Which", "Scopes",
    ];
    assert_eq!(asked, order);
    assert_eq!(
        (
            answers.name.as_str(),
            answers.auth.as_str(),
            answers.preset.as_str()
        ),
        ("weather", "custom", "introspection")
    );
}

#[test]
fn ctrl_c_ends_it_at_any_question() {
    let replies = ["weather", "jwt", "oidc", "a"];
    for stop in 0..replies.len() {
        let mut replies = replies.to_vec();
        replies.truncate(stop);
        replies.push(STOP);
        let error = asked(&cli::New::default(), None, &replies).unwrap_err();
        assert_eq!(
            error.downcast_ref::<Refusal>().unwrap().exit,
            Exit::Interrupted
        );
    }
}

#[test]
fn a_folder_that_is_no_name_is_asked_about_with_a_suggestion() {
    let typed = cli::New {
        auth: Some("jwt".into()),
        ..cli::New::default()
    };
    let (answers, asked) = asked(&typed, Some("My Server"), &["", "", ""]).unwrap();
    assert_eq!(asked[0], "Name");
    assert_eq!(answers.name.as_str(), "my-server");
}

#[test]
fn without_a_terminal_all_that_is_missing_or_wrong_is_reported_at_once() {
    let typed = cli::New {
        port: Some("x".into()),
        scopes: Some("\"".into()),
        ..cli::New::default()
    };
    let error = Interview::new(&typed, None, false, &catalog())
        .err()
        .unwrap();
    let refusal = error.downcast_ref::<Refusal>().unwrap();
    assert_eq!(
        (refusal.exit, refusal.problems.len()),
        (Exit::Usage, 4),
        "{refusal}"
    );
}
