//! An addition with a stand-in for cargo, which checks nothing and does what a test wants to happen meanwhile.

use std::{
    collections::BTreeMap,
    env, fs,
    os::unix::fs::PermissionsExt,
    path::PathBuf,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use crate::{
    existing::{server, state},
    support::{Ran, Sandbox},
};

/// Counts its checks, changes `Cargo.lock` each time, and does at check number $AT what $HOW says.
const CARGO: &str = r##"#!/bin/sh
[ "$1" = check ] || exec "$REAL_CARGO" "$@"
echo "$@" >> "$LOG"
number=$(wc -l < "$LOG")
echo "# by check $number" > Cargo.lock
[ "$number" -eq "$AT" ] || exit 0
case "$HOW" in
save*) echo "// mine" >> src/main.rs ;;
make) mkdir -p src/auth && echo "// mine" > src/auth.rs ;;
esac
case "$HOW" in
hang) exec sleep 60 ;;
warn) level=warning file=src/auth.rs code=0 ;;
*fail) level=error file=src/main.rs code=101 ;;
*) exit 0 ;;
esac
printf '{"reason":"compiler-message","package_id":"path+file:///x#x@0.1.0","manifest_path":"/x/Cargo.toml","target":{"kind":["bin"],"crate_types":["bin"],"name":"x","src_path":"/x/src/main.rs","edition":"2024","doc":true,"doctest":false,"test":true},"message":{"rendered":"%s: these are the words","message":"words","code":null,"level":"%s","spans":[{"file_name":"%s","byte_start":0,"byte_end":1,"line_start":1,"line_end":1,"column_start":1,"column_end":2,"is_primary":true,"text":[],"label":null,"suggested_replacement":null,"suggestion_applicability":null,"expansion":null}],"children":[]}}\n' "$level" "$level" "$file"
exit "$code"
"##;

pub struct Trial {
    pub sandbox: Sandbox,
    pub before: BTreeMap<PathBuf, (u32, Vec<u8>)>,
}

impl Trial {
    pub fn new(name: &str, lock: Option<&str>) -> Self {
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

    pub fn command(&self, at: u32, how: &str) -> Command {
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

    pub fn log(&self) -> PathBuf {
        self.sandbox.path("log")
    }

    pub fn run(&self, at: u32, how: &str) -> Ran {
        Ran::of(&self.command(at, how).output().unwrap())
    }

    /// Starts it, and waits until it hangs in its check number `at`.
    pub fn hanging(&self, at: u32) -> Child {
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
    pub fn is_as_before(&self) {
        assert_eq!(state(&self.sandbox.path("dice")), self.before);
    }
}
