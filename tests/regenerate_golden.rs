//! `snapshots/regenerate/<case>/`: one case per row of the table of decisions, and per rung of the ladder. `case.toml` is
//! written by hand: what the templates and what the owner changed. The rest is what becomes of it: the files that matter
//! `before` and `after`, and the plan as people see it. `SNAPSHOTS=overwrite cargo golden-regenerate` writes them anew.
#![cfg(unix)]

mod support;

use std::{collections::BTreeMap, env, fs, path::Path, thread};

use support::{
    Ran, Sandbox, Tree,
    cases::Case,
    differences,
    generations::{Edits, edited, write},
    owner::Project,
    snapshots, tree,
};

const JWT: [&str; 2] = ["--auth", "jwt"];

#[test]
fn every_case_ends_as_its_snapshot_says() {
    let overwrite = env::var("SNAPSHOTS").is_ok_and(|value| value == "overwrite");
    assert!(
        !(overwrite && env::var_os("CI").is_some()),
        "snapshots are not rewritten in CI"
    );
    let mut wrong = Vec::new();
    for (case, actual) in played() {
        let folder = snapshots().join("regenerate").join(&case);
        if overwrite {
            rewrite(&folder, &actual);
        }
        let mut expected = tree(&folder);
        expected.remove("case.toml");
        let found = differences(&expected, &actual).into_iter();
        wrong.extend(found.map(|found| format!("snapshots/regenerate/{case}/{found}")));
    }
    assert!(
        wrong.is_empty(),
        "\n{}\n\nto accept: SNAPSHOTS=overwrite cargo golden-regenerate, then read the diff\n",
        wrong.join("\n")
    );
}

fn cases() -> Vec<String> {
    let entries = fs::read_dir(snapshots().join("regenerate")).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.collect();
    names.sort();
    assert!(names.len() > 25, "cases are missing");
    names
}

/// All of them, several at a time: most of the time they wait for the disk.
fn played() -> BTreeMap<String, Tree> {
    let cases = cases();
    let quarter = cases.len().div_ceil(4);
    thread::scope(|scope| {
        let parts = cases.chunks(quarter).map(|part| {
            let play = |case: &String| (case.clone(), play(case));
            scope.spawn(move || part.iter().map(play).collect::<Vec<_>>())
        });
        let parts: Vec<_> = parts.collect();
        parts
            .into_iter()
            .flat_map(|part| part.join().unwrap())
            .collect()
    })
}

/// What `before`, `plan.txt` and `after` should be.
fn play(name: &str) -> Tree {
    let case = Case::read(name);
    let project = made(name, case.earlier.as_ref());
    let fresh = project.files();
    write(
        &project.sandbox.path("templates"),
        &edited(&case.templates, &case.changes),
    );
    case.owner.iter().for_each(|edit| edit.make(&project));
    let before = shown(&project);
    let plan = said(name, &case, &project);
    let after = shown(&project);

    let mut snapshot = Tree::from([("plan.txt".into(), plan.into_bytes())]);
    for (folder, tree) in [("before", &before), ("after", &after)] {
        let differing = |path: &&String| {
            let sides = [fresh.get(*path), before.get(*path), after.get(*path)];
            sides.iter().any(|side| *side != sides[0])
        };
        for path in tree.keys().filter(differing) {
            snapshot.insert(format!("{folder}/{path}"), visible(&tree[path]));
        }
    }
    snapshot
}

/// The project as it was made.
fn made(name: &str, earlier: Option<&Edits>) -> Project {
    let sandbox = Sandbox::new(name);
    let Some(edits) = earlier else {
        return Project::within(sandbox, &JWT);
    };
    write(&sandbox.path("earlier"), &edited(edits, ""));
    Project::within(sandbox, &[&JWT[..], &["--templates", "earlier"]].concat())
}

/// The dry run, and what the real one says more; after it, a second one does nothing.
fn said(name: &str, case: &Case, project: &Project) -> String {
    let flags: Vec<&str> = case.flags.iter().map(String::as_str).collect();
    let run = |flags: &[&str], more: &[&str]| {
        let templates = ["--templates", "templates"];
        project.regenerate(&[&templates, flags, more].concat())
    };
    let before = project.tree();
    let mut plan = String::new();
    if !flags.contains(&"--check") {
        plan = plain(&run(&flags, &["--dry-run", "--diff"]));
        let wrote = differences(&before, &project.tree());
        assert_eq!(wrote, [""; 0], "{name}: a dry run wrote something");
    }
    let ran = run(&flags, &[]);
    if ran.code == Some(0) {
        let once = project.tree();
        // what came back is there, and asking for it again is a mistake
        let again = if flags.contains(&"--restore") {
            &[]
        } else {
            &flags[..]
        };
        run(again, &[]).succeeds();
        let twice = differences(&once, &project.tree());
        assert_eq!(twice, [""; 0], "{name}: a second run wrote something");
    }
    let done = plain(&ran);
    let is_new = |line: &&str| {
        line.is_empty() || line.starts_with("---") || !plan.lines().any(|said| said == *line)
    };
    let more: Vec<&str> = done.lines().filter(is_new).collect();
    let more = more.join("\n");
    let typed: String = flags.iter().map(|flag| format!(" {flag}")).collect();
    let about = &case.about;
    format!(
        "{about}\n\n$ mcp-auth regenerate{typed} --dry-run --diff\n{plan}\n$ mcp-auth regenerate{typed}\n{more}\n"
    )
}

/// Both streams and the exit code, the same for other templates.
fn plain(ran: &Ran) -> String {
    let (stdout, stderr, code) = (&ran.stdout, &ran.stderr, ran.code.unwrap());
    without_hashes(&format!(
        "{stdout}--- on standard error\n{stderr}--- exit code {code}\n"
    ))
}

fn without_hashes(text: &str) -> String {
    let is_hash = |word: &str| {
        matches!(word.len(), 8 | 64) && word.bytes().all(|byte| byte.is_ascii_hexdigit())
    };
    let words = text.split_inclusive(|letter: char| !letter.is_ascii_alphanumeric());
    let words = words.map(|word| {
        let bare = word.trim_end_matches(|letter: char| !letter.is_ascii_alphanumeric());
        match is_hash(bare) {
            true => format!("[hash]{}", &word[bare.len()..]),
            false => word.to_owned(),
        }
    });
    words.collect()
}

/// The files, and what lies under `incoming/`; a link is shown as one.
fn shown(project: &Project) -> Tree {
    let mut tree = project.tree();
    tree.retain(|path, _| !path.starts_with(".mcp-auth/base/") && path != "mcp-auth.toml");
    for (path, bytes) in &mut tree {
        if let Ok(target) = fs::read_link(project.path(path)) {
            *bytes = format!("a symbolic link to {}\n", target.display()).into_bytes();
        }
    }
    tree
}

/// What git would change in a checkout, or nobody could see.
fn visible(bytes: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(bytes).replace('\r', "<CR>");
    let text = text.replace('\u{feff}', "<BOM>");
    match text.ends_with('\n') {
        true => text.into_bytes(),
        false => format!("{text}<no newline at the end>\n").into_bytes(),
    }
}

fn rewrite(folder: &Path, actual: &Tree) {
    for path in tree(folder).keys().filter(|path| *path != "case.toml") {
        fs::remove_file(folder.join(path)).unwrap();
    }
    write(folder, actual);
}
