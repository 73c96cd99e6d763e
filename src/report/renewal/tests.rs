use std::path::Path;

use serde_json::json;

use crate::{
    merge::{Answer, Decision},
    renewal::{Renewal, Renewed, Settled, Settlement, renewal, tests::Project},
    templates::Origin,
};

use super::{entries::Action, *};

mod conflicts;
mod lines;
mod programs;

const CHANGES: &str = r#"
[[change]]
number = 1
date = "2026-12-01"
intent = "a token in the query is refused"
files = ["owned_replaced.rs", "clash.txt"]
advisory = { severity = "high", text = "whoever reads a log can call the server" }

[[change]]
number = 2
date = "2026-12-02"
intent = "shorter \u001b names"
files = ["sub/"]
"#;

/// A project that has met every case.
fn every_case() -> Project {
    let mut project = Project::of(&[
        ("both.txt", "one\ntwo\nthree\nfour\n"),
        ("clash.txt", "one\ntwo\n"),
        ("deleted.txt", "gone\n"),
        ("owned_drift.rs", "fn a() {}\n"),
        ("owned_replaced.rs", "fn a() {}\n"),
        ("owned_same.rs", "fn same() {}\n"),
        ("seed_tools.rs", "fn tool() {}\n"),
        ("leftover.txt", "x\n"),
        ("untouched_leftover.txt", "x\ny\n"),
        ("old_place.txt", "moved\n"),
    ]);
    project.write("both.txt", "mine\ntwo\nthree\nfour\n");
    project.write("clash.txt", "one\nmine\n");
    project.remove("deleted.txt");
    project.write("owned_drift.rs", "fn a() {} // mine\n");
    project.write("seed_tools.rs", "fn mine() {}\n");
    project.write("leftover.txt", "mine\n");
    project.write("there_before.txt", "mine\n");
    project.templates(&[
        ("both.txt", "one\ntwo\nthree\nfour\nfive\n"),
        ("clash.txt", "one\ntheirs\nthree\n"),
        ("deleted.txt", "gone again\n"),
        ("owned_drift.rs", "fn a() {}\n"),
        ("owned_replaced.rs", "fn a() {}\n\nfn b() {}\n"),
        ("owned_same.rs", "fn same() {}\n"),
        ("seed_tools.rs", "fn tool() {}\n\nfn more() {}\n"),
        ("new.txt", "new\n"),
        ("there_before.txt", "theirs\n"),
        ("new_place.txt", "moved\n"),
    ]);
    let renamed = "renamed = { \"old_place.txt\" = \"new_place.txt\" }\n";
    project.changes(&format!("{CHANGES}{renamed}"));
    project
}

struct Shown {
    text: String,
    document: serde_json::Value,
}

/// What `look` makes of the proposal.
fn proposed<T>(
    project: &Project,
    settle: impl Fn(&Renewal<'_>) -> Settled,
    look: impl FnOnce(&Proposal<'_>) -> T,
) -> T {
    let inputs = project.inputs();
    let renewal = renewal(&inputs, &|_| None).unwrap();
    let settled = settle(&renewal);
    let origin = |sha256: &str| Origin {
        set: "embedded".to_owned(),
        sha256: sha256.repeat(8),
    };
    let generation = |generator, origin| Generation {
        generator,
        origin,
        answers: &project.answers,
    };
    look(&Proposal {
        root: Path::new("/work"),
        folder: Path::new(""),
        renewal: &renewal,
        settled: &settled,
        plan: &renewal.plan(&settled).unwrap(),
        around: &[],
        remaining: &[],
        before: generation("0.1.0", &origin("0a")),
        after: generation("0.2.0", &origin("ff")),
        command: "mcp-auth regenerate --yes",
    })
}

fn report() -> Report {
    Report {
        json: false,
        diff: false,
        quiet: false,
        verbose: false,
        shown: false,
        notes: Vec::new(),
    }
}

fn nothing_settled(_: &Renewal<'_>) -> Settled {
    Settled::new()
}

fn plain(out: Vec<u8>) -> String {
    String::from_utf8(anstream::adapter::strip_bytes(&out).into_vec()).unwrap()
}

fn shown(project: &Project, detail: Detail) -> Shown {
    proposed(project, nothing_settled, |proposal| {
        let entries = entries(proposal);
        let mut out = Vec::new();
        report().plan(&mut out, proposal, &entries, detail).unwrap();
        Shown {
            text: plain(out),
            document: document::document(Outcome::Planned, proposal, &entries, true),
        }
    })
}
