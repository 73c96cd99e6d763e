//! `mcp-auth add` and the compiler: before and after, failing, interrupted and killed. A stand-in for cargo, which
//! checks nothing, makes each of them happen at once.
#![cfg(unix)]

#[path = "support/existing.rs"]
mod existing;
mod support;

use std::{
    collections::BTreeMap,
    env, fs,
    os::unix::fs::PermissionsExt,
    path::PathBuf,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use existing::{server, state, undo};
use support::{Ran, Sandbox};

/// Counts its checks, changes `Cargo.lock` each time, and does at check number $AT what $HOW says.
const CARGO: &str = r##"#!/bin/sh
[ "$1" = check ] || exec "$REAL_CARGO" "$@"
echo "$@" >> "$LOG"
number=$(wc -l < "$LOG")
echo "# by check $number" > Cargo.lock
[ "$number" -eq "$AT" ] || exit 0
case "$HOW" in
hang) exec sleep 60 ;;
warn) level=warning file=src/auth.rs code=0 ;;
fail) level=error file=src/main.rs code=101 ;;
esac
printf '{"reason":"compiler-message","package_id":"path+file:///x#x@0.1.0","manifest_path":"/x/Cargo.toml","target":{"kind":["bin"],"crate_types":["bin"],"name":"x","src_path":"/x/src/main.rs","edition":"2024","doc":true,"doctest":false,"test":true},"message":{"rendered":"%s: these are the words","message":"words","code":null,"level":"%s","spans":[{"file_name":"%s","byte_start":0,"byte_end":1,"line_start":1,"line_end":1,"column_start":1,"column_end":2,"is_primary":true,"text":[],"label":null,"suggested_replacement":null,"suggestion_applicability":null,"expansion":null}],"children":[]}}\n' "$level" "$level" "$file"
exit "$code"
"##;

struct Trial {
    sandbox: Sandbox,
    before: BTreeMap<PathBuf, (u32, Vec<u8>)>,
}

impl Trial {
    fn new(name: &str, lock: Option<&str>) -> Self {
        let sandbox = Sandbox::new(name);
        server(&sandbox, "dice");
        if let Some(lock) = lock {
            sandbox.write("dice/Cargo.lock", lock);
        }
        sandbox.write("bin/cargo", CARGO);
        fs::set_permissions(sandbox.path("bin/cargo"), fs::Permissions::from_mode(0o755)).unwrap();
        let before = state(&sandbox.path("dice"));
        Self { sandbox, before }
    }

    fn command(&self, at: u32, how: &str) -> Command {
        let _ = fs::remove_file(self.log());
        let path = format!(
            "{}:{}",
            self.sandbox.path("bin").display(),
            env::var("PATH").unwrap()
        );
        let mut command = self.sandbox.command();
        command
            .args(["add", "dice", "--auth", "jwt", "--yes"])
            .env("PATH", path)
            .env("REAL_CARGO", env::var("CARGO").unwrap())
            .env("LOG", self.log())
            .env("AT", at.to_string())
            .env("HOW", how);
        command
    }

    fn log(&self) -> PathBuf {
        self.sandbox.path("log")
    }

    fn run(&self, at: u32, how: &str) -> Ran {
        Ran::of(&self.command(at, how).output().unwrap())
    }

    /// Starts it, and waits until it hangs in its check number `at`.
    fn hanging(&self, at: u32) -> Child {
        let mut command = self.command(at, "hang");
        let child = command
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let since = Instant::now();
        let checks = || {
            fs::read_to_string(self.log())
                .unwrap_or_default()
                .lines()
                .count()
        };
        let lock = || fs::read_to_string(self.sandbox.path("dice/Cargo.lock")).unwrap_or_default();
        while checks() < at as usize || !lock().contains(&format!("check {at}")) {
            assert!(
                since.elapsed() < Duration::from_secs(60),
                "it never came to check {at}"
            );
            thread::sleep(Duration::from_millis(5));
        }
        child
    }

    #[track_caller]
    fn is_as_before(&self) {
        assert_eq!(state(&self.sandbox.path("dice")), self.before);
    }
}

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
                "put back",
            ],
        );
        trial.is_as_before();
    }
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
            Ran::of(&child.wait_with_output().unwrap()).fails(130, &["everything is as it was"]);
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
