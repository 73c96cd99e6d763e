//! With a person at a terminal: questions, answers, Esc to go back, Ctrl-C to leave nothing behind.
#![cfg(unix)]

mod person;
mod support;

use person::{DOWN, ENTER, ESCAPE, Person};
use support::{Sandbox, tree};

const NAME: &str = "Name of the project";
const AUTH: &str = "How are callers authenticated";
const PRESET: &str = "Which preset";
const SCOPES: &str = "Scopes that every caller needs";
const CONFIRM: &str = "Write these files";

#[test]
fn asks_shows_the_plan_and_writes() {
    let sandbox = Sandbox::new("asks");
    let mut person = Person::at(&sandbox, &["--without", "git"]);
    person.is_asked(NAME).types("weather").types(ENTER);
    person.is_asked(AUTH).types(ENTER);
    person.is_asked(PRESET).types("auth0").types(ENTER);
    person
        .is_asked(SCOPES)
        .types("mcp:tools weather:read")
        .types(ENTER);
    person
        .sees("+ src/main.rs")
        .sees("The same without questions");
    person.sees("mcp-auth new weather --auth jwt --preset auth0 --scopes 'mcp:tools weather:read' --without git --yes");
    person.is_asked(CONFIRM).types("y").types(ENTER);
    person
        .sees("created weather")
        .sees("cd weather")
        .ends_with(0);
    assert!(
        sandbox
            .read("weather/.env.example")
            .contains("AUTH_ISSUER=https://YOUR-TENANT.us.auth0.com/")
    );
    assert!(
        sandbox
            .read("weather/.env.example")
            .contains("AUTH_REQUIRED_SCOPES='mcp:tools weather:read'")
    );
}

#[test]
fn enter_alone_takes_the_defaults() {
    let sandbox = Sandbox::new("defaults");
    let mut person = Person::at(&sandbox, &["weather", "--without", "git"]);
    for question in [AUTH, PRESET, SCOPES, CONFIRM] {
        person.is_asked(question).types(ENTER);
    }
    person.ends_with(0);
    let silent = Sandbox::new("defaults-silent");
    support::new(&silent, &[]).succeeds();
    assert_eq!(
        tree(&sandbox.path("weather")),
        tree(&silent.path("weather"))
    );
}

#[test]
fn only_what_is_missing_is_asked() {
    let sandbox = Sandbox::new("missing");
    let mut person = Person::at(
        &sandbox,
        &[
            "weather",
            "--auth",
            "custom",
            "--scopes",
            "",
            "--without",
            "git",
        ],
    );
    person.is_asked(PRESET).types(DOWN).types(ENTER);
    person.is_asked(CONFIRM).types(ENTER).ends_with(0);
    assert!(
        sandbox
            .read("weather/.env.example")
            .contains("AUTH_INTROSPECTION_URL=")
    );
}

#[test]
fn escape_goes_one_question_back() {
    let sandbox = Sandbox::new("back");
    let mut person = Person::at(&sandbox, &["--without", "git"]);
    // nothing is before the first question
    person.is_asked(NAME).types(ESCAPE);
    person.is_asked(NAME).types("wether").types(ENTER);
    person.is_asked(AUTH).types(ESCAPE);
    person
        .sees(NAME)
        .is_asked("wether")
        .types("weather")
        .types(ENTER);
    person.is_asked(AUTH).types(ENTER);
    person.is_asked(PRESET).types(ESCAPE);
    person.is_asked(AUTH).types(DOWN).types(ENTER);
    person.is_asked(PRESET).types(ENTER);
    person.is_asked(SCOPES).types(ENTER);
    person.is_asked(CONFIRM).types(ESCAPE);
    person.is_asked(SCOPES).types("none").types(ENTER);
    person.sees("--auth github --preset github --scopes ''");
    person.is_asked(CONFIRM).types(ENTER).ends_with(0);
    assert_eq!(sandbox.names(), ["weather"]);
    assert!(
        sandbox
            .read("weather/mcp-auth.toml")
            .contains("scopes = []")
    );
}

#[test]
fn ctrl_c_at_any_question_leaves_nothing_behind() {
    let questions = [NAME, AUTH, PRESET, SCOPES, CONFIRM];
    for (stop, last) in questions.iter().enumerate() {
        let sandbox = Sandbox::new("ctrl-c");
        let mut person = Person::at(&sandbox, &[]);
        for question in &questions[..stop] {
            person.is_asked(question).types(ENTER);
        }
        person.is_asked(last);
        person.presses_ctrl_c();
        person.sees("nothing was written").ends_with(130);
        assert_eq!(sandbox.names(), [""; 0], "at {last}");
    }
}

#[test]
fn no_at_the_end_writes_nothing() {
    let sandbox = Sandbox::new("no");
    let mut person = Person::at(
        &sandbox,
        &[
            "weather", "--auth", "jwt", "--preset", "okta", "--scopes", "x",
        ],
    );
    person.is_asked(CONFIRM).types("n").types(ENTER);
    person.sees("nothing was written").ends_with(130);
    assert_eq!(sandbox.names(), [""; 0]);
}

#[test]
fn an_answer_that_cannot_be_is_explained_and_asked_again() {
    let sandbox = Sandbox::new("invalid");
    let mut person = Person::at(
        &sandbox,
        &[
            "--auth",
            "jwt",
            "--preset",
            "oidc",
            "--scopes",
            "x",
            "--without",
            "git",
        ],
    );
    person.is_asked(NAME).types("1x").types(ENTER);
    person.sees("it must start with a letter");
    // the text is kept: go to its start, take the digit away
    person.types("\u{1b}[H").types("\u{1b}[3~").types(ENTER);
    person.is_asked(CONFIRM).types(ENTER).ends_with(0);
    assert_eq!(sandbox.names(), ["x"]);
}

#[test]
fn a_folder_that_is_no_name_is_asked_about() {
    let sandbox = Sandbox::new("folder");
    let mut person = Person::at(
        &sandbox,
        &[
            "My Server",
            "--auth",
            "jwt",
            "--preset",
            "oidc",
            "--scopes",
            "x",
            "--without",
            "git",
        ],
    );
    person.is_asked(NAME).types(ENTER);
    person.is_asked(CONFIRM).types(ENTER).ends_with(0);
    assert!(
        sandbox
            .read("My Server/Cargo.toml")
            .contains("name = \"my-server\"")
    );
}

#[test]
fn a_name_whose_folder_is_taken_is_asked_again_at_once() {
    let sandbox = Sandbox::new("taken");
    sandbox.write("weather/notes.txt", "mine");
    let mut person = Person::at(&sandbox, &[]);
    person.is_asked(NAME).types("weather").types(ENTER);
    person.sees("there is a folder weather already");
    person.presses_ctrl_c();
    person.ends_with(130);
}

#[test]
fn yes_json_and_ci_ask_nothing_even_at_a_terminal() {
    let sandbox = Sandbox::new("silent");
    Person::at(&sandbox, &["--yes"]).sees("--auth").ends_with(2);
    Person::at(&sandbox, &["--json"])
        .sees("--auth")
        .ends_with(2);
    let mut person = Person::in_ci(&sandbox);
    person.sees("--auth").ends_with(2);
}
