//! Every change of a template has its line of intent in `templates/changes.toml`: `snapshots/templates.lock` holds the
//! templates as they were when the newest one was written, and a file that differs from it needs a newer one.

mod support;

use std::{
    collections::{BTreeMap, BTreeSet},
    env, fs,
};

use serde::Deserialize;
use sha2::{Digest, Sha256};
use support::{repository, snapshots, tree};

const LOCK: &str = "templates.lock";
const HEADER: &str = "\
# The templates when the newest change in templates/changes.toml was written: `revision` is its number.
# Written by: SNAPSHOTS=overwrite cargo test --test template_history
";

#[derive(Debug, Deserialize, PartialEq)]
struct Lock {
    revision: u32,
    files: BTreeMap<String, String>,
}

#[derive(Default, Deserialize)]
struct History {
    #[serde(default)]
    change: Vec<Change>,
}

#[derive(Clone, Default, Deserialize)]
struct Change {
    number: u32,
    date: String,
    intent: String,
    files: BTreeSet<String>,
    #[serde(default)]
    renamed: BTreeMap<String, String>,
}

#[test]
fn every_changed_template_has_a_line_of_intent() {
    let history = history();
    let now = Lock {
        revision: history.last().map_or(0, |change| change.number),
        files: hashes(),
    };
    let path = snapshots().join(LOCK);
    let locked: Lock = toml_edit::de::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
    let silent = silent(&locked, &now.files, &history);
    assert!(
        silent.is_empty(),
        "\nno change in templates/changes.toml with a number above {} names\n  {}\n",
        locked.revision,
        silent.join("\n  ")
    );
    if env::var("SNAPSHOTS").is_ok_and(|value| value == "overwrite") {
        assert!(env::var_os("CI").is_none(), "the lock is not written in CI");
        fs::write(&path, text(&now)).unwrap();
        return;
    }
    assert!(
        locked == now,
        "to accept: SNAPSHOTS=overwrite cargo test --test template_history"
    );
}

#[test]
fn the_history_is_in_order_and_each_line_of_intent_is_one_line() {
    for (change, number) in history().iter().zip(1..) {
        assert_eq!(change.number, number, "changes count up from 1");
        assert!(
            !change.intent.is_empty() && !change.intent.contains('\n'),
            "change {number} says why in one line"
        );
        let is_date = |(at, byte): (usize, u8)| match at {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        };
        let date = &change.date;
        assert!(
            date.len() == 10 && date.bytes().enumerate().all(is_date),
            "change {number} has a day such as 2026-12-01, not {date}"
        );
        assert!(!change.files.is_empty(), "change {number} names its files");
    }
}

#[test]
fn a_changed_a_new_and_a_removed_template_need_a_newer_line_that_names_them() {
    let files = |files: &[(&str, &str)]| -> BTreeMap<String, String> {
        let files = files.iter();
        files
            .map(|(path, hash)| ((*path).into(), (*hash).into()))
            .collect()
    };
    let locked = Lock {
        revision: 1,
        files: files(&[
            ("rust/base/README.md.tera", "1"),
            ("rust/server/deps.toml", "1"),
            ("rust/server/src/old.rs", "1"),
        ]),
    };
    let now = files(&[
        ("partials/call.md", "1"),
        ("rust/base/README.md.tera", "2"),
        ("rust/server/deps.toml", "2"),
    ]);
    let change = |number, files: &[&str]| Change {
        number,
        files: files.iter().map(|path| (*path).into()).collect(),
        ..Change::default()
    };
    let old = change(1, &["README.md", "Cargo.toml", "src/"]);
    assert_eq!(
        silent(&locked, &now, std::slice::from_ref(&old)),
        [
            "partials/call.md",
            "rust/base/README.md.tera (README.md)",
            "rust/server/deps.toml (Cargo.toml)",
            "rust/server/src/old.rs (src/old.rs)",
        ]
    );
    let new = change(2, &["README.md", "src/"]);
    assert_eq!(
        silent(&locked, &now, &[old.clone(), new]),
        ["rust/server/deps.toml (Cargo.toml)"]
    );
    let mut moved = change(2, &["README.md", "Cargo.toml"]);
    moved.renamed = BTreeMap::from([("src/old.rs".into(), "src/new.rs".into())]);
    assert_eq!(silent(&locked, &now, &[old, moved]), [""; 0]);
}

/// The templates that differ from the locked ones although no newer change names what they become.
fn silent(locked: &Lock, now: &BTreeMap<String, String>, history: &[Change]) -> Vec<String> {
    let newer = || {
        let newer = history.iter();
        newer.filter(|change| change.number > locked.revision)
    };
    let paths: BTreeSet<&String> = locked.files.keys().chain(now.keys()).collect();
    let changed = paths
        .into_iter()
        .filter(|path| locked.files.get(*path) != now.get(*path));
    let silent = changed.filter_map(|path| match output(path) {
        Some(output) if newer().any(|change| change.names(output)) => None,
        Some(output) => Some(format!("{path} ({output})")),
        // The catalog and the partials are in many files, which cannot be told from their names.
        None if newer().next().is_some() => None,
        None => Some(path.clone()),
    });
    silent.collect()
}

impl Change {
    fn names(&self, path: &str) -> bool {
        let is_inside =
            |folder: &String| folder.ends_with('/') && path.starts_with(folder.as_str());
        let renamed = self.renamed.iter().flat_map(|(from, to)| [from, to]);
        self.files.contains(path)
            || self.files.iter().any(is_inside)
            || renamed.into_iter().any(|renamed| renamed == path)
    }
}

/// The file of a project that a template becomes, if it is a single one.
fn output(template: &str) -> Option<&str> {
    let (_, inner) = template.strip_prefix("rust/")?.split_once('/')?;
    Some(match inner {
        "deps.toml" => "Cargo.toml",
        _ => inner.strip_suffix(".tera").unwrap_or(inner),
    })
}

fn history() -> Vec<Change> {
    let text = fs::read_to_string(repository().join("templates/changes.toml")).unwrap();
    toml_edit::de::from_str::<History>(&text).unwrap().change
}

/// Of every template but the history itself.
fn hashes() -> BTreeMap<String, String> {
    let mut templates = tree(&repository().join("templates"));
    templates.remove("changes.toml");
    let hashes = templates.into_iter().map(|(path, bytes)| {
        let hash = Sha256::digest(&bytes);
        (
            path,
            hash.iter().map(|byte| format!("{byte:02x}")).collect(),
        )
    });
    hashes.collect()
}

fn text(lock: &Lock) -> String {
    let files = lock.files.iter();
    let files: String = files
        .map(|(path, hash)| format!("\"{path}\" = \"{hash}\"\n"))
        .collect();
    format!("{HEADER}revision = {}\n\n[files]\n{files}", lock.revision)
}
