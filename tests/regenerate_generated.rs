//! The slow gate for `regenerate` (`cargo regenerated`): what is called clean builds and passes its tests. Projects with
//! their owners' edits, of each option, brought to the second generation of the templates; and brought to other options.

mod support;

use std::{
    fs,
    panic::catch_unwind,
    path::{Path, PathBuf},
    process::Command,
    time::Instant,
};

use support::{
    CASES,
    owner::{Project, later},
    snapshots,
};

/// From one option to another. Those that take long to build are only checked: without edits they are what a new project
/// is, byte for byte, and that is built elsewhere.
const SWITCHES: [(&str, &str, &[&str]); 3] = [
    ("jwt", "google", CHECK),
    ("github", "custom-api-keys", TEST),
    ("proxy", "jwt", TEST),
];
/// To the newer templates. The others share nearly all that was changed there with one of these.
const TESTED: [&str; 3] = ["custom-api-keys", "github", "jwt"];
const TEST: &[&str] = &["test", "--quiet"];
const CHECK: &[&str] = &["check", "--quiet", "--all-targets"];

/// What the owner wrote.
const WEATHER: &str = r#"//! Mine.

use smallvec::SmallVec;

pub fn forecast(place: &str) -> String {
    let words: SmallVec<[&str; 3]> = SmallVec::from_slice(&[place, "has", "rain"]);
    words.join(" ")
}

#[cfg(test)]
mod tests {
    #[test]
    fn it_rains() {
        assert_eq!(super::forecast("Rome"), "Rome has rain");
    }
}
"#;

#[test]
#[ignore = "minutes: builds projects"]
fn what_is_called_clean_builds_and_passes_its_tests() {
    let start = Instant::now();
    let switches = SWITCHES
        .iter()
        .map(|(from, to, cargo)| (*from, Some(*to), *cargo));
    let renewals = CASES.iter().map(|(case, _)| {
        let cargo = if TESTED.contains(case) { TEST } else { CHECK };
        (*case, None, cargo)
    });
    let only = std::env::var("CASE").ok();
    let mut failed = Vec::new();
    for (from, to, cargo) in renewals.chain(switches) {
        let name = format!("{from}-to-{}", to.unwrap_or("next"));
        if only.as_ref().is_some_and(|only| *only != name) {
            continue;
        }
        let begun = Instant::now();
        let passed = catch_unwind(|| goes_through(&name, from, to, cargo)).is_ok();
        let word = if passed { "ok" } else { "FAILED" };
        println!("{word} {name}: {:.1} s", begun.elapsed().as_secs_f32());
        failed.extend((!passed).then_some(name));
    }
    println!("all: {:.0} s", start.elapsed().as_secs_f32());
    assert_eq!(failed, [""; 0], "CASE=... tries one alone");
}

fn goes_through(name: &str, from: &str, to: Option<&str>, cargo: &[&str]) {
    let project = Project::new(name, flags(from));
    edit(&project);
    match to {
        None => project.renew(&[]).succeeds(),
        Some(to) => project.regenerate(&later(flags(to))).succeeds(),
    };
    let main = project.read("src/main.rs");
    assert!(main.contains("mod weather;") && main.contains("who else listens there?"));
    let lock = snapshots().join(to.unwrap_or(from)).join("Cargo.lock");
    fs::copy(lock, project.path("Cargo.lock")).unwrap();
    let mut command = Command::new(env!("CARGO"));
    command.args(cargo).current_dir(project.path(""));
    command.env("CARGO_TARGET_DIR", target_dir());
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    let tests = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{name}: {said}\n{tests}");
    assert!(!said.contains("warning:"), "{name}: {said}");
}

/// Far from what the templates change: a call, a module, a dependency, a version, another word.
fn edit(project: &Project) {
    let answer = "format!(\"Processed: {}\", input.data)";
    let log = "tracing::debug!(\"{}\", crate::weather::forecast(&input.data));\n        ";
    project.edit("src/tools.rs", answer, &format!("{log}{answer}"));
    project.edit("src/main.rs", "mod tools;\n", "mod tools;\nmod weather;\n");
    project.edit(
        "src/main.rs",
        "set BIND_ADDR to a free address",
        "who else listens there?",
    );
    project.edit("Cargo.toml", "version = \"0.1.0\"", "version = \"0.2.0\"");
    project.edit(
        "Cargo.toml",
        "tracing = \"0.1\"\n",
        "smallvec = \"1\" # words\ntracing = \"0.1\"\n",
    );
    project.write("src/weather.rs", WEATHER);
}

fn flags(case: &str) -> &'static [&'static str] {
    let found = CASES.iter().find(|(name, _)| *name == case);
    found.unwrap_or_else(|| panic!("no case {case}")).1
}

/// The same as that of the snapshots: they share nearly every dependency.
fn target_dir() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("generated-target")
}
