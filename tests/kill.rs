//! Killed at any moment, a run leaves no project or a whole one, and the next run leaves no litter.
#![cfg(unix)]

mod support;

use std::{
    fs,
    hash::{BuildHasher, Hasher, RandomState},
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use support::{Ran, Sandbox, Tree, differences, tree};

const KILLS: u32 = 24;

fn new(sandbox: &Sandbox, name: &str, force: bool) -> Command {
    let mut command = sandbox.command();
    command.args([
        "new",
        name,
        "--auth",
        "jwt",
        "--name",
        "weather",
        "--yes",
        "--without",
        "git",
    ]);
    command
        .args(force.then_some("--force"))
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command
}

/// Kills the command once it has had a part of the time that it needs.
fn killed_after(mut command: Command, delay: Duration) {
    let mut child = command.spawn().unwrap();
    thread::sleep(delay);
    child.kill().unwrap();
    child.wait().unwrap();
}

/// How long a whole run takes here, and what it gives.
fn whole(name: &str) -> (Duration, Tree) {
    let sandbox = Sandbox::new(name);
    let start = Instant::now();
    let status = new(&sandbox, "weather", false).status().unwrap();
    assert!(status.success());
    (start.elapsed(), tree(&sandbox.path("weather")))
}

/// Random delays from nothing to a little more than a whole run, some in each part of it.
fn delays(whole: Duration) -> impl Iterator<Item = Duration> {
    (0..KILLS).map(move |step| {
        let random = RandomState::new().build_hasher().finish() % 1000;
        let part = f64::from(step) + random as f64 / 1000.0;
        whole.mul_f64(1.25 * part / f64::from(KILLS))
    })
}

#[test]
fn a_new_project_is_there_as_a_whole_or_not_at_all() {
    let (time, expected) = whole("whole");
    let sandbox = Sandbox::new("new");
    let (mut none, mut all) = (0, 0);
    for delay in delays(time) {
        killed_after(new(&sandbox, "deep/er/weather", false), delay);
        match sandbox.path("deep").exists() {
            false => none += 1,
            true => {
                all += 1;
                assert_eq!(
                    differences(&expected, &tree(&sandbox.path("deep/er/weather"))),
                    [""; 0]
                );
                fs::remove_dir_all(sandbox.path("deep")).unwrap();
            }
        }
    }
    assert!(none > 0, "never killed early: the test proves nothing");
    let ran = Ran::of(
        &new(&sandbox, "weather", false)
            .stderr(Stdio::piped())
            .output()
            .unwrap(),
    )
    .succeeds();
    assert_eq!(
        sandbox.names(),
        ["weather"],
        "litter after {none} kills before and {all} after: {}",
        ran.stderr
    );
}

#[test]
fn an_empty_folder_stays_empty_or_becomes_a_whole_project() {
    let (time, expected) = whole("whole-empty");
    let sandbox = Sandbox::new("empty");
    for delay in delays(time) {
        fs::create_dir(sandbox.path("weather")).unwrap();
        killed_after(new(&sandbox, "weather", false), delay);
        let found = tree(&sandbox.path("weather"));
        assert!(
            found.is_empty() || differences(&expected, &found).is_empty(),
            "{:?}",
            found.keys()
        );
        fs::remove_dir_all(sandbox.path("weather")).unwrap();
    }
    new(&sandbox, "weather", false).status().unwrap();
    assert_eq!(sandbox.names(), ["weather"]);
}

#[test]
fn replaced_files_are_put_back_or_all_replaced_by_the_next_run() {
    let (time, expected) = whole("whole-force");
    let sandbox = Sandbox::new("force");
    let mut undone = 0;
    for delay in delays(time * 2) {
        let before = occupied(&sandbox);
        killed_after(new(&sandbox, "weather", true), delay);
        // a run that refuses afterwards has only put things right
        let next = new(&sandbox, "weather", false)
            .stderr(Stdio::piped())
            .output()
            .unwrap();
        let next = Ran {
            code: next.status.code(),
            stdout: String::new(),
            stderr: String::from_utf8(next.stderr).unwrap(),
        };
        undone += usize::from(next.stderr.contains("interrupted run"));
        next.fails(1, &["not empty"]);
        let found = tree(&sandbox.path("weather"));
        let mut replaced = expected.clone();
        replaced.insert("notes.txt".into(), b"mine".to_vec());
        assert!(
            found == before || found == replaced,
            "{:?}",
            differences(&before, &found)
        );
        assert_eq!(sandbox.names(), ["weather"]);
        fs::remove_dir_all(sandbox.path("weather")).unwrap();
    }
    assert!(
        undone > 0,
        "never killed while writing: the test proves nothing"
    );
}

/// Two files of the project, one of them changed, and one that is none of its business.
fn occupied(sandbox: &Sandbox) -> Tree {
    sandbox.write("weather/notes.txt", "mine");
    sandbox.write("weather/src/main.rs", "fn main() {}\n");
    sandbox.write("weather/.gitignore", "/mine\n");
    tree(&sandbox.path("weather"))
}

/// Writing a file beyond 4 KiB fails, as it does on a disk that is full.
fn with_a_full_disk(sandbox: &Sandbox, more: &[&str]) -> Ran {
    let script = "trap '' XFSZ; ulimit -f 8; exec \"$@\"";
    let mut command = Command::new("sh");
    command.args([
        "-c",
        script,
        "sh",
        env!("CARGO_BIN_EXE_mcp-auth"),
        "new",
        "weather",
        "--auth",
        "jwt",
        "--yes",
    ]);
    Ran::of(
        &command
            .args(more)
            .current_dir(sandbox.path(""))
            .output()
            .unwrap(),
    )
}

#[test]
fn a_full_disk_leaves_nothing_new_and_nothing_changed() {
    let sandbox = Sandbox::new("full");
    with_a_full_disk(&sandbox, &[]).fails(1, &["cannot write", "too large"]);
    assert_eq!(sandbox.names(), [""; 0]);
    let before = occupied(&sandbox);
    with_a_full_disk(&sandbox, &["--force"]).fails(1, &["cannot write"]);
    assert_eq!(tree(&sandbox.path("weather")), before);
    assert!(!sandbox.path("weather/.mcp-auth-edit").exists());
}

#[test]
fn only_the_dead_leftovers_of_mcp_auth_are_swept() {
    let sandbox = Sandbox::new("sweep");
    sandbox.write("mine/tree/notes.txt", "mine");
    sandbox.write("mine/lock", "");
    std::os::unix::fs::symlink("mine", sandbox.path(".mcp-auth-new-1-0")).unwrap();
    sandbox.write(".mcp-auth-new-alive-0/lock", "");
    sandbox.write(".mcp-auth-new-2-0/lock", "");
    sandbox.write(".mcp-auth-new-3-0/tree/half", "");
    sandbox.write(".mcp-auth-new-3-0/lock", "");
    let living = fs::File::open(sandbox.path(".mcp-auth-new-2-0/lock")).unwrap();
    living.lock().unwrap();
    let ran = Ran::of(
        &new(&sandbox, "weather", false)
            .stderr(Stdio::piped())
            .output()
            .unwrap(),
    );
    assert!(ran.succeeds().stderr.contains("interrupted run had left"));
    let left = [
        ".mcp-auth-new-1-0",
        ".mcp-auth-new-2-0",
        ".mcp-auth-new-alive-0",
        "mine",
        "weather",
    ];
    assert_eq!(sandbox.names(), left);
    assert_eq!(sandbox.read("mine/tree/notes.txt"), "mine");
}

#[test]
fn two_runs_at_once_give_one_project_and_one_refusal() {
    let sandbox = Sandbox::new("two");
    for _ in 0..5 {
        let runs: Vec<_> = (0..4)
            .map(|_| new(&sandbox, "weather", false).spawn().unwrap())
            .collect();
        let codes: Vec<_> = runs
            .into_iter()
            .map(|mut run| run.wait().unwrap().code())
            .collect();
        assert_eq!(
            codes.iter().filter(|code| **code == Some(0)).count(),
            1,
            "{codes:?}"
        );
        assert_eq!(sandbox.names(), ["weather"]);
        fs::remove_dir_all(sandbox.path("weather")).unwrap();
    }
}
