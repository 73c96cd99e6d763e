//! The binary, run in a folder of its own; and trees of files that can be compared.
#![allow(dead_code, reason = "each test binary uses its own part")]

pub mod add;
pub mod added;
pub mod adoption;
pub mod cases;
pub mod conflict;
pub mod edits;
pub mod existing;
pub mod generations;
pub mod kill;
pub mod owner;
pub mod place;
pub mod random;
pub mod regenerate;
pub mod server;
pub mod states;
pub mod subjects;
pub mod templates;

use std::{
    collections::{BTreeMap, BTreeSet},
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    sync::atomic::{AtomicUsize, Ordering},
};

use walkdir::WalkDir;

/// The snapshots: folder, and what to type for it.
pub const CASES: &[(&str, &[&str])] = &[
    (
        "custom-api-keys",
        &["--auth", "custom", "--preset", "api-keys"],
    ),
    (
        "custom-introspection",
        &["--auth", "custom", "--preset", "introspection"],
    ),
    ("github", &["--auth", "github"]),
    ("google", &["--auth", "google"]),
    ("jwt", &["--auth", "jwt"]),
    ("proxy", &["--auth", "proxy"]),
];

/// The other answers are the defaults, but for `git`, which is no file.
pub fn generate(sandbox: &Sandbox, name: &str, flags: &[&str]) -> PathBuf {
    let fixed = ["new", name, "--yes", "--without", "git"];
    sandbox.run(fixed.iter().chain(flags)).succeeds();
    sandbox.path(name)
}

/// The project `weather` without questions.
pub const YES: [&str; 7] = [
    "new",
    "weather",
    "--auth",
    "jwt",
    "--without",
    "git",
    "--yes",
];

/// Makes the project `weather`, with further flags.
pub fn new(sandbox: &Sandbox, more: &[&str]) -> Ran {
    sandbox.run(YES.iter().chain(more))
}

pub fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

pub fn snapshots() -> PathBuf {
    repository().join("snapshots")
}

/// An empty folder, fresh in each run of the tests.
pub struct Sandbox {
    root: PathBuf,
}

impl Sandbox {
    pub fn new(name: &str) -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let binary = std::env::current_exe().unwrap();
        let binary = binary.file_stem().unwrap().to_string_lossy().into_owned();
        let root = Path::new(env!("CARGO_TARGET_TMPDIR"))
            .join(binary)
            .join(format!("{name}-{number}"));
        let _ = fs::remove_dir_all(&root);
        fs::create_dir_all(&root).unwrap();
        Self {
            root: root.canonicalize().unwrap(),
        }
    }

    pub fn path(&self, inner: impl AsRef<Path>) -> PathBuf {
        self.root.join(inner)
    }

    pub fn write(&self, inner: &str, text: &str) {
        let path = self.path(inner);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub fn read(&self, inner: &str) -> String {
        fs::read_to_string(self.path(inner)).unwrap()
    }

    /// The names in the folder, hidden ones too.
    pub fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.root).unwrap();
        let mut names: Vec<String> = entries
            .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    /// `mcp-auth` in this folder, without a terminal and with an environment that says nothing.
    pub fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_mcp-auth"));
        command.current_dir(&self.root).stdin(Stdio::null());
        for variable in ["CI", "NO_COLOR", "CLICOLOR_FORCE", "GIT_DIR"] {
            command.env_remove(variable);
        }
        command
    }

    pub fn run<S: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = S>) -> Ran {
        let output = self.command().args(args).output().unwrap();
        Ran::of(&output)
    }
}

#[derive(Debug)]
pub struct Ran {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Ran {
    pub fn of(output: &Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        Self {
            code: output.status.code(),
            stdout: text(&output.stdout),
            stderr: text(&output.stderr),
        }
    }

    #[track_caller]
    pub fn succeeds(self) -> Self {
        assert_eq!(self.code, Some(0), "{self:#?}");
        self
    }

    /// Ends with this code, and says all of this on standard error.
    #[track_caller]
    pub fn fails(self, code: i32, said: &[&str]) -> Self {
        assert_eq!(self.code, Some(code), "{self:#?}");
        assert_eq!(self.stdout, "", "a failure prints no result");
        for words in said {
            assert!(
                self.stderr.contains(words),
                "{words:?} is missing in:\n{}",
                self.stderr
            );
        }
        self
    }

    #[track_caller]
    pub fn json(&self) -> serde_json::Value {
        assert_eq!(self.stderr, "", "talk besides the document");
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|error| panic!("{error}: {}", self.stdout))
    }
}

pub type Tree = BTreeMap<String, Vec<u8>>;

/// All files below a folder, but for `Cargo.lock` and `target`, which cargo makes.
pub fn tree(root: &Path) -> Tree {
    let made_by_cargo = |entry: &walkdir::DirEntry| {
        entry.depth() == 1 && matches!(entry.file_name().to_str(), Some("Cargo.lock" | "target"))
    };
    let entries = WalkDir::new(root)
        .into_iter()
        .filter_entry(|entry| !made_by_cargo(entry))
        .map(Result::unwrap);
    let files = entries.filter(|entry| !entry.file_type().is_dir());
    files
        .map(|entry| {
            let path = entry
                .path()
                .strip_prefix(root)
                .unwrap()
                .to_str()
                .unwrap()
                .replace('\\', "/");
            (path, fs::read(entry.path()).unwrap())
        })
        .collect()
}

/// What differs between two trees, a line each; empty if nothing does.
pub fn differences(expected: &Tree, actual: &Tree) -> Vec<String> {
    let paths: BTreeSet<&String> = expected.keys().chain(actual.keys()).collect();
    paths
        .into_iter()
        .filter_map(|path| difference(path, expected.get(path), actual.get(path)))
        .collect()
}

fn difference(path: &str, expected: Option<&Vec<u8>>, actual: Option<&Vec<u8>>) -> Option<String> {
    match (expected, actual) {
        (Some(expected), Some(actual)) if expected == actual => None,
        (Some(expected), Some(actual)) => {
            Some(format!("{path}: {}", first_difference(expected, actual)))
        }
        (Some(_), None) => Some(format!("{path}: missing")),
        (None, _) => Some(format!("{path}: not expected")),
    }
}

fn first_difference(expected: &[u8], actual: &[u8]) -> String {
    let (expected, actual) = (
        String::from_utf8_lossy(expected),
        String::from_utf8_lossy(actual),
    );
    let pairs = expected.split('\n').zip(actual.split('\n')).enumerate();
    match pairs
        .into_iter()
        .find(|(_, (expected, actual))| expected != actual)
    {
        Some((at, (expected, actual))) => {
            format!("line {}\n    - {expected}\n    + {actual}", at + 1)
        }
        None => "one of them ends earlier".into(),
    }
}
