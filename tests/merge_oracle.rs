//! Merging lines, with git as the oracle: what is clean for us is clean for git, with the same bytes.
//! Needs git; `CASES` says how many random cases are tried.

#[allow(dead_code, reason = "a part of the program, seen from here")]
#[path = "../src/merge/engines.rs"]
mod engines;
#[allow(dead_code, reason = "a part of the program, seen from here")]
#[path = "../src/merge/parts.rs"]
mod parts;

use std::{
    cell::Cell,
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use parts::Side;
use proptest::{
    collection::vec,
    prelude::*,
    sample::select,
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};

type Triple = [String; 3];

/// Clean for us, and a conflict for git: lines that repeat themselves can be matched in several ways, and both of our
/// engines, unlike git, have found a way without a conflict. Base, yours, templates; `.` is a blank line.
const EXCEPTIONS: [[&str; 3]; 3] = [
    [
        "} e d c e d e } d e",
        "} e d c e d e } d e .",
        "} e d d e } d e e } a e",
    ],
    [
        "d } c d c e e } . . . . c",
        "d c c d c } . . . . c",
        "d c d c e e } . . c . c .",
    ],
    [
        "a a a } a e d d c a . e",
        "a a d b } a e d c a . e",
        "a a a } a e d c c a . e",
    ],
];

#[test]
fn what_is_clean_for_us_is_clean_for_git_with_the_same_bytes() {
    let words = (0..60).map(|word| format!("word {word}"));
    let words: Vec<String> = words.chain(["", "", "}", "}"].map(str::to_owned)).collect();
    let counts = compare("real", triple(words, 40), 300);
    assert_eq!(counts.others, [] as [Triple; 0]);
    assert!(counts.extra * 50 < counts.clean, "{counts:?}");
}

#[test]
fn where_hardly_any_line_is_unlike_the_others_that_is_so_but_for_one_in_hundred() {
    let words = ["a", "b", "c", "d", "e", "", "}"].map(str::to_owned);
    let counts = compare("repeated", triple(words.to_vec(), 14), 300);
    let others = u32::try_from(counts.others.len()).unwrap();
    assert!(others * 100 <= counts.clean, "{counts:?}");
    assert!(counts.extra * 20 < counts.clean, "{counts:?}");
}

#[test]
fn the_known_exceptions_are_conflicts_for_git_alone() {
    let dir = fresh_dir("exceptions");
    for triple in EXCEPTIONS {
        let lines = |text: &str| {
            text.split(' ')
                .map(|line| line.replace('.', "") + "\n")
                .collect()
        };
        let triple: Triple = triple.map(lines);
        assert!(ours(&triple).is_some(), "{triple:?}");
        assert_eq!(git(&dir, &triple), None, "{triple:?}");
    }
    fs::remove_dir_all(&dir).unwrap();
}

#[derive(Debug, Default)]
struct Counts {
    clean: u32,
    /// Conflicts for us alone.
    extra: u32,
    /// Clean for us, and something else for git.
    others: Vec<Triple>,
}

/// The same cases each time, so that a failure is one of the change that is tested.
fn compare(name: &str, triples: impl Strategy<Value = Triple>, cases: u32) -> Counts {
    let cases = env::var("CASES")
        .ok()
        .and_then(|cases| cases.parse().ok())
        .unwrap_or(cases);
    let config = Config {
        failure_persistence: None,
        ..Config::with_cases(cases)
    };
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let dir = fresh_dir(name);
    let counts = Cell::new(Counts::default());
    let outcome = TestRunner::new_with_rng(config, rng).run(&triples, |triple| {
        let mut so_far = counts.take();
        match (ours(&triple), git(&dir, &triple)) {
            (Some(ours), Some(theirs)) if ours == theirs => so_far.clean += 1,
            (Some(_), _) => so_far.others.push(triple),
            (None, Some(_)) => so_far.extra += 1,
            (None, None) => {}
        }
        counts.set(so_far);
        Ok(())
    });
    outcome.unwrap();
    fs::remove_dir_all(&dir).unwrap();
    let counts = counts.take();
    println!(
        "{name}: clean {}, extra {}, others {:#?}",
        counts.clean, counts.extra, counts.others
    );
    counts
}

/// The merged text, if that is clean for us.
fn ours([base, yours, templates]: &Triple) -> Option<String> {
    let parts = engines::merge(base, yours, templates)?;
    parts.is_settled().then(|| parts.text(Side::Yours))
}

/// The merged text, if that is clean for git.
fn git(dir: &Path, [base, yours, templates]: &Triple) -> Option<String> {
    for (name, text) in [("base", base), ("yours", yours), ("templates", templates)] {
        fs::write(dir.join(name), text).unwrap();
    }
    let mut command = Command::new("git");
    command.args(["merge-file", "-p", "-q", "yours", "base", "templates"]);
    let output = command.current_dir(dir).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    output.status.success().then_some(text)
}

/// Three texts that have much in common: two series of edits of one base.
fn triple(words: Vec<String>, lines: usize) -> impl Strategy<Value = Triple> {
    let word = select(words);
    let edit = (0..lines, 0..3usize, vec(word.clone(), 0..3));
    let edits = vec(edit, 0..4);
    (vec(word, 0..lines), edits.clone(), edits).prop_map(|(base, yours, templates)| {
        let edited = |edits: Vec<(usize, usize, Vec<String>)>| {
            let mut lines = base.clone();
            for (at, count, inserted) in edits {
                let at = at.min(lines.len());
                let end = lines.len().min(at + count);
                lines.splice(at..end, inserted);
            }
            text(&lines)
        };
        [text(&base), edited(yours), edited(templates)]
    })
}

fn text(lines: &[String]) -> String {
    lines.iter().map(|line| format!("{line}\n")).collect()
}

fn fresh_dir(name: &str) -> PathBuf {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("merge_oracle")
        .join(name);
    fs::create_dir_all(&dir).unwrap();
    dir
}
