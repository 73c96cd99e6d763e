//! A conflict to come: the README has its owner's words where the templates will have others.

use super::{
    Ran, Sandbox, generate,
    regenerate::{commit, regenerate},
};

pub const README: &str = "weather/README.md";
/// In the README of every new project, on a line of its own.
pub const DESCRIBED: &str = "Weather: an MCP server with authentication";
pub const MINE: &str = "Sun, mostly";
pub const THEIRS: &str = "Rain and wind";
/// The answer that brings the conflict.
pub const NEW: [&str; 2] = ["--set", "description=Rain and wind"];
pub const MARKED: &str = "<<<<<<< yours\nSun, mostly\n=======\nRain and wind\n>>>>>>> templates\n";

/// The project `weather`, with everything committed.
pub fn conflict(name: &str) -> Sandbox {
    let sandbox = uncommitted(name);
    commit(&sandbox, "weather");
    sandbox
}

/// The same without a repository.
pub fn uncommitted(name: &str) -> Sandbox {
    let sandbox = Sandbox::new(name);
    generate(&sandbox, "weather", &["--auth", "jwt"]);
    described(&sandbox);
    sandbox
}

pub fn described(sandbox: &Sandbox) {
    edit(sandbox, README, DESCRIBED, MINE);
}

#[track_caller]
pub fn edit(sandbox: &Sandbox, path: &str, from: &str, to: &str) {
    let text = sandbox.read(path);
    assert!(text.contains(from), "{from}");
    sandbox.write(path, &text.replace(from, to));
}

/// Regenerates so that the conflict comes, with further flags.
pub fn renamed(sandbox: &Sandbox, more: &[&str]) -> Ran {
    regenerate(sandbox, "weather", &[&NEW, more].concat())
}
