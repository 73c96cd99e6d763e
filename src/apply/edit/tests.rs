use std::{borrow::Cow, path::PathBuf};

use super::{
    work::{JOURNAL, WORK},
    *,
};
use crate::{
    apply::{Aftermath, Kept},
    catalog::Class,
    generate::{Generated, Output},
    plan,
};

/// A folder of its own with three files in it, gone afterwards.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let root =
            std::env::temp_dir().join(format!("mcp-auth-edit-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&root);
        fs::create_dir_all(root.join("src")).unwrap();
        for (path, text) in [
            ("notes.txt", "mine"),
            ("src/main.rs", "old main"),
            ("README.md", "old readme"),
        ] {
            fs::write(root.join(path), text).unwrap();
        }
        Self(root)
    }

    fn files(&self) -> Vec<(String, String)> {
        let entries = walkdir::WalkDir::new(&self.0)
            .sort_by_file_name()
            .into_iter()
            .map(Result::unwrap);
        entries
            .filter(|entry| entry.file_type().is_file())
            .map(|entry| {
                let path = entry
                    .path()
                    .strip_prefix(&self.0)
                    .unwrap()
                    .to_string_lossy()
                    .into_owned();
                (path, fs::read_to_string(entry.path()).unwrap())
            })
            .collect()
    }

    fn folders(&self) -> usize {
        let entries = walkdir::WalkDir::new(&self.0)
            .into_iter()
            .map(Result::unwrap);
        entries.filter(|entry| entry.file_type().is_dir()).count()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Replaces two of the files and adds two, one of them in a new folder.
fn plan() -> Plan {
    let mut generated = Generated::default();
    for path in [
        "README.md",
        "src/main.rs",
        "src/deep/er/new.rs",
        "Cargo.toml",
    ] {
        let text = Cow::Owned(format!("new {path}"));
        let output = Output {
            text,
            class: Class::Owned,
            executable: false,
        };
        generated.files.insert(path.parse().unwrap(), output);
    }
    let existing = [("README.md", "old readme"), ("src/main.rs", "old main")];
    let existing = existing.map(|(path, text)| (path.parse().unwrap(), text.as_bytes().to_vec()));
    plan::plan(generated, existing.into())
}

/// Stops as a kill would: after the journal and this many renames, with nothing cleaned up.
fn killed_after(steps: usize, folder: &Folder) {
    let mut edit = prepared(folder);
    edit.journal.steps.truncate(steps);
    edit.perform(&mut |_| ()).unwrap();
}

fn prepared(folder: &Folder) -> Edit<'_> {
    Edit::prepare(&plan(), &folder.0, &["Cargo.lock".parse().unwrap()]).unwrap()
}

#[test]
fn replaces_and_adds_what_the_plan_names_and_nothing_else() {
    let folder = Folder::new("whole");
    edit(&plan(), &folder.0, &mut |_| ()).unwrap();
    let texts: Vec<String> = folder.files().into_iter().map(|(_, text)| text).collect();
    assert_eq!(
        texts,
        [
            "new Cargo.toml",
            "new README.md",
            "mine",
            "new src/deep/er/new.rs",
            "new src/main.rs"
        ]
    );
    assert!(!folder.0.join(WORK).exists());
}

#[test]
fn a_kill_after_any_number_of_steps_is_undone() {
    for steps in 0..=4 {
        let folder = Folder::new(&format!("steps-{steps}"));
        let (before, folders) = (folder.files(), folder.folders());
        killed_after(steps, &folder);
        assert_eq!(undo_interrupted(&folder.0).unwrap(), Aftermath::Undone);
        assert_eq!(
            (folder.files(), folder.folders()),
            (before, folders),
            "after {steps} steps"
        );
        assert_eq!(undo_interrupted(&folder.0).unwrap(), Aftermath::Nothing);
    }
}

#[test]
fn a_kill_before_the_journal_or_after_it_is_gone_leaves_only_litter() {
    let folder = Folder::new("litter");
    let before = folder.files();
    Work::begin(&folder.0).unwrap();
    fs::write(folder.0.join(WORK).join("0.new"), "half").unwrap();
    assert_eq!(undo_interrupted(&folder.0).unwrap(), Aftermath::Litter);
    assert_eq!(folder.files(), before);
}

#[test]
fn an_undo_that_is_killed_can_be_done_again() {
    let folder = Folder::new("twice");
    let before = folder.files();
    killed_after(4, &folder);
    // what the first undo got done: one file put back, one removed
    fs::rename(
        folder.0.join(WORK).join("kept/1.old"),
        folder.0.join("README.md"),
    )
    .unwrap();
    fs::remove_file(folder.0.join("src/deep/er/new.rs")).unwrap();
    assert_eq!(undo_interrupted(&folder.0).unwrap(), Aftermath::Undone);
    assert_eq!(folder.files(), before);
}

#[test]
fn what_its_owner_changed_after_a_kill_is_not_taken_back() {
    let folder = Folder::new("owner");
    killed_after(4, &folder);
    fs::write(folder.0.join("Cargo.toml"), "mine now").unwrap();
    fs::write(folder.0.join("README.md"), "mine too").unwrap();
    undo_interrupted(&folder.0).unwrap();
    let texts: Vec<String> = folder.files().into_iter().map(|(_, text)| text).collect();
    assert_eq!(texts, ["mine now", "mine too", "mine", "old main"]);
}

#[test]
fn a_failure_on_the_way_puts_everything_back() {
    let folder = Folder::new("failure");
    let (before, folders) = (folder.files(), folder.folders());
    let edit = prepared(&folder);
    // a folder where a file has to be: seen only while writing
    fs::create_dir_all(folder.0.join("Cargo.toml/x")).unwrap();
    assert!(edit.perform(&mut |_| ()).is_err());
    fs::remove_dir_all(folder.0.join("Cargo.toml")).unwrap();
    edit.put_back().unwrap();
    assert_eq!((folder.files(), folder.folders()), (before, folders));
}

#[test]
fn what_changed_since_planning_is_not_overwritten() {
    let folder = Folder::new("meantime");
    let (before, folders) = (folder.files(), folder.folders());
    let mut plan = plan();
    plan.changes[2].before = Some(b"something else".to_vec());
    let error = edit(&plan, &folder.0, &mut |_| ()).unwrap_err();
    assert!(
        error.to_string().contains("was changed in the meantime"),
        "{error:#}"
    );
    assert_eq!((folder.files(), folder.folders()), (before, folders));
}

#[test]
fn a_folder_at_work_is_left_alone() {
    let folder = Folder::new("busy");
    let _work = Work::begin(&folder.0).unwrap();
    let error = undo_interrupted(&folder.0).unwrap_err();
    assert!(
        error.to_string().contains("another mcp-auth is at work"),
        "{error:#}"
    );
}

#[test]
fn a_journal_that_points_outside_is_refused() {
    let folder = Folder::new("forged");
    Work::begin(&folder.0).unwrap();
    let journal =
        r#"{"steps":[{"path":"../../etc/passwd","existed":false,"sha256":""}],"folders":[]}"#;
    fs::write(folder.0.join(WORK).join(JOURNAL), journal).unwrap();
    assert!(undo_interrupted(&folder.0).is_err());
}

#[cfg(unix)]
#[test]
fn nothing_is_undone_behind_a_link() {
    let (folder, outside) = (Folder::new("link"), Folder::new("outside"));
    fs::remove_dir_all(folder.0.join("src")).unwrap();
    std::os::unix::fs::symlink(outside.0.join("src"), folder.0.join("src")).unwrap();
    let before = outside.files();
    Work::begin(&folder.0).unwrap();
    let sha256 = state::sha256("old main");
    let journal = format!(
        r#"{{"steps":[{{"path":"src/main.rs","existed":false,"sha256":"{sha256}"}}],"folders":[]}}"#
    );
    fs::write(folder.0.join(WORK).join(JOURNAL), journal).unwrap();
    undo_interrupted(&folder.0).unwrap();
    assert_eq!(outside.files(), before);
}

/// What cargo does between the beginning and the end.
fn lock_file(folder: &Folder, text: &str) {
    fs::write(folder.0.join("Cargo.lock"), text).unwrap();
}

#[test]
fn a_guarded_file_is_put_back_or_removed_whatever_became_of_it() {
    for there in [false, true] {
        let folder = Folder::new(&format!("guarded-{there}"));
        if there {
            lock_file(&folder, "mine");
        }
        let before = folder.files();
        let edit = prepared(&folder);
        lock_file(&folder, "cargo's");
        edit.perform(&mut |_| ()).unwrap();
        lock_file(&folder, "cargo's again");
        edit.put_back().unwrap();
        assert_eq!(folder.files(), before);
    }
}

fn kept(folder: &Folder) {
    let edit = prepared(folder);
    edit.perform(&mut |_| ()).unwrap();
    lock_file(folder, "cargo's");
    edit.keep().unwrap();
}

#[test]
fn what_was_kept_is_taken_back_without_a_trace() {
    let folder = Folder::new("back");
    let (before, folders) = (folder.files(), folder.folders());
    kept(&folder);
    assert!(!folder.0.join(WORK).exists());
    let record = Kept::last(&folder.0).unwrap().unwrap();
    assert_eq!(
        (record.replaced().count(), record.created().count()),
        (2, 2)
    );
    assert_eq!(record.ensure_unchanged().unwrap(), []);
    record.take_back().unwrap();
    assert_eq!((folder.files(), folder.folders()), (before, folders));
    assert!(Kept::last(&folder.0).unwrap().is_none());
}

#[test]
fn what_was_changed_since_is_named_and_the_lock_file_is_no_obstacle() {
    let folder = Folder::new("since");
    kept(&folder);
    lock_file(&folder, "newer");
    let record = Kept::last(&folder.0).unwrap().unwrap();
    assert_eq!(
        record.ensure_unchanged().unwrap(),
        ["Cargo.lock".parse().unwrap()]
    );
    fs::write(folder.0.join("README.md"), "mine").unwrap();
    fs::remove_file(folder.0.join("src/deep/er/new.rs")).unwrap();
    let error = record.ensure_unchanged().unwrap_err();
    assert_eq!(
        error.downcast_ref::<Refusal>().unwrap().problems.len(),
        2,
        "{error}"
    );
}

#[test]
fn a_kill_while_it_is_kept_or_taken_back_is_put_right() {
    let folder = Folder::new("between");
    let before = folder.files();
    kept(&folder);
    let after = folder.files();
    let record = folder.0.join(UNDO).join("1");
    let work = folder.0.join(WORK);
    // the journal is among what is kept, which is not in its place yet
    fs::create_dir(&work).unwrap();
    fs::rename(&record, work.join("kept")).unwrap();
    assert_eq!(undo_interrupted(&folder.0).unwrap(), Aftermath::Litter);
    assert_eq!(folder.files(), after);
    // the journal is back, and nothing else
    Work::begin(&folder.0).unwrap().reopen(1).unwrap();
    assert_eq!(undo_interrupted(&folder.0).unwrap(), Aftermath::Undone);
    assert_eq!(folder.files(), before);
}
