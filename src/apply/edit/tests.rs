mod back;
mod deleted;
mod folder;
mod meantime;

use std::fs;

use super::{
    work::{JOURNAL, WORK},
    *,
};
use crate::apply::Aftermath;
use folder::{Folder, killed_after, plan, prepared};

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
        assert_eq!(
            undo_interrupted(&folder.0).unwrap(),
            Aftermath::Undone(vec![])
        );
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
    assert_eq!(
        undo_interrupted(&folder.0).unwrap(),
        Aftermath::Undone(vec![])
    );
    assert_eq!(folder.files(), before);
}

#[test]
fn what_its_owner_changed_after_a_kill_is_not_taken_back() {
    let folder = Folder::new("owner");
    killed_after(4, &folder);
    fs::write(folder.0.join("Cargo.toml"), "mine now").unwrap();
    fs::write(folder.0.join("README.md"), "mine too").unwrap();
    let stayed = ["Cargo.toml", "README.md"].map(|path| path.parse().unwrap());
    let aftermath = undo_interrupted(&folder.0).unwrap();
    assert_eq!(aftermath, Aftermath::Undone(stayed.to_vec()));
    let texts: Vec<String> = folder.files().into_iter().map(|(_, text)| text).collect();
    assert_eq!(texts, ["mine now", "mine too", "mine", "old main"]);
}

#[test]
fn a_failure_on_the_way_puts_everything_back_and_says_so() {
    let folder = Folder::new("failure");
    let (before, folders) = (folder.files(), folder.folders());
    let edit = prepared(&folder);
    // one of the new texts is missing: seen only while writing
    fs::remove_file(folder.0.join(WORK).join("3.new")).unwrap();
    let error = edit.perform(&mut |_| ()).unwrap_err();
    assert_ne!(folder.files(), before);
    let error = format!("{:#}", edit.put_back_after(error));
    assert!(error.contains("was put back: cannot write"), "{error}");
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
        format!("{error:#}").contains("was changed in the meantime"),
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

#[test]
fn a_journal_that_guards_more_than_the_lock_file_is_refused() {
    let folder = Folder::new("guards");
    let before = folder.files();
    Work::begin(&folder.0).unwrap();
    let journal = r#"{"steps":[{"path":"notes.txt","existed":false,"sha256":null}],"folders":[]}"#;
    let work = folder.0.join(WORK);
    fs::write(work.join(JOURNAL), journal).unwrap();
    let error = format!("{:#}", undo_interrupted(&folder.0).unwrap_err());
    assert!(error.contains("guards notes.txt"), "{error}");
    assert_eq!(fs::read_to_string(work.join(".gitignore")).unwrap(), "*\n");
    fs::remove_dir_all(work).unwrap();
    assert_eq!(folder.files(), before);
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

    Work::begin(&folder.0).unwrap();
    let journal =
        r#"{"steps":[{"path":"src/Cargo.lock","existed":true,"sha256":null}],"folders":[]}"#;
    let work = folder.0.join(WORK);
    fs::create_dir(work.join("kept")).unwrap();
    fs::write(work.join("kept/0.old"), "forged").unwrap();
    fs::write(work.join(JOURNAL), journal).unwrap();
    undo_interrupted(&folder.0).unwrap();
    assert_eq!(outside.files(), before);
}
