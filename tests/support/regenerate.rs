//! Projects that were made a while ago and are regenerated: with newer templates, or with another option.

use std::{
    collections::BTreeMap,
    path::PathBuf,
    process::{Command, Stdio},
};

#[allow(unused_imports, reason = "each test binary uses its own part")]
pub use super::existing::{commit, git, state};
use super::{Ran, Sandbox, generate, generations};

/// Makes a project of an option in this folder of the sandbox, with everything in it committed.
pub fn project(sandbox: &Sandbox, folder: &str, flags: &[&str]) {
    generate(sandbox, folder, flags);
    commit(sandbox, folder);
}

/// Without questions and without the compiler, with further flags.
pub fn regenerate(sandbox: &Sandbox, folder: &str, more: &[&str]) -> Ran {
    sandbox.run(words(folder).iter().chain(more))
}

pub fn words(folder: &str) -> [&str; 4] {
    ["regenerate", folder, "--yes", "--no-check"]
}

/// With the second generation of the templates.
pub fn renew(sandbox: &Sandbox, folder: &str, more: &[&str]) -> Ran {
    let templates = generations::next_folder();
    let flags = ["--templates", &templates];
    regenerate(sandbox, folder, &[&flags, more].concat())
}

/// Takes the last regeneration back.
pub fn abort(sandbox: &Sandbox, folder: &str) -> Ran {
    sandbox.run(["regenerate", folder, "--abort", "--yes"])
}

type State = BTreeMap<PathBuf, (u32, Vec<u8>)>;

/// The project `weather`, which newer templates change.
pub struct Trial {
    pub sandbox: Sandbox,
    pub before: State,
}

impl Trial {
    pub fn new(name: &str) -> Self {
        let sandbox = Sandbox::new(name);
        project(&sandbox, "weather", &["--auth", "jwt"]);
        let before = state(&sandbox.path("weather"));
        Self { sandbox, before }
    }

    pub fn path(&self, inner: &str) -> PathBuf {
        self.sandbox.path("weather").join(inner)
    }

    pub fn state(&self) -> State {
        state(&self.sandbox.path("weather"))
    }

    pub fn renew(&self, more: &[&str]) -> Ran {
        renew(&self.sandbox, "weather", more)
    }

    pub fn abort(&self) -> Ran {
        abort(&self.sandbox, "weather")
    }

    /// The regeneration, not started yet.
    pub fn command(&self) -> Command {
        self.given_to(self.sandbox.command())
    }

    /// The regeneration is `"$@"` in the script.
    pub fn by_shell(&self, script: &str) -> Command {
        let mut shell = Command::new("sh");
        shell.current_dir(self.sandbox.path(""));
        shell.stdin(Stdio::null()).args(["-c", script, "sh"]);
        shell.arg(self.sandbox.command().get_program());
        self.given_to(shell)
    }

    fn given_to(&self, mut command: Command) -> Command {
        let templates = generations::next_folder();
        command.args(words("weather"));
        command.args(["--templates", &templates]);
        command
    }

    /// What the regeneration makes of it; it is taken back again.
    pub fn after(&self) -> State {
        self.renew(&[]).succeeds();
        let after = self.state();
        self.is_taken_back();
        after
    }

    #[track_caller]
    pub fn is_taken_back(&self) {
        self.abort().succeeds();
        self.is_as_before();
    }

    #[track_caller]
    pub fn is_as_before(&self) {
        self.is(&self.before);
    }

    #[track_caller]
    pub fn is(&self, expected: &State) {
        let now = self.state();
        let paths = expected.keys().chain(now.keys());
        let differing: Vec<_> = paths
            .filter(|path| expected.get(*path) != now.get(*path))
            .collect();
        assert!(differing.is_empty(), "{differing:?}");
    }
}
