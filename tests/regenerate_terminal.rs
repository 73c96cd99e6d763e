//! `mcp-auth regenerate` with a person at a terminal: conflicts are asked about one by one.
#![cfg(unix)]

mod person;
mod support;

use std::{fs, os::unix::fs::PermissionsExt};

use person::{DOWN, ENTER, ESCAPE, Person};
use support::{
    Sandbox,
    conflict::{MARKED, NEW, README, edit, uncommitted as conflict},
    regenerate::{commit, state},
};

const FLAGS: [&str; 4] = ["weather", "--no-check", NEW[0], NEW[1]];
const FILE: &str = "README.md:3: both changed this";
const CONFIRM: &str = "Make these changes";

/// A shell script as the editor: it gets the file as `$1`.
fn editor(sandbox: &Sandbox, script: &str) -> String {
    sandbox.write("editor", &format!("#!/bin/sh\n{script}\n"));
    let path = sandbox.path("editor");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    path.to_str().unwrap().to_owned()
}

#[test]
fn each_answer_makes_the_file_that_it_names() {
    for (answer, words) in [("mine", "Sun, mostly\n"), ("theirs", "Rain and wind\n")] {
        let sandbox = conflict(answer);
        let mut person = Person::regenerating(&sandbox, &FLAGS, "");
        person
            .sees("README.md")
            .is_asked(FILE)
            .types(answer)
            .types(ENTER);
        person.is_asked(CONFIRM).types(ENTER).ends_with(0);
        assert_eq!(
            sandbox.read(README).split_inclusive('\n').nth(2),
            Some(words)
        );
        assert!(sandbox.read("weather/Cargo.toml").contains("Rain and wind"));
    }
    let sandbox = conflict("markers");
    let mut person = Person::regenerating(&sandbox, &FLAGS, "");
    person.is_asked(FILE).types("markers").types(ENTER);
    person
        .is_asked(CONFIRM)
        .types(ENTER)
        .sees("README.md:3")
        .ends_with(3);
    assert!(sandbox.read(README).contains(MARKED));
}

#[test]
fn both_sides_can_be_seen_first() {
    let sandbox = conflict("show");
    let mut person = Person::regenerating(&sandbox, &FLAGS, "");
    person.is_asked(FILE).types("show").types(ENTER);
    person.sees("Sun, mostly").sees("Rain and wind");
    person.is_asked(FILE).types(ENTER);
    person.is_asked(CONFIRM).types(ENTER).ends_with(0);
    assert!(sandbox.read(README).contains("Sun, mostly"));
}

#[test]
fn the_editor_decides_once_no_marker_is_left() {
    let sandbox = conflict("editor");
    let once = sandbox.path("once");
    // the first time it leaves a marker, the second time none; it finds what the first time left
    let script = format!(
        "case \"$1\" in */README.md) ;; *) exit 9 ;; esac\n\
         if [ -e {0} ]; then grep -q 'Sun and rain' \"$1\" && sed -i '/^<<<<<<< /d' \"$1\"\n\
         else touch {0}; sed -i 's/^Sun, mostly/Sun and rain/; /^=======/,/^>>>>>>> /d' \"$1\"; fi",
        once.display()
    );
    let editor = editor(&sandbox, &script);
    let mut person = Person::regenerating(&sandbox, &FLAGS, &editor);
    person.is_asked(FILE).types("editor").types(ENTER);
    person.sees("there is still a conflict marker in line 3");
    person.is_asked(FILE).types("editor").types(ENTER);
    person.is_asked(CONFIRM).types(ENTER).ends_with(0);
    assert_eq!(sandbox.read(README).lines().nth(2), Some("Sun and rain"));
}

#[test]
fn without_an_editor_or_with_one_that_fails_it_is_asked_again() {
    let sandbox = conflict("no-editor");
    let mut person = Person::regenerating(&sandbox, &FLAGS, "");
    person.is_asked(FILE).types("editor").types(ENTER);
    person.sees("neither VISUAL nor EDITOR is set");
    person.is_asked(FILE).presses_ctrl_c();
    person.ends_with(130);
    let failing = editor(&sandbox, "exit 7");
    let mut person = Person::regenerating(&sandbox, &FLAGS, &failing);
    person.is_asked(FILE).types("editor").types(ENTER);
    person.sees("ended with 7");
    person.is_asked(FILE).presses_ctrl_c();
    person.ends_with(130);
}

#[test]
fn each_place_can_be_asked_about() {
    let sandbox = conflict("places");
    edit(&sandbox, README, "# Weather\n", "# Sun\n");
    edit(
        &sandbox,
        README,
        "http://localhost:8000/mcp -H",
        "http://localhost:7000/mcp -H",
    );
    let flags = [&FLAGS[..], &["--set", "port=9000"]].concat();
    let mut person = Person::regenerating(&sandbox, &flags, "");
    person.is_asked("README.md:").types("each").types(ENTER);
    person.is_asked("(1 of").types("theirs").types(ENTER);
    person.is_asked("(2 of").types(ESCAPE);
    person.is_asked("(1 of").types(ESCAPE);
    person.is_asked("README.md:").presses_ctrl_c();
    person.ends_with(130);
}

#[test]
fn escape_takes_the_last_answer_back() {
    let sandbox = conflict("back");
    let mut person = Person::regenerating(&sandbox, &FLAGS, "");
    // nothing is before the first question
    person.is_asked(FILE).types(ESCAPE);
    person.is_asked(FILE).types(ENTER);
    person.is_asked(CONFIRM).types(ESCAPE);
    person.is_asked(FILE).types(DOWN).types(ENTER);
    person.is_asked(CONFIRM).types(ENTER).ends_with(0);
    assert!(!sandbox.read(README).contains("Sun, mostly"));
}

#[test]
fn ctrl_c_and_no_write_nothing() {
    let sandbox = conflict("stop");
    commit(&sandbox, "weather");
    let before = state(&sandbox.path("weather"));
    let mut person = Person::regenerating(&sandbox, &FLAGS, "");
    person.is_asked(FILE).presses_ctrl_c();
    person.sees("nothing was written").ends_with(130);
    let mut person = Person::regenerating(&sandbox, &FLAGS, "");
    person.is_asked(FILE).types(ENTER);
    person.is_asked(CONFIRM).types("n").types(ENTER);
    person.sees("nothing was written").ends_with(130);
    assert_eq!(state(&sandbox.path("weather")), before);
}

#[test]
fn taking_it_back_is_asked_about() {
    let sandbox = conflict("abort");
    let before = state(&sandbox.path("weather"));
    let mut person = Person::regenerating(&sandbox, &FLAGS, "");
    person.is_asked(FILE).types(ENTER);
    person.is_asked(CONFIRM).types(ENTER).ends_with(0);
    let mut person = Person::regenerating(&sandbox, &["weather", "--abort"], "");
    person
        .is_asked("Take this regeneration back")
        .types(ENTER)
        .ends_with(0);
    assert_eq!(state(&sandbox.path("weather")), before);
}

#[test]
fn what_the_editor_leaves_must_be_a_valid_file() {
    let sandbox = conflict("valid");
    edit(
        &sandbox,
        README,
        "Sun, mostly",
        "Weather: an MCP server with authentication",
    );
    edit(&sandbox, "weather/Cargo.toml", "Weather: an", "My own");
    let editor = editor(
        &sandbox,
        "sed -i '/^=======/,/^>>>>>>> /d; /^<<<<<<< /d; s/^description = .*/description = =/' \"$1\"",
    );
    let file = "Cargo.toml:4: both changed this";
    let mut person = Person::regenerating(&sandbox, &FLAGS, &editor);
    person.is_asked(file).types("editor").types(ENTER);
    person.sees("that would be no valid Cargo.toml");
    person.is_asked(file).types("mine").types(ENTER);
    person.is_asked(CONFIRM).types(ENTER).ends_with(0);
    assert!(
        sandbox
            .read("weather/Cargo.toml")
            .contains("My own MCP server")
    );
}
