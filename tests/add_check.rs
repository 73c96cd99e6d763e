//! `mcp-auth add` and the compiler: before and after, failing, interrupted and killed, and what somebody saves
//! meanwhile. A stand-in for cargo makes each of them happen at once.
#![cfg(unix)]

mod support;
#[path = "support/trial.rs"]
mod trial;

use std::{fs, process::Command};

use support::Ran;
use support::existing::{self, state, undo};
use trial::Trial;

#[test]
fn it_is_checked_before_and_after_in_the_same_way() {
    let trial = Trial::new("twice", Some("# mine\n"));
    trial.run(0, "").succeeds();
    let log = fs::read_to_string(trial.log()).unwrap();
    assert_eq!(
        log,
        "check --package dice --message-format json\n".repeat(2)
    );
    assert_eq!(trial.sandbox.read("dice/Cargo.lock"), "# by check 2\n");
    let ran = undo(&trial.sandbox, "dice").succeeds();
    assert!(
        !ran.stderr.contains("Cargo.lock"),
        "nobody else changed it: {}",
        ran.stderr
    );
    trial.is_as_before();
}

#[test]
fn what_a_mount_needs_to_be_compiled_is_turned_on() {
    let trial = Trial::new("features", None);
    let manifest = trial.sandbox.read("dice/Cargo.toml");
    let features = "\n[features]\nweb = []\nbin = []\n\n[[bin]]\nname = \"dice\"\npath = \"src/main.rs\"\nrequired-features = [\"bin\"]\n";
    trial
        .sandbox
        .write("dice/Cargo.toml", &(manifest + features));
    let main = trial.sandbox.read("dice/src/main.rs");
    let gated = main.replace(
        "#[tokio::main]",
        "#[cfg(feature = \"web\")]\n#[tokio::main]",
    );
    trial.sandbox.write("dice/src/main.rs", &gated);
    let ran = trial.run(0, "").succeeds();
    let log = fs::read_to_string(trial.log()).unwrap();
    assert_eq!(
        log,
        "check --package dice --message-format json --features bin,web\n".repeat(2)
    );
    assert!(
        ran.stderr.contains("cargo run -p dice --features bin,web"),
        "{}",
        ran.stderr
    );
}

#[test]
fn a_project_that_does_not_compile_stays_as_it_is() {
    for lock in [None, Some("# mine\n")] {
        let trial = Trial::new("before", lock);
        trial.run(1, "fail").fails(
            1,
            &[
                "does not compile as it is",
                "error: these are the words",
                "--no-check",
            ],
        );
        trial.is_as_before();
    }
}

#[test]
fn a_project_that_no_longer_compiles_is_put_back() {
    for lock in [None, Some("# mine\n")] {
        let trial = Trial::new("after", lock);
        trial.run(2, "fail").fails(
            1,
            &[
                "does not compile with the addition",
                "error: these are the words",
                "everything was put back as it was",
            ],
        );
        trial.is_as_before();
    }
}

#[test]
fn what_is_saved_during_the_first_check_is_not_overwritten() {
    for (how, path) in [("save", "src/main.rs"), ("make", "src/auth.rs")] {
        let trial = Trial::new(&format!("first-{how}"), Some("# mine\n"));
        trial.run(1, how).fails(
            1,
            &[
                &format!("{path} was changed in the meantime; nothing was changed"),
                "run again",
            ],
        );
        let mut after = state(&trial.sandbox.path("dice"));
        let place = trial.sandbox.path(format!("dice/{path}"));
        assert!(after.remove(&place).unwrap().1.ends_with(b"// mine\n"));
        let mut before = trial.before;
        before.remove(&place);
        after.remove(&trial.sandbox.path("dice/src/auth"));
        assert_eq!(after, before);
    }
}

#[test]
fn what_is_saved_during_the_second_check_stays_and_is_named() {
    let trial = Trial::new("second", Some("# mine\n"));
    let ran = trial.run(2, "savefail").fails(
        1,
        &[
            "does not compile with the addition",
            "src/main.rs was changed in the meantime and stays so, with our lines in it",
            "everything else was put back",
        ],
    );
    assert!(!ran.stderr.contains("error: everything"), "{}", ran.stderr);
    let main = trial.sandbox.read("dice/src/main.rs");
    assert!(
        main.contains("auth.protect") && main.ends_with("// mine\n"),
        "{main}"
    );
    assert!(!trial.sandbox.path("dice/src/auth.rs").exists());
    assert_eq!(trial.sandbox.read("dice/Cargo.lock"), "# mine\n");
}

#[test]
fn the_words_of_the_compiler_are_part_of_the_document() {
    let trial = Trial::new("json", None);
    let output = trial.command(2, "fail").arg("--json").output().unwrap();
    let problem = &Ran::of(&output).json()["error"]["problems"][0];
    assert!(
        problem["words"]
            .as_str()
            .unwrap()
            .contains("these are the words"),
        "{problem}"
    );
}

#[test]
fn warnings_about_the_new_code_are_counted() {
    let ran = Trial::new("warnings", None).run(2, "warn").succeeds();
    let said = ran.stderr;
    assert!(said.contains("warns about the new code"), "{said}");
}

#[test]
fn ctrl_c_during_a_check_puts_everything_back() {
    for at in [1, 2] {
        for signal in ["INT", "TERM"] {
            let trial = Trial::new(&format!("interrupt-{at}-{signal}"), Some("# mine\n"));
            let child = trial.hanging(at);
            let status = Command::new("kill")
                .args([format!("-{signal}"), child.id().to_string()])
                .status();
            assert!(status.unwrap().success());
            Ran::of(&child.wait_with_output().unwrap())
                .fails(130, &["interrupted", "everything was put back as it was"]);
            trial.is_as_before();
        }
    }
}

#[test]
fn after_a_kill_during_a_check_the_next_run_puts_everything_back() {
    for at in [1, 2] {
        let trial = Trial::new(&format!("kill-{at}"), Some("# mine\n"));
        let mut child = trial.hanging(at);
        child.kill().unwrap();
        child.wait().unwrap();
        let dry = existing::add(&trial.sandbox, "dice", &["--dry-run"]);
        assert!(dry.stderr.contains("an interrupted run"), "{}", dry.stderr);
        undo(&trial.sandbox, "dice").fails(1, &["were put back", "no addition to take back"]);
        trial.is_as_before();
    }
}

#[test]
fn while_it_is_checked_no_other_run_comes_between() {
    let trial = Trial::new("busy", None);
    let mut child = trial.hanging(2);
    existing::add(&trial.sandbox, "dice", &[]).fails(1, &["another mcp-auth is at work"]);
    undo(&trial.sandbox, "dice").fails(1, &["another mcp-auth is at work"]);
    child.kill().unwrap();
    child.wait().unwrap();
}
