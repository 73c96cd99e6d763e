//! Whatever people and templates have done: a second time there is nothing to do, and nothing that a person wrote is lost.

use proptest::{collection::vec, option, prelude::*, sample::select};

use super::*;

/// Of each class and kind.
const NAMES: [&str; 8] = [
    "notes.md",
    "owned.rs",
    "seed.txt",
    ".env.example",
    ".gitignore",
    "old.rs",
    "new.rs",
    "Cargo.toml",
];

const CHANGES: &str = r#"
[[change]]
number = 1
date = "2026-01-01"
intent = "a better name"
files = ["notes.md", "new.rs"]
renamed = { "old.rs" = "new.rs" }
advisory = { severity = "low", text = "Somebody can." }
"#;

const LINES: [&str; 10] = [
    "a",
    "b",
    "# c",
    "",
    "X=1",
    "X=2",
    "fn a() {}",
    "fn b() {}",
    "\u{e9}",
    "==",
];
const KEYS: [&str; 6] = [
    "",
    "a = \"1\"",
    "b = \"1\"",
    "b = \"2\" # b",
    "# c",
    "c = [\"x\", \"y\"]",
];

/// What a person has done to a file.
#[derive(Clone, Debug)]
enum User {
    Left,
    Windows,
    Wrote(String),
    Deleted,
    Linked,
    Broke,
}

#[derive(Clone, Debug)]
struct File {
    old: Option<String>,
    user: User,
    new: Option<String>,
    settlement: Option<Settlement>,
}

fn text(lines: &'static [&'static str]) -> impl Strategy<Value = String> {
    let lines = vec(select(lines), 0..8);
    (lines, any::<bool>()).prop_map(|(lines, is_finished)| {
        let text = lines.join("\n");
        if is_finished { text + "\n" } else { text }
    })
}

fn file(lines: &'static [&'static str]) -> impl Strategy<Value = File> {
    let user = prop_oneof![
        2 => Just(User::Left),
        1 => Just(User::Windows),
        4 => text(lines).prop_map(User::Wrote),
        1 => Just(User::Deleted),
        1 => Just(User::Linked),
        1 => Just(User::Broke),
    ];
    let settlement = select(vec![
        Settlement::AsItIs,
        Settlement::Incoming,
        Settlement::File("settled\n".into()),
    ]);
    let file = (
        option::weighted(0.8, text(lines)),
        user,
        option::weighted(0.8, text(lines)),
        option::of(settlement),
    );
    file.prop_map(|(old, user, new, settlement)| File {
        old,
        user,
        new,
        settlement,
    })
}

fn files() -> impl Strategy<Value = Vec<(&'static str, File)>> {
    (vec(file(&LINES), NAMES.len() - 1), file(&KEYS)).prop_map(|(files, manifest)| {
        NAMES
            .into_iter()
            .zip(files.into_iter().chain([manifest]))
            .collect()
    })
}

/// The project after its owner and the templates have done their part.
fn project(files: &[(&'static str, File)]) -> Project {
    let texts = |text: fn(&File) -> Option<&String>| -> Vec<(&str, &str)> {
        files
            .iter()
            .filter_map(|(name, file)| Some((*name, text(file)?.as_str())))
            .collect()
    };
    let mut project = Project::of(&texts(|file| file.old.as_ref()));
    project.changes(CHANGES);
    project.templates(&texts(|file| file.new.as_ref()));
    for (name, file) in files {
        let there = match (&file.user, &file.old) {
            (User::Left | User::Windows | User::Deleted, None) => continue,
            (User::Left, Some(_)) => continue,
            (User::Windows, Some(old)) => Present::File(old.replace('\n', "\r\n").into_bytes()),
            (User::Wrote(text), _) => Present::File(text.clone().into_bytes()),
            (User::Linked, _) => Present::Link,
            (User::Broke, _) => Present::File(vec![0xff, 0, 1]),
            (User::Deleted, Some(_)) => {
                project.remove(name);
                continue;
            }
        };
        project.tree.insert(path(name), there);
    }
    project
}

fn lines(text: &str) -> BTreeSet<&str> {
    text.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(150) })]

    #[test]
    fn a_second_time_there_is_nothing_to_do(files in files(), security_only: bool) {
        let mut project = project(&files);
        let settled = files.iter().filter_map(|(name, file)| Some((path(name), file.settlement.clone()?)));
        let settled: Settled = settled.collect();
        project.security_only = security_only;
        project.regenerate_with(&settled);
        project.security_only = false;
        project.regenerate_with(&settled);
    }

    #[test]
    fn what_a_person_wrote_is_in_the_tree_or_beside_it(files in files(), security_only: bool) {
        let mut project = project(&files);
        project.security_only = security_only;
        let before = project.tree.clone();
        project.regenerate();
        let all: String = project.tree.values().filter_map(|there| match there {
            Present::File(bytes) => std::str::from_utf8(bytes).ok(),
            _ => None,
        }).map(|text| format!("{text}\n")).collect();
        let all = lines(&all);
        // of a manifest values are merged, not lines
        for (name, file) in files.iter().filter(|(name, _)| *name != "Cargo.toml") {
            match &file.user {
                User::Wrote(text) => {
                    let old = file.old.as_deref().unwrap_or_default();
                    for line in lines(text).difference(&lines(old)) {
                        prop_assert!(all.contains(line), "{line:?} of {name}");
                    }
                }
                User::Linked | User::Broke => prop_assert_eq!(project.tree.get(&path(name)), before.get(&path(name))),
                _ => {}
            }
        }
    }

    #[test]
    fn nothing_is_touched_but_what_is_generated_or_was(files in files()) {
        let project = project(&files);
        let plan = project.look(|renewal| renewal.plan(&Settled::new()).unwrap());
        let record = project.record();
        for change in plan.writes() {
            let is_ours = change.path.as_str().starts_with(".mcp-auth/") || change.path.as_str() == state::FILE;
            let is_known = record.contains_key(&change.path) || project.templates.contains_key(&change.path);
            prop_assert!(is_ours || is_known, "{}", change.path);
        }
    }
}
