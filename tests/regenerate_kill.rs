//! Killed at any moment, a regeneration or its taking back leaves, after the next run, the old tree or the new one.
#![cfg(unix)]

mod support;

use std::{
    collections::BTreeMap,
    fs,
    ops::AddAssign,
    os::unix::fs::PermissionsExt,
    path::PathBuf,
    process::{Command, Stdio},
    thread,
};

use support::{
    Sandbox, generations,
    kill::{Pace, kill, pace},
    regenerate::{abort, project, state, words},
};

type State = BTreeMap<PathBuf, (u32, Vec<u8>)>;

/// A name, what the project was made with, what it is regenerated to, and how often that is killed.
type Case = (
    &'static str,
    &'static [&'static str],
    &'static [&'static str],
    u32,
);

const CASES: [Case; 2] = [
    ("newer", &["--auth", "jwt"], &[], 400),
    (
        "other",
        &["--auth", "github"],
        &["--auth", "custom", "--set", "preset=api-keys"],
        100,
    ),
];

#[test]
fn a_regeneration_is_there_as_a_whole_or_not_at_all() {
    let started = CASES.map(|(name, made, to, kills)| {
        thread::spawn(move || Project::new(name, made, to).is_killed(kills))
    });
    let mut hits = Hits::default();
    for case in started {
        hits += case.join().unwrap();
    }
    println!("{hits:?}");
    assert_eq!(hits.kills, 500);
    let enough = [
        ("at work", hits.at_work, 150),
        ("between the old tree and the new one", hits.torn, 50),
        ("while it was taken back", hits.backwards, 25),
        ("before or after its work", hits.kills - hits.at_work, 1),
    ];
    for (when, count, least) in enough {
        assert!(count >= least, "too few were killed {when}: {hits:?}");
    }
}

/// What the kills came upon.
#[derive(Debug, Default)]
struct Hits {
    kills: u32,
    at_work: u32,
    /// Some files were written or put back, and some were not.
    torn: u32,
    /// At work on taking it back.
    backwards: u32,
}

impl AddAssign for Hits {
    fn add_assign(&mut self, more: Self) {
        self.kills += more.kills;
        self.at_work += more.at_work;
        self.torn += more.torn;
        self.backwards += more.backwards;
    }
}

/// A project with work of its owner in it, which is regenerated and taken back by turns.
struct Project {
    sandbox: Sandbox,
    args: Vec<String>,
    old: State,
    new: State,
    forwards: Pace,
    backwards: Pace,
}

impl Project {
    fn new(name: &str, made: &[&str], to: &[&str]) -> Self {
        let sandbox = Sandbox::new(name);
        project(&sandbox, "weather", made);
        work_of_its_owner(&sandbox);
        let templates = generations::next_folder();
        let flags = [
            "--allow-dirty",
            "--conflict=mine",
            "--templates",
            &templates,
        ];
        let args = [&words("weather")[..], &flags, to].concat();
        let mut project = Self {
            args: args.into_iter().map(str::to_owned).collect(),
            old: state(&sandbox.path("weather")),
            new: State::new(),
            forwards: Pace::default(),
            backwards: Pace::default(),
            sandbox,
        };
        project.forwards = pace(project.regeneration(), &project.work());
        project.new = project.state();
        project.backwards = pace(project.taking_back(), &project.work());
        assert_ne!(project.new, project.old);
        assert_eq!(project.state(), project.old, "taken back");
        project
    }

    fn state(&self) -> State {
        state(&self.sandbox.path("weather"))
    }

    /// The folder of a run that is at work.
    fn work(&self) -> PathBuf {
        self.sandbox.path("weather/.mcp-auth-edit")
    }

    fn regeneration(&self) -> Command {
        self.quiet(self.args.iter().map(String::as_str))
    }

    fn taking_back(&self) -> Command {
        self.quiet(["regenerate", "weather", "--abort", "--yes"])
    }

    fn quiet<'a>(&self, args: impl IntoIterator<Item = &'a str>) -> Command {
        let mut command = self.sandbox.command();
        command.args(args);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        command
    }

    /// Each time the tree is one of the two afterwards.
    fn is_killed(&self, kills: u32) -> Hits {
        let mut hits = Hits::default();
        let mut is_new = false;
        for number in 0..kills {
            let (command, pace) = match is_new {
                false => (self.regeneration(), &self.forwards),
                true => (self.taking_back(), &self.backwards),
            };
            kill(command, pace, &self.work(), number);
            let hit = self.hit(is_new);
            let goes_on = number % 5 == 0;
            if goes_on {
                assert!(self.regeneration().status().unwrap().success());
            } else if hit.at_work > 0 {
                abort(&self.sandbox, "weather");
            }
            hits += hit;
            let found = self.state();
            is_new = found == self.new;
            assert!(
                is_new || found == self.old && !goes_on,
                "neither the old tree nor the new one after kill {number}: {:?}",
                differing(&self.old, &found)
            );
        }
        hits
    }

    fn hit(&self, was_new: bool) -> Hits {
        let at_work = self.work().exists();
        Hits {
            kills: 1,
            at_work: u32::from(at_work),
            torn: u32::from(at_work && self.is_torn()),
            backwards: u32::from(at_work && was_new),
        }
    }

    fn is_torn(&self) -> bool {
        let mut found = self.state();
        found.retain(|path, _| !path.starts_with(self.work()));
        found != self.old && found != self.new
    }
}

fn differing<'a>(one: &'a State, other: &'a State) -> Vec<&'a PathBuf> {
    let paths = one.keys().chain(other.keys());
    paths
        .filter(|path| one.get(*path) != other.get(*path))
        .collect()
}

/// A file that is merged and moves, one with other line ends, one with another mode, and one that nobody knows.
fn work_of_its_owner(sandbox: &Sandbox) {
    let append = |path: &str, text: &str| {
        let path = format!("weather/{path}");
        sandbox.write(&path, &format!("{}{text}", sandbox.read(&path)));
    };
    append("src/server.rs", "\n// mine\n");
    append("README.md", "\nMine.\n");
    let windows = sandbox
        .read("weather/src/auth/guard.rs")
        .replace('\n', "\r\n");
    sandbox.write("weather/src/auth/guard.rs", &windows);
    sandbox.write("weather/src/auth/tests/mine.rs", "// mine\n");
    for (path, mode) in [
        ("src/server.rs", 0o640),
        ("src/auth/tests/targets.rs", 0o600),
        ("src/auth/tests", 0o750),
    ] {
        let path = sandbox.path("weather").join(path);
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }
}
