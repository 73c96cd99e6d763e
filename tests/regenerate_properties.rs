//! Whatever people do to their files, and whatever becomes of the templates: `regenerate` ends with one of its exit
//! codes, loses no line of theirs, has nothing left to do the second time, and gives every byte back.

mod support;

use std::{fs, path::Path};

use proptest::{
    collection::vec,
    prelude::*,
    sample::{Index, select},
};
use support::{
    Ran, Sandbox, Tree,
    edits::{Edit, edit},
    generations,
    random::{PROJECTS, for_random, is_owners, is_sane, lost_lines},
    repository,
    states::State,
    tree,
};

/// What happens to the whole file.
#[derive(Clone, Debug)]
enum Deed {
    Edit(Vec<Edit>),
    Delete,
    Rename,
    Folder,
    Link,
    ReadOnly,
}

fn deed() -> impl Strategy<Value = Deed> {
    prop_oneof![
        16 => vec(edit(), 1..4).prop_map(Deed::Edit),
        2 => Just(Deed::Delete),
        2 => Just(Deed::Rename),
        1 => Just(Deed::Folder),
        1 => Just(Deed::Link),
        1 => Just(Deed::ReadOnly),
    ]
}

/// What becomes of the templates.
#[derive(Clone, Debug)]
struct Templates {
    /// The second generation instead of the first.
    are_next: bool,
    lines: Vec<(Index, Index)>,
    removed: Vec<Index>,
}

#[derive(Clone, Debug)]
struct Case {
    project: usize,
    deeds: Vec<(Index, Deed)>,
    templates: Templates,
    conflict: &'static str,
    more: &'static [&'static str],
}

const CONFLICTS: [&str; 4] = ["markers", "incoming", "mine", "theirs"];
const MORE: [&[&str]; 6] = [
    &[],
    &[],
    &[],
    &["--auth", "github"],
    &["--set", "extras="],
    &["--set", "port=9000", "--set", "scopes=a b"],
];

fn case() -> impl Strategy<Value = Case> {
    let templates = (
        any::<bool>(),
        vec((any::<Index>(), any::<Index>()), 0..8),
        vec(any::<Index>(), 0..2),
    );
    let deeds = vec((any::<Index>(), deed()), 1..8);
    let conflict = select(&CONFLICTS[..]);
    (0..3usize, deeds, templates, conflict, select(&MORE[..])).prop_map(
        |(project, deeds, (are_next, lines, removed), conflict, more)| Case {
            project,
            deeds,
            templates: Templates {
                are_next,
                lines,
                removed,
            },
            conflict,
            more,
        },
    )
}

#[test]
fn no_line_is_lost_and_every_byte_can_be_had_back() {
    for_random("files", case(), 6, |case| {
        let sandbox = Sandbox::new("case");
        let root = sandbox.path("project");
        generations::write(&root, &PROJECTS[case.project]);
        generations::write(&sandbox.path("templates"), &changed(&case.templates));
        for (at, deed) in &case.deeds {
            happen(&root, &PROJECTS[case.project], *at, deed);
        }
        let end = regenerated(&sandbox, &case);
        fs::remove_dir_all(sandbox.path("")).unwrap();
        end
    });
}

/// How it ended.
fn regenerated(sandbox: &Sandbox, case: &Case) -> &'static str {
    let root = sandbox.path("project");
    let before = State::of(&root);
    let ran = regenerate(sandbox, case);
    let is_known = matches!(ran.code, Some(0 | 3)) || is_read_only(&ran);
    assert!(is_known && is_sane(&ran), "{ran:#?}");
    let after = State::of(&root);
    if ran.code == Some(1) {
        assert_eq!(before.differences(&after), [""; 0], "{ran:#?}");
        return "refused";
    }
    if case.conflict != "theirs" {
        let lost = lost_lines(&PROJECTS[case.project], &before, &after, &ran);
        assert_eq!(lost, [""; 0], "{ran:#?}");
    }
    let again = regenerate(sandbox, case);
    assert!(is_sane(&again), "{again:#?}");
    assert_eq!(after.differences(&State::of(&root)), [""; 0], "{again:#?}");
    if before.differences(&after).is_empty() {
        return "unchanged";
    }
    let back = sandbox.run(["regenerate", "project", "--abort", "--yes"]);
    assert_eq!(back.code, Some(0), "{back:#?}");
    assert_eq!(before.differences(&State::of(&root)), [""; 0], "{ran:#?}");
    match ran.code {
        Some(3) => "changed, with conflicts",
        _ => "changed",
    }
}

fn regenerate(sandbox: &Sandbox, case: &Case) -> Ran {
    let conflict = format!("--conflict={}", case.conflict);
    let mut flags = vec!["regenerate", "project", "--yes", "--no-check"];
    flags.extend(["--allow-dirty", "--templates", "templates", &conflict]);
    sandbox.run(flags.iter().chain(case.more))
}

fn is_read_only(ran: &Ran) -> bool {
    ran.code == Some(1) && ran.stderr.contains("is read-only")
}

fn happen(root: &Path, project: &Tree, at: Index, deed: &Deed) {
    let files = project.keys().filter(|path| is_owners(path));
    let files: Vec<&String> = files.collect();
    let path = root.join(at.get(&files));
    // something may have happened to it already
    let Ok(bytes) = fs::read(&path) else { return };
    let beside = path.with_extension("moved");
    match deed {
        Deed::Edit(edits) => {
            let edited = edits.iter().fold(bytes, |bytes, edit| edit.apply(&bytes));
            if fs::symlink_metadata(&path).is_ok_and(|meta| !meta.permissions().readonly()) {
                fs::write(&path, edited).unwrap();
            }
        }
        Deed::Delete => fs::remove_file(&path).unwrap(),
        Deed::Rename => fs::rename(&path, beside).unwrap(),
        Deed::Folder => {
            fs::remove_file(&path).unwrap();
            fs::create_dir(&path).unwrap();
            fs::write(path.join("inside.txt"), "mine inside\n").unwrap();
        }
        Deed::Link => {
            fs::rename(&path, &beside).unwrap();
            #[cfg(unix)]
            std::os::unix::fs::symlink(beside.file_name().unwrap(), &path).unwrap();
        }
        Deed::ReadOnly => {
            let mut permissions = fs::metadata(&path).unwrap().permissions();
            permissions.set_readonly(true);
            fs::set_permissions(&path, permissions).unwrap();
        }
    }
}

/// A template set that can be used all the same.
fn changed(templates: &Templates) -> Tree {
    let mut set = match templates.are_next {
        true => generations::next(),
        false => tree(&repository().join("templates")),
    };
    let is_code = |path: &&String| path.starts_with("rust/") && path.ends_with(".rs");
    for at in &templates.removed {
        let files: Vec<String> = set.keys().filter(is_code).cloned().collect();
        set.remove(at.get(&files));
    }
    let files: Vec<String> = set.keys().filter(is_code).cloned().collect();
    for (file, line) in &templates.lines {
        let text = set.get_mut(file.get(&files)).unwrap();
        let mut lines: Vec<Vec<u8>> = text
            .split_inclusive(|byte| *byte == b'\n')
            .map(<[u8]>::to_vec)
            .collect();
        let at = line.index(lines.len() + 1);
        lines.insert(at, format!("// template {at}\n").into_bytes());
        *text = lines.concat();
    }
    set
}
