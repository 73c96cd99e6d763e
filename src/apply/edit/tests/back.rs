use super::{
    folder::{Folder, prepared},
    *,
};
use crate::apply::Kept;

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
    edit.keep(Deed::Addition).unwrap();
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
    assert_eq!(
        undo_interrupted(&folder.0).unwrap(),
        Aftermath::Undone(vec![])
    );
    assert_eq!(folder.files(), before);
}

#[test]
fn a_guarded_file_that_changed_since_stays_even_when_the_taking_back_is_killed() {
    for killed in [false, true] {
        let folder = Folder::new(&format!("newer-{killed}"));
        kept(&folder);
        lock_file(&folder, "newer");
        if killed {
            Work::begin(&folder.0).unwrap().reopen(1).unwrap();
            undo_interrupted(&folder.0).unwrap();
        } else {
            Kept::last(&folder.0).unwrap().unwrap().take_back().unwrap();
        }
        let texts: Vec<String> = folder.files().into_iter().map(|(_, text)| text).collect();
        assert_eq!(texts, ["newer", "old readme", "mine", "old main"]);
    }
}

#[test]
fn a_record_of_what_git_took_back_is_passed_over() {
    let folder = Folder::new("stale");
    kept(&folder);
    fs::write(folder.0.join("README.md"), "old readme").unwrap();
    fs::write(folder.0.join("src/main.rs"), "old main").unwrap();
    fs::remove_file(folder.0.join("Cargo.toml")).unwrap();
    assert!(Kept::last(&folder.0).unwrap().is_some());
    fs::remove_file(folder.0.join("src/deep/er/new.rs")).unwrap();
    assert!(Kept::last(&folder.0).unwrap().is_none());
}

#[test]
fn a_record_with_the_highest_number_is_no_reason_to_panic() {
    let folder = Folder::new("highest");
    let (before, folders) = (folder.files(), folder.folders());
    let highest = folder.0.join(record::UNDO).join(u32::MAX.to_string());
    fs::create_dir_all(&highest).unwrap();
    let edit = prepared(&folder);
    edit.perform(&mut |_| ()).unwrap();
    let error = format!("{:#}", edit.keep(Deed::Addition).unwrap_err());
    assert!(error.contains("no number left"), "{error}");
    fs::remove_dir_all(folder.0.join(".mcp-auth")).unwrap();
    assert_eq!((folder.files(), folder.folders()), (before, folders));
}
