//! Killed at any moment, an addition or its undoing leaves, after the next run, the old tree or the new one.
#![cfg(unix)]

mod support;

use std::{
    collections::BTreeMap,
    fs,
    hash::{BuildHasher, Hasher, RandomState},
    path::PathBuf,
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use support::existing::{self, add, server, state, words};
use support::{Ran, Sandbox};

const KILLS: u32 = 24;

type State = BTreeMap<PathBuf, (u32, Vec<u8>)>;

fn quiet(sandbox: &Sandbox, args: &[&str]) -> Command {
    let mut command = sandbox.command();
    command
        .args(args)
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command
}

/// How long it takes here.
fn time(mut command: Command) -> Duration {
    let start = Instant::now();
    assert!(command.status().unwrap().success());
    start.elapsed()
}

fn killed_after(mut command: Command, delay: Duration) {
    let mut child = command.spawn().unwrap();
    thread::sleep(delay);
    child.kill().unwrap();
    child.wait().unwrap();
}

/// Random delays from nothing to a little more than a whole run, some in each part of it.
fn delays(whole: Duration) -> impl Iterator<Item = Duration> {
    (0..KILLS).map(move |step| {
        let random = RandomState::new().build_hasher().finish() % 1000;
        let part = f64::from(step) + random as f64 / 1000.0;
        whole.mul_f64(1.1 * part / f64::from(KILLS))
    })
}

/// Any run that may write puts things right; this one refuses afterwards.
fn next_run(sandbox: &Sandbox) -> bool {
    let ran = sandbox.run(["new", "dice", "--auth", "jwt", "--yes"]);
    let undone = ran.stderr.contains("interrupted run");
    ran.fails(1, &["not empty"]);
    undone
}

/// Kills `args` again and again: each time the tree is one of the two afterwards. `fresh` makes the first of them.
fn kill_again_and_again(
    sandbox: &Sandbox,
    args: &[&str],
    (old, new): (&State, &State),
    fresh: impl Fn(),
) {
    fresh();
    let whole = time(quiet(sandbox, args));
    let (mut put_right, mut olds) = (0, 0);
    for delay in delays(whole) {
        fresh();
        killed_after(quiet(sandbox, args), delay);
        put_right += usize::from(next_run(sandbox));
        let found = state(&sandbox.path("dice"));
        olds += usize::from(found == *old);
        assert!(
            found == *old || found == *new,
            "neither the old tree nor the new one: {:?}",
            found.keys()
        );
    }
    assert!(
        put_right > 0,
        "never killed at work: the test proves nothing"
    );
    assert!(olds > 0, "never killed early: the test proves nothing");
}

#[test]
fn an_addition_is_there_as_a_whole_or_not_at_all() {
    let sandbox = Sandbox::new("add");
    let fresh = || {
        let _ = fs::remove_dir_all(sandbox.path("dice"));
        server(&sandbox, "dice");
    };
    fresh();
    let old = state(&sandbox.path("dice"));
    add(&sandbox, "dice", &[]).succeeds();
    let new = state(&sandbox.path("dice"));
    kill_again_and_again(&sandbox, &words("dice"), (&old, &new), fresh);
}

#[test]
fn it_is_taken_back_as_a_whole_or_not_at_all() {
    let sandbox = Sandbox::new("undo");
    let fresh = || {
        let _ = fs::remove_dir_all(sandbox.path("dice"));
        server(&sandbox, "dice");
        add(&sandbox, "dice", &[]).succeeds();
    };
    fresh();
    let added = state(&sandbox.path("dice"));
    existing::undo(&sandbox, "dice").succeeds();
    let back = state(&sandbox.path("dice"));
    let args = ["add", "dice", "--undo", "--yes"];
    kill_again_and_again(&sandbox, &args, (&added, &back), fresh);
}

#[test]
fn a_full_disk_changes_nothing() {
    let sandbox = Sandbox::new("full");
    server(&sandbox, "dice");
    let before = state(&sandbox.path("dice"));
    let script = "trap '' XFSZ; ulimit -f 8; exec \"$@\"";
    let output = Command::new("sh")
        .args(["-c", script, "sh", env!("CARGO_BIN_EXE_mcp-auth")])
        .args(words("dice"))
        .current_dir(sandbox.path(""))
        .output()
        .unwrap();
    Ran::of(&output).fails(1, &["cannot write"]);
    assert_eq!(state(&sandbox.path("dice")), before);
}

#[test]
fn two_runs_at_once_give_one_addition() {
    let sandbox = Sandbox::new("two");
    server(&sandbox, "dice");
    add(&sandbox, "dice", &[]).succeeds();
    let added = state(&sandbox.path("dice"));
    for _ in 0..3 {
        fs::remove_dir_all(sandbox.path("dice")).unwrap();
        server(&sandbox, "dice");
        let runs: Vec<_> = (0..4)
            .map(|_| quiet(&sandbox, &words("dice")).spawn().unwrap())
            .collect();
        let codes: Vec<_> = runs
            .into_iter()
            .map(|mut run| run.wait().unwrap().code())
            .collect();
        assert!(codes.contains(&Some(0)), "{codes:?}");
        let now = state(&sandbox.path("dice"));
        let paths = added.keys().chain(now.keys());
        let differing: Vec<_> = paths
            .filter(|path| added.get(*path) != now.get(*path))
            .collect();
        assert!(differing.is_empty(), "{codes:?}: {differing:?}");
    }
}
