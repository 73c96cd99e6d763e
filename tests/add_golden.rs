//! What `add` makes of other people's projects, in `snapshots/add/<shape>/`: `before/` is theirs, `after/` holds the
//! files of theirs that changed, `said.txt` the plan, the diff and what remains to be done. Offline, without cargo's checks.
//! `SNAPSHOTS=overwrite cargo test --test add_golden` writes them anew; read that diff as their owner would.

mod support;

use std::path::Path;

use support::{
    Tree,
    add::{self, JWT, OTHERS, held, renamed_crates, said, text},
    differences, snapshots, tree,
};

/// Needs the compiler's word: see `add_generated`.
const REFUSED_BY_CARGO: &str = "refused-does-not-compile";

#[test]
fn every_shape_becomes_its_snapshot() {
    let mut wrong = Vec::new();
    for shape in add::shapes() {
        wrong.extend(compare(&shape, "", &JWT));
    }
    for (folder, flags, shapes) in OTHERS {
        for shape in *shapes {
            wrong.extend(compare(shape, folder, flags));
        }
    }
    none_is(&wrong);
}

#[test]
fn every_refusal_says_what_its_snapshot_says() {
    let mut wrong = Vec::new();
    for shape in add::refusals() {
        if shape == REFUSED_BY_CARGO {
            continue;
        }
        let sandbox = add::copy(&shape);
        let before = add::entries(&sandbox.path(""));
        let ran = add::add(&sandbox, &JWT);
        if ran.code == Some(0) {
            wrong.push(format!("snapshots/add/{shape}: not refused"));
        }
        let changed = add::differing(&before, &add::entries(&sandbox.path("")));
        if !changed.is_empty() {
            wrong.push(format!(
                "snapshots/add/{shape}: refused, but changed {changed:?}"
            ));
        }
        let said = said(&sandbox, &ran);
        let actual = Tree::from([("said.txt".to_owned(), said.into_bytes())]);
        wrong.extend(held(&shape, &actual));
    }
    none_is(&wrong);
}

#[test]
fn nothing_of_theirs_is_lost_and_line_ends_stay() {
    for shape in add::shapes() {
        let sandbox = add::copy(&shape);
        let before = tree(&sandbox.path(""));
        add::add(&sandbox, &JWT).succeeds();
        let after = tree(&sandbox.path(""));
        for (path, bytes) in before {
            let (before, after) = (text(&bytes), text(&after[&path]));
            let what = format!("{shape}: {path}");
            assert_eq!(
                before.starts_with('\u{feff}'),
                after.starts_with('\u{feff}'),
                "{what}"
            );
            if path.ends_with(".rs") {
                assert!(
                    add::holds_all_of(&after, &before),
                    "{what} lost something:\n{after}"
                );
            }
            if before.contains("\r\n") {
                let bare = after.replace("\r\n", "");
                assert!(!bare.contains(['\r', '\n']), "{what} has mixed line ends");
            } else {
                assert!(!after.contains('\r'), "{what} got carriage returns");
            }
        }
    }
}

#[test]
fn twice_is_once_and_undo_is_never() {
    for shape in add::shapes() {
        let sandbox = add::copy(&shape);
        let before = add::entries(&sandbox.path(""));
        add::add(&sandbox, &JWT).succeeds();
        let once = add::entries(&sandbox.path(""));
        add::add(&sandbox, &JWT).succeeds();
        let twice = add::entries(&sandbox.path(""));
        assert_eq!(
            add::differing(&once, &twice),
            [""; 0],
            "{shape}: twice is not once"
        );
        add::undo(&sandbox).succeeds();
        let after = add::entries(&sandbox.path(""));
        assert_eq!(
            add::differing(&before, &after),
            [""; 0],
            "{shape}: undo left something"
        );
    }
}

#[test]
fn git_keeps_every_file_of_a_shape() {
    let args = [
        "ls-files",
        "--others",
        "--ignored",
        "--exclude-standard",
        "--",
        "snapshots/add",
    ];
    let git = std::process::Command::new("git")
        .args(args)
        .current_dir(support::repository())
        .output();
    let hidden = String::from_utf8(git.unwrap().stdout).unwrap();
    assert_eq!(hidden, "", "a .gitignore in snapshots/add/ hides these");
}

/// Takes one shape through one option, and compares what became of it.
fn compare(shape: &str, folder: &str, flags: &[&str]) -> Vec<String> {
    let place = Path::new(shape)
        .join(folder)
        .to_str()
        .unwrap()
        .trim_end_matches('/')
        .to_owned();
    let sandbox = add::copy(shape);
    let before = tree(&sandbox.path(""));
    let dry = add::add(&sandbox, &[flags, &["--dry-run", "--diff"]].concat());
    let mut wrong: Vec<_> = differences(&before, &tree(&sandbox.path("")))
        .into_iter()
        .map(|difference| format!("snapshots/add/{place}: a dry run wrote {difference}"))
        .collect();
    let ran = add::add(&sandbox, flags);
    if ran.code != Some(0) {
        wrong.push(format!("snapshots/add/{place}: refused\n{}", ran.stderr));
        return wrong;
    }
    let after = tree(&sandbox.path(""));
    let mut actual = theirs(&before, &after);
    actual.insert("said.txt".into(), said(&sandbox, &dry).into_bytes());
    wrong.extend(held(&place, &actual));
    wrong.extend(copies_are_kept(&place, &before, &after));
    wrong.extend(ours_are_those_of_a_new_project(
        &place, folder, &before, &after,
    ));
    wrong
}

/// What their owner reads first: their files that changed, and the few new ones that are not kept by us.
fn theirs(before: &Tree, after: &Tree) -> Tree {
    let is_kept_by_us = |path: &str| {
        let parts = || path.split('/');
        !before.contains_key(path)
            && (parts().any(|part| part == ".mcp-auth" || part == "examples")
                || path.ends_with("mcp-auth.toml")
                || path.ends_with(".rs"))
    };
    let changed = after
        .iter()
        .filter(|(path, bytes)| before.get(*path) != Some(*bytes));
    changed
        .filter(|(path, _)| !is_kept_by_us(path))
        .map(|(path, bytes)| (format!("after/{path}"), bytes.clone()))
        .collect()
}

/// Each new file of ours has a pristine copy beside it.
fn copies_are_kept(place: &str, before: &Tree, after: &Tree) -> Vec<String> {
    let copy = |path: &str| {
        let folder = ["crates/server/", ""]
            .into_iter()
            .find(|folder| path.starts_with(folder));
        let folder = folder.unwrap_or_default();
        after.get(&format!("{folder}.mcp-auth/base/{}", &path[folder.len()..]))
    };
    let new = after.iter().filter(|(path, _)| !before.contains_key(*path));
    let new =
        new.filter(|(path, _)| !path.contains(".mcp-auth/") && !path.ends_with("mcp-auth.toml"));
    let without = new.filter(|(path, bytes)| copy(path) != Some(*bytes));
    without
        .map(|(path, _)| format!("snapshots/add/{place}: no pristine copy of {path}"))
        .collect()
}

/// New Rust files are what a new project with the same option has, but for the module's name and renamed crates.
fn ours_are_those_of_a_new_project(
    place: &str,
    folder: &str,
    before: &Tree,
    after: &Tree,
) -> Vec<String> {
    let case = if folder.is_empty() { "jwt" } else { folder };
    let project = tree(&snapshots().join(case));
    let renamed = renamed_crates(after);
    let plain = |text: &str| {
        let text = ["crates/server/", "bin/server/"]
            .iter()
            .fold(text.to_owned(), |text, folder| text.replace(folder, ""));
        let text = renamed.iter().fold(text, |text, (name, package)| {
            text.replace(&format!("{name}::"), &format!("{package}::"))
        });
        text.replace("mcp_auth", "auth")
            .split_whitespace()
            .collect::<String>()
    };
    let new = after.iter().filter(|(path, _)| {
        let is_ours = path.ends_with(".rs") && !before.contains_key(*path);
        // That one begins empty: a new project's names its example tools.
        is_ours && !path.contains(".mcp-auth/") && !path.ends_with("/scope_table.rs")
    });
    new.filter_map(|(path, bytes)| match project.get(&plain(path)) {
        None => Some(format!(
            "snapshots/add/{place}: {path} is in no new project"
        )),
        Some(other) if plain(&text(other)) == plain(&text(bytes)) => None,
        Some(_) => Some(format!(
            "snapshots/add/{place}: {path} differs from snapshots/{case}"
        )),
    })
    .collect()
}

#[track_caller]
fn none_is(wrong: &[String]) {
    assert!(
        wrong.is_empty(),
        "\n{}\n\nto accept: SNAPSHOTS=overwrite cargo test --test add_golden, then read the diff\n",
        wrong.join("\n")
    );
}
