//! `mcp-auth regenerate` and the compiler: passing, failing, missing, interrupted. A stand-in for cargo makes each of
//! them happen at once.
#![cfg(unix)]

mod support;

use std::{
    env, fs,
    os::unix::fs::PermissionsExt,
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use support::{
    Ran, Sandbox,
    conflict::{NEW, conflict},
    generate,
    regenerate::{abort, state},
};

/// Notes what it is asked for, changes `Cargo.lock`, and ends as $HOW says.
const CARGO: &str = r##"#!/bin/sh
echo "$@" >> "$LOG"
echo "# by check" > Cargo.lock
case "$HOW" in
hang) exec sleep 60 ;;
fail) echo "error: these are the words" >&2; exit 101 ;;
esac
"##;

struct Trial {
    sandbox: Sandbox,
}

impl Trial {
    fn new(sandbox: Sandbox) -> Self {
        sandbox.write("bin/cargo", CARGO);
        fs::set_permissions(sandbox.path("bin/cargo"), fs::Permissions::from_mode(0o755)).unwrap();
        sandbox.write("weather/Cargo.lock", "# mine\n");
        Self { sandbox }
    }

    fn of_new(name: &str) -> Self {
        let sandbox = Sandbox::new(name);
        generate(&sandbox, "weather", &["--auth", "jwt"]);
        Self::new(sandbox)
    }

    fn command(&self, how: &str) -> Command {
        let (bin, path) = (self.sandbox.path("bin"), env::var("PATH").unwrap());
        let mut command = self.sandbox.command();
        command
            .args(["regenerate", "weather", "--yes"])
            .args(NEW)
            .env("PATH", format!("{}:{path}", bin.display()))
            .env("LOG", self.sandbox.path("log"))
            .env("HOW", how);
        command
    }

    fn run(&self, how: &str, more: &[&str]) -> Ran {
        Ran::of(&self.command(how).args(more).output().unwrap())
    }

    fn log(&self) -> String {
        fs::read_to_string(self.sandbox.path("log")).unwrap_or_default()
    }
}

#[test]
fn it_is_checked_once_everything_is_written() {
    let trial = Trial::of_new("passes");
    let before = state(&trial.sandbox.path("weather"));
    trial.run("pass", &[]).succeeds();
    assert_eq!(
        trial.log(),
        "check --package weather --message-format json\n"
    );
    abort(&trial.sandbox, "weather").succeeds();
    assert_eq!(
        state(&trial.sandbox.path("weather")),
        before,
        "with its Cargo.lock"
    );
}

#[test]
fn what_does_not_compile_stays_and_can_be_taken_back() {
    let trial = Trial::of_new("fails");
    let before = state(&trial.sandbox.path("weather"));
    let ran = trial.run("fail", &[]);
    ran.fails(
        1,
        &[
            "does not compile",
            "these are the words",
            "mcp-auth regenerate --abort",
        ],
    );
    assert!(
        trial
            .sandbox
            .read("weather/README.md")
            .contains("Rain and wind")
    );
    abort(&trial.sandbox, "weather").succeeds();
    assert_eq!(state(&trial.sandbox.path("weather")), before);
    let ran = trial.run("fail", &["--json"]);
    assert_eq!(ran.code, Some(1));
    assert_eq!(ran.json()["compiles"], false);
}

#[test]
fn nothing_is_checked_without_need() {
    let trial = Trial::of_new("without");
    trial.run("pass", &["--no-check"]).succeeds();
    trial.run("pass", &[]).succeeds();
    assert_eq!(trial.log(), "", "--no-check, and then nothing to do");
    let trial = Trial::new(conflict("markers"));
    let ran = trial.run("pass", &["--conflict", "markers"]);
    assert_eq!((ran.code, trial.log().as_str()), (Some(3), ""));
}

#[test]
fn without_cargo_it_is_said_that_nothing_was_checked() {
    let trial = Trial::of_new("missing");
    let output = trial.command("pass").env("PATH", "/nowhere").output();
    let ran = Ran::of(&output.unwrap()).succeeds();
    assert!(
        ran.stderr
            .contains("was not checked: cargo is not installed"),
        "{ran:#?}"
    );
}

#[test]
fn ctrl_c_during_the_check_puts_everything_back() {
    let trial = Trial::of_new("interrupt");
    let before = state(&trial.sandbox.path("weather"));
    let mut command = trial.command("hang");
    let child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn();
    let child = child.unwrap();
    let since = Instant::now();
    while !trial
        .sandbox
        .read("weather/Cargo.lock")
        .contains("by check")
    {
        assert!(
            since.elapsed() < Duration::from_secs(60),
            "it never came to the check"
        );
        thread::sleep(Duration::from_millis(5));
    }
    let signal = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status();
    assert!(signal.unwrap().success());
    let ran = Ran::of(&child.wait_with_output().unwrap());
    ran.fails(130, &["interrupted", "everything was put back as it was"]);
    assert_eq!(state(&trial.sandbox.path("weather")), before);
}
