//! `mcp-auth add` with a person at a terminal: the same questions, the plan, and nothing without a yes.
#![cfg(unix)]

mod person;
mod support;

use person::{ENTER, ESCAPE, Person};
use support::Sandbox;
use support::existing::{self, server, state};

const AUTH: &str = "How are callers authenticated";
const PRESET: &str = "Which preset";
const SCOPES: &str = "Scopes that every caller needs";
const CONFIRM: &str = "Make these changes";

#[test]
fn asks_shows_what_becomes_of_which_line_and_writes() {
    let sandbox = Sandbox::new("asks");
    server(&sandbox, "dice");
    let mut person = Person::adding(&sandbox, &["dice", "--no-check"]);
    person.is_asked(AUTH).types(ENTER);
    person.is_asked(PRESET).types("auth0").types(ENTER);
    person.is_asked(SCOPES).types("dice:roll").types(ENTER);
    person
        .sees("src/main.rs:16  service becomes")
        .sees("auth.protect(service)")
        .sees("The same without questions")
        .sees("mcp-auth add dice --auth jwt --preset auth0 --scopes dice:roll --no-check --yes");
    person.is_asked(CONFIRM).types(ENTER);
    person
        .sees("dice asks its callers for authentication now")
        .ends_with(0);
    assert!(sandbox.read("dice/.env.example").contains("auth0.com"));
}

#[test]
fn a_no_or_ctrl_c_leaves_everything_as_it_is() {
    let sandbox = Sandbox::new("no");
    server(&sandbox, "dice");
    let before = state(&sandbox.path("dice"));
    let args = ["dice", "--auth", "jwt", "--preset", "oidc", "--scopes", ""];
    let mut person = Person::adding(&sandbox, &args);
    person.is_asked(CONFIRM).types("n").types(ENTER);
    person.ends_with(130);
    let mut person = Person::adding(&sandbox, &args);
    person.is_asked(CONFIRM).presses_ctrl_c();
    person.ends_with(130);
    let mut person = Person::adding(&sandbox, &args[..3]);
    person.is_asked(PRESET).types(ENTER);
    person.is_asked(SCOPES).types(ESCAPE);
    person.is_asked(PRESET).presses_ctrl_c();
    person.ends_with(130);
    assert_eq!(state(&sandbox.path("dice")), before);
}

#[test]
fn taking_it_back_is_asked_about() {
    let sandbox = Sandbox::new("undo");
    server(&sandbox, "dice");
    let before = state(&sandbox.path("dice"));
    existing::add(&sandbox, "dice", &[]).succeeds();
    let added = state(&sandbox.path("dice"));
    let mut person = Person::adding(&sandbox, &["dice", "--undo"]);
    person
        .sees("~ src/main.rs")
        .is_asked("Take this addition back")
        .types("n")
        .types(ENTER);
    person.ends_with(130);
    assert_eq!(state(&sandbox.path("dice")), added);
    let mut person = Person::adding(&sandbox, &["dice", "--undo"]);
    person.is_asked("Take this addition back").types(ENTER);
    person.sees("the addition was taken back").ends_with(0);
    assert_eq!(state(&sandbox.path("dice")), before);
}
