//! What `mcp-auth add` starts, interrupted: nothing of it is left running. And commands that cannot be started.
#![cfg(target_os = "linux")]

mod support;

use std::{
    env, fs,
    net::TcpListener,
    os::unix::fs::PermissionsExt,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use support::existing::{add, server, state, words};
use support::{Ran, Sandbox};

/// A stand-in for cargo whose check starts a compiler that never ends, and whose run fails.
const CARGO: &str = r#"#!/bin/sh
[ "$1" = run ] && exit 1
[ "$1" = check ] || exec "$REAL_CARGO" "$@"
sleep 987654 &
echo $! > "$PID.new"
mv "$PID.new" "$PID"
wait
"#;

const MOMENT: Duration = Duration::from_millis(10);
const PATIENCE: Duration = Duration::from_secs(30);

fn until<T>(what: &str, mut found: impl FnMut() -> Option<T>) -> T {
    let since = Instant::now();
    loop {
        if let Some(found) = found() {
            return found;
        }
        assert!(since.elapsed() < PATIENCE, "in vain: {what}");
        thread::sleep(MOMENT);
    }
}

/// Starts it, waits for the program that writes its number to `pid`, and sends the signal: that program must end.
fn interrupted(sandbox: &Sandbox, mut command: Command, signal: &str) -> Ran {
    let file = sandbox.path("pid");
    let _ = fs::remove_file(&file);
    let child = command
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let pid = until("nothing was started", || fs::read_to_string(&file).ok());
    kill(&child, signal);
    let ran = Ran::of(&child.wait_with_output().unwrap());
    let stat = format!("/proc/{}/stat", pid.trim());
    until("it still runs", || {
        let state = fs::read_to_string(&stat).unwrap_or_default();
        (state.is_empty() || state.contains(") Z ")).then_some(())
    });
    ran
}

fn kill(child: &Child, signal: &str) {
    let mut kill = Command::new("kill");
    kill.args([format!("-{signal}"), child.id().to_string()]);
    assert!(kill.status().unwrap().success());
}

fn with_cargo(sandbox: &Sandbox) -> Command {
    sandbox.write("bin/cargo", CARGO);
    let executable = fs::Permissions::from_mode(0o755);
    fs::set_permissions(sandbox.path("bin/cargo"), executable).unwrap();
    let (bin, path) = (sandbox.path("bin"), env::var("PATH").unwrap());
    let mut command = sandbox.command();
    command
        .env("PATH", format!("{}:{path}", bin.display()))
        .env("REAL_CARGO", env::var("CARGO").unwrap())
        .env("PID", sandbox.path("pid"));
    command
}

fn nobody_listens_at() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}

#[test]
fn ctrl_c_while_the_server_is_tried_ends_it_and_the_addition_stays() {
    for signal in ["INT", "TERM"] {
        let sandbox = Sandbox::new(signal);
        server(&sandbox, "dice");
        let run = "sh -c 'echo $$ > ../pid.new; mv ../pid.new ../pid; exec sleep 987654'";
        let verify = || {
            let url = nobody_listens_at();
            let mut command = sandbox.command();
            command.args(words("dice"));
            command.args(["--verify", "--run", run, "--url", &url]);
            interrupted(&sandbox, command, signal)
        };
        verify().fails(
            130,
            &["asks its callers for authentication now", "interrupted"],
        );
        let added = state(&sandbox.path("dice"));
        verify().fails(130, &["has this authentication already", "interrupted"]);
        assert_eq!(state(&sandbox.path("dice")), added);
    }
}

#[test]
fn ctrl_c_during_a_check_ends_the_compiler_too() {
    for signal in ["INT", "TERM"] {
        let sandbox = Sandbox::new(signal);
        server(&sandbox, "dice");
        let mut command = with_cargo(&sandbox);
        command.args(["add", "dice", "--auth", "jwt", "--yes"]);
        interrupted(&sandbox, command, signal).fails(130, &["interrupted"]);
    }
}

#[test]
fn a_command_or_an_address_that_is_none_is_refused_before_anything_is_written() {
    let sandbox = Sandbox::new("usage");
    server(&sandbox, "dice");
    let before = state(&sandbox.path("dice"));
    for (flags, said) in [
        (["--run", "echo 'open"], "`echo 'open` is not a command"),
        (
            ["--url", "https://example.com"],
            "`https://example.com` is not an http address on this machine",
        ),
    ] {
        let flags = ["--verify", flags[0], flags[1]];
        add(&sandbox, "dice", &flags).fails(2, &[said]);
        assert_eq!(state(&sandbox.path("dice")), before);
    }
}

#[test]
fn what_the_server_needs_to_be_compiled_is_turned_on_the_second_time_too() {
    let sandbox = Sandbox::new("features");
    server(&sandbox, "dice");
    let manifest = sandbox.read("dice/Cargo.toml");
    let bin = "\n[features]\nweb = []\n\n[[bin]]\nname = \"dice\"\npath = \"src/main.rs\"\nrequired-features = [\"web\"]\n";
    sandbox.write("dice/Cargo.toml", &(manifest + bin));
    for _ in 0..2 {
        let mut command = with_cargo(&sandbox);
        command.args(words("dice"));
        command.args(["--verify", "--url", &nobody_listens_at()]);
        let ran = Ran::of(&command.output().unwrap());
        ran.fails(
            1,
            &["starting the server: cargo run -p dice --features web"],
        );
    }
}
