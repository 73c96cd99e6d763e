//! Regenerations beside each other, with nobody who listens, and asked to end: the old tree or the new one.
#![cfg(unix)]

mod support;

use std::{
    process::{Command, Stdio},
    thread,
    time::Duration,
};

use support::{Ran, regenerate::Trial};

#[test]
fn several_runs_at_once_give_one_regeneration() {
    let trial = Trial::new("several");
    let after = trial.after();
    for _ in 0..5 {
        let runs = [(); 4].map(|()| {
            let mut command = trial.command();
            command.stdout(Stdio::null()).stderr(Stdio::piped());
            command.spawn().unwrap()
        });
        let mut succeeded = 0;
        for run in runs {
            let ran = Ran::of(&run.wait_with_output().unwrap());
            match ran.code {
                Some(0) => succeeded += 1,
                // it had looked before the first one wrote, and git after that
                Some(4) => assert!(ran.stderr.contains("not committed"), "{ran:?}"),
                _ => _ = ran.fails(1, &["error: "]),
            }
        }
        assert!(succeeded > 0);
        trial.is(&after);
        trial.is_taken_back();
    }
}

#[test]
fn nobody_has_to_read_what_it_says() {
    let trial = Trial::new("closed");
    let after = trial.after();
    let scripts = [
        "exec \"$@\" >&-",
        "exec \"$@\" >&- 2>&-",
        "exec \"$@\" --json >&-",
        "{ \"$@\" 2>&1; echo $? >&3; } 3>code | true; exit $(cat code)",
        "{ \"$@\" --json; echo $? >&3; } 3>code | true; exit $(cat code)",
    ];
    for script in scripts {
        let ran = Ran::of(&trial.by_shell(script).output().unwrap());
        assert_eq!(ran.code, Some(0), "{script}: {ran:?}");
        assert!(!ran.stderr.contains("panicked"), "{script}: {ran:?}");
        trial.is(&after);
        trial.is_taken_back();
    }
    for flags in ["--dry-run --diff", "--dry-run --json", "--check"] {
        let script = format!("\"$@\" {flags} | true");
        let ran = Ran::of(&trial.by_shell(&script).output().unwrap());
        assert!(!ran.stderr.contains("panicked"), "{flags}: {ran:?}");
        trial.is_as_before();
    }
}

#[test]
fn whoever_asks_it_to_end_gets_the_old_tree_or_the_new_one() {
    let trial = Trial::new("ended");
    let after = trial.after();
    let mut interrupted = 0;
    for round in 0..20 {
        let mut run = trial
            .command()
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        while !trial.path(".mcp-auth-edit").exists() && run.try_wait().unwrap().is_none() {
            thread::sleep(Duration::from_micros(200));
        }
        thread::sleep(Duration::from_millis(round));
        let signal = if round % 2 == 0 { "-INT" } else { "-TERM" };
        let _ = Command::new("kill")
            .args([signal, &run.id().to_string()])
            .stderr(Stdio::null())
            .status();
        let ran = Ran::of(&run.wait_with_output().unwrap());
        match ran.code {
            Some(0) => {
                trial.is(&after);
                trial.abort().succeeds();
            }
            // before it began to write, or when all was written
            None if trial.state() == after => _ = trial.abort().succeeds(),
            None => {}
            Some(_) => {
                ran.fails(130, &["interrupted", "put back"]);
                interrupted += 1;
            }
        }
        trial.is_as_before();
    }
    assert!(interrupted > 0, "never interrupted at work");
}

#[test]
fn each_command_takes_back_its_own_deeds_only() {
    let trial = Trial::new("deeds");
    trial.renew(&[]).succeeds();
    let after = trial.state();
    let said = [
        "the last edit here is no addition: it is a regeneration",
        "mcp-auth regenerate weather --abort",
    ];
    let undo = ["add", "weather", "--undo", "--yes"];
    trial.sandbox.run(undo).fails(1, &said);
    trial.is(&after);
    trial.is_taken_back();
    trial
        .abort()
        .fails(1, &["there is no regeneration to take back"]);
}
