//! Files that are deleted or moved, and the folders that they leave empty.

use super::{folder::Folder, *};
use crate::{apply::Kept, catalog::Class, generate::Output};

fn change(path: &str, kind: Kind, before: Option<&str>) -> Change {
    let after = Output {
        text: format!("new {path}").into(),
        class: Class::Owned,
        executable: false,
    };
    Change {
        path: path.parse().unwrap(),
        kind,
        before: before.map(|text| text.as_bytes().to_vec()),
        after: (kind != Kind::Delete).then_some(after),
        moved_from: None,
    }
}

/// `old/deep/` and `old/` lose their files, `src/` only one of two; `src/main.rs` moves; one file is new, one changed.
fn plan() -> Plan {
    let mut moved = change("src/bin/main.rs", Kind::Create, None);
    moved.moved_from = Some("src/main.rs".parse().unwrap());
    let changes = vec![
        change("README.md", Kind::Replace, Some("old readme")),
        change("new.rs", Kind::Create, None),
        change("old/a.rs", Kind::Delete, Some("a")),
        change("old/deep/b.rs", Kind::Delete, Some("b")),
        moved,
        change("src/main.rs", Kind::Delete, Some("old main")),
    ];
    Plan { changes }
}

fn folder(name: &str) -> Folder {
    let folder = Folder::new(name);
    fs::create_dir_all(folder.0.join("old/deep")).unwrap();
    for (path, text) in [
        ("old/a.rs", "a"),
        ("old/deep/b.rs", "b"),
        ("src/lib.rs", "lib"),
    ] {
        fs::write(folder.0.join(path), text).unwrap();
    }
    restrict(&folder, "src/main.rs", 0o750);
    restrict(&folder, "old/deep/b.rs", 0o600);
    restrict(&folder, "old/deep", 0o700);
    folder
}

#[cfg(unix)]
fn restrict(folder: &Folder, path: &str, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(folder.0.join(path), fs::Permissions::from_mode(mode)).unwrap();
}

#[cfg(not(unix))]
fn restrict(_: &Folder, _: &str, _: u32) {}

fn prepared(folder: &Folder) -> Edit<'_> {
    Edit::prepare(&plan(), &folder.0, &[]).unwrap()
}

const AFTER: [&str; 6] = [
    "README.md",
    "new.rs",
    "notes.txt",
    "src",
    "src/bin",
    "src/bin/main.rs",
];

#[test]
fn what_is_deleted_goes_with_the_folders_that_it_leaves_empty() {
    let folder = folder("gone");
    let mode = folder.everything()["src/main.rs"].0;
    let edit = prepared(&folder);
    edit.perform(&mut |_| ()).unwrap();
    edit.finish().unwrap();
    let after = folder.everything();
    let names: Vec<&str> = after.keys().map(String::as_str).collect();
    assert_eq!(names, [&AFTER[..], &["src/lib.rs"]].concat());
    let moved = &after["src/bin/main.rs"];
    assert_eq!(moved, &(mode, "new src/bin/main.rs".to_owned()));
}

#[test]
fn a_folder_with_something_of_its_owners_stays() {
    let folder = folder("stays");
    let edit = prepared(&folder);
    fs::write(folder.0.join("old/mine.rs"), "mine").unwrap();
    edit.perform(&mut |_| ()).unwrap();
    edit.finish().unwrap();
    let after = folder.everything();
    assert!(after.contains_key("old/mine.rs") && !after.contains_key("old/deep"));
}

#[test]
fn a_kill_after_any_number_of_steps_brings_back_every_file_folder_and_mode() {
    for steps in 0..=6 {
        let folder = folder(&format!("kill-{steps}"));
        let before = folder.everything();
        let mut edit = prepared(&folder);
        edit.journal.steps.truncate(steps);
        edit.perform(&mut |_| ()).unwrap();
        drop(edit);
        assert_eq!(
            undo_interrupted(&folder.0).unwrap(),
            Aftermath::Undone(vec![])
        );
        assert_eq!(folder.everything(), before, "after {steps} steps");
    }
}

#[test]
fn an_undo_that_is_killed_at_any_point_can_be_done_again() {
    for done in 0..=6 {
        let folder = folder(&format!("again-{done}"));
        let before = folder.everything();
        let edit = prepared(&folder);
        edit.perform(&mut |_| ()).unwrap();
        let journal = read_journal(&folder.0.join(WORK)).unwrap();
        let mut part = journal.unwrap();
        // steps are undone from the last one on
        for step in part.steps.iter_mut().take(6 - done) {
            (step.sha256, step.deleted) = (Some("another".to_owned()), false);
        }
        edit.work.undo(&part).unwrap();
        drop(edit);
        assert_eq!(
            undo_interrupted(&folder.0).unwrap(),
            Aftermath::Undone(vec![])
        );
        assert_eq!(folder.everything(), before, "after {done} of them");
    }
}

#[test]
fn a_regeneration_is_taken_back_with_what_it_deleted() {
    let folder = folder("back");
    let before = folder.everything();
    let edit = prepared(&folder);
    edit.perform(&mut |_| ()).unwrap();
    edit.keep(Deed::Regeneration).unwrap();
    let kept = Kept::last(&folder.0).unwrap().unwrap();
    let count = |paths: &mut dyn Iterator<Item = &RelativePath>| paths.count();
    assert_eq!(
        (
            count(&mut kept.created()),
            count(&mut kept.replaced()),
            count(&mut kept.deleted())
        ),
        (2, 1, 3)
    );
    kept.ensure_is(Deed::Regeneration).unwrap();
    let error = kept.ensure_is(Deed::Addition).unwrap_err();
    let problem = &error.downcast_ref::<Refusal>().unwrap().problems[0];
    assert_eq!(
        problem.what,
        "the last edit here is no addition: it is a regeneration"
    );
    let hint = problem.hint.as_deref().unwrap();
    assert!(hint.contains("mcp-auth regenerate ") && hint.ends_with(" --abort"));
    assert_eq!(kept.ensure_unchanged().unwrap(), []);
    kept.take_back().unwrap();
    assert_eq!(folder.everything(), before);
}

#[test]
fn what_was_made_again_in_the_place_of_a_deleted_file_is_named_and_stays() {
    let folder = folder("made-again");
    let edit = prepared(&folder);
    edit.perform(&mut |_| ()).unwrap();
    edit.keep(Deed::Regeneration).unwrap();
    fs::create_dir(folder.0.join("old")).unwrap();
    fs::write(folder.0.join("old/a.rs"), "mine").unwrap();
    let kept = Kept::last(&folder.0).unwrap().unwrap();
    let error = kept.ensure_unchanged().unwrap_err();
    assert_eq!(error.to_string(), "old/a.rs is there again");
    kept.take_back().unwrap();
    let after = folder.everything();
    assert_eq!(after["old/a.rs"].1, "mine");
    assert_eq!(after["old/deep/b.rs"].1, "b");
}

#[test]
fn a_file_that_is_saved_before_it_is_deleted_stops_the_edit() {
    let folder = folder("saved");
    let edit = prepared(&folder);
    fs::write(folder.0.join("old/a.rs"), "mine").unwrap();
    let before = folder.files();
    let error = edit.perform(&mut |_| ()).unwrap_err();
    assert!(error.to_string().contains("old/a.rs was changed"));
    assert_eq!(folder.files(), before);
    let error = edit.put_back_after(error);
    assert_eq!(error.downcast_ref::<Refusal>().unwrap().problems.len(), 1);
    assert_eq!(folder.everything()["old/a.rs"].1, "mine");
}

#[test]
fn a_journal_of_an_older_version_is_read() {
    let journal = r#"{"steps":[{"path":"a","existed":true,"sha256":"x"}],"folders":["b"]}"#;
    let journal: Journal = serde_json::from_str(journal).unwrap();
    assert_eq!(journal.deed, Deed::Addition);
    assert!(!journal.steps[0].deleted && journal.emptied.is_empty());
}

#[test]
fn ten_records_are_kept_and_taken_back_one_after_the_other() {
    let folder = Folder::new("records");
    for number in 0..12 {
        let before = fs::read_to_string(folder.0.join("README.md")).unwrap();
        let mut change = change("README.md", Kind::Replace, Some(&before));
        change.after.as_mut().unwrap().text = format!("readme {number}").into();
        let plan = Plan {
            changes: vec![change],
        };
        let edit = Edit::prepare(&plan, &folder.0, &[]).unwrap();
        edit.perform(&mut |_| ()).unwrap();
        edit.keep(Deed::Regeneration).unwrap();
    }
    assert!(!folder.0.join(WORK).exists());
    let numbers = project::undo_numbers(&folder.0).unwrap();
    assert_eq!(numbers, (3..=12).collect::<Vec<_>>());
    let mut count = 0;
    while let Some(kept) = Kept::last(&folder.0).unwrap() {
        kept.take_back().unwrap();
        count += 1;
    }
    assert_eq!(count, 10);
    assert_eq!(folder.everything()["README.md"].1, "readme 1");
}
