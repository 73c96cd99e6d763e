//! With a person at a terminal: questions, answers, Esc to go back, Ctrl-C to leave nothing behind.
#![cfg(unix)]

mod support;

use std::time::Duration;

use expectrl::{ControlCode, Eof, Expect, process::unix::WaitStatus, session::OsSession};
use support::{Sandbox, tree};

const NAME: &str = "Name of the project";
const AUTH: &str = "How are callers authenticated";
const PRESET: &str = "Which preset";
const SCOPES: &str = "Scopes that every caller needs";
const CONFIRM: &str = "Write these files";

const ENTER: &str = "\r";
const ESCAPE: &str = "\u{1b}";
const DOWN: &str = "\u{1b}[B";

/// `mcp-auth new` with somebody who reads and types.
struct Person {
    session: OsSession,
}

impl Person {
    fn at(sandbox: &Sandbox, args: &[&str]) -> Self {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_mcp-auth"));
        command
            .arg("new")
            .args(args)
            .current_dir(sandbox.path(""))
            .env_remove("CI")
            .env("TERM", "xterm");
        let mut session = OsSession::spawn(command).unwrap();
        session.set_expect_timeout(Some(Duration::from_secs(20)));
        Self { session }
    }

    #[track_caller]
    fn sees(&mut self, words: &str) -> &mut Self {
        if let Err(error) = self.session.expect(words) {
            panic!("{words:?} did not appear: {error}");
        }
        self
    }

    /// Waits until the question's last line is drawn, so that the keys belong to it.
    #[track_caller]
    fn is_asked(&mut self, question: &str) -> &mut Self {
        self.sees(question).sees("Ctrl-C stops")
    }

    fn types(&mut self, keys: &str) -> &mut Self {
        self.session.send(keys).unwrap();
        self
    }

    #[track_caller]
    fn ends_with(&mut self, code: i32) {
        self.session.expect(Eof).unwrap();
        let status = self.session.get_process().wait().unwrap();
        assert!(
            matches!(status, WaitStatus::Exited(_, found) if found == code),
            "{status:?}"
        );
    }
}

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
    silent
        .run([
            "new",
            "weather",
            "--auth",
            "jwt",
            "--without",
            "git",
            "--yes",
        ])
        .succeeds();
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
    person.sees("--auth custom --preset api-keys --scopes ''");
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
        person.session.send(ControlCode::EndOfText).unwrap();
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
    person.session.send(ControlCode::EndOfText).unwrap();
    person.ends_with(130);
}

#[test]
fn yes_json_and_ci_ask_nothing_even_at_a_terminal() {
    let sandbox = Sandbox::new("silent");
    Person::at(&sandbox, &["--yes"]).sees("--auth").ends_with(2);
    Person::at(&sandbox, &["--json"])
        .sees("--auth")
        .ends_with(2);
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_mcp-auth"));
    command
        .arg("new")
        .current_dir(sandbox.path(""))
        .env("CI", "true");
    let mut person = Person {
        session: OsSession::spawn(command).unwrap(),
    };
    person.sees("--auth").ends_with(2);
}
