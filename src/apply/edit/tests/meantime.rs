use super::{
    folder::{Folder, prepared},
    *,
};

fn problems(error: &anyhow::Error) -> Vec<String> {
    let refusal = error.downcast_ref::<Refusal>().unwrap();
    let whats = refusal.problems.iter().map(|problem| problem.what.clone());
    whats.collect()
}

#[test]
fn what_is_saved_or_made_before_the_writing_stops_it() {
    for (path, text) in [("src/main.rs", "mine now"), ("src/deep/er/new.rs", "mine")] {
        let folder = Folder::new("before");
        let edit = prepared(&folder);
        fs::create_dir_all(folder.0.join("src/deep/er")).unwrap();
        fs::write(folder.0.join(path), text).unwrap();
        let before = folder.files();
        let error = edit.perform(&mut |_| ()).unwrap_err();
        assert_eq!(folder.files(), before);
        let error = edit.put_back_after(error);
        let expected = format!("{path} was changed in the meantime; nothing was changed");
        assert_eq!(problems(&error), [expected]);
        assert_eq!(fs::read_to_string(folder.0.join(path)).unwrap(), text);
        assert_eq!(
            fs::read_to_string(folder.0.join("README.md")).unwrap(),
            "old readme"
        );
    }
}

#[test]
fn what_is_saved_after_the_writing_stays_and_is_named() {
    let folder = Folder::new("after");
    let edit = prepared(&folder);
    edit.perform(&mut |_| ()).unwrap();
    fs::write(folder.0.join("src/main.rs"), "new src/main.rs and mine").unwrap();
    // its owner put this one back: nothing of ours is in it
    fs::write(folder.0.join("README.md"), "old readme").unwrap();
    let error = edit.put_back_after(Refusal::failed("it failed").into());
    assert_eq!(
        problems(&error),
        [
            "it failed",
            "src/main.rs was changed in the meantime and stays so, with our lines in it"
        ]
    );
    let texts: Vec<String> = folder.files().into_iter().map(|(_, text)| text).collect();
    assert_eq!(texts, ["old readme", "mine", "new src/main.rs and mine"]);
}

#[test]
fn a_refusal_without_a_hint_says_that_all_was_put_back() {
    let folder = Folder::new("hint");
    let edit = prepared(&folder);
    edit.perform(&mut |_| ()).unwrap();
    let error = edit.put_back_after(Refusal::failed("it failed").into());
    let hint = &error.downcast_ref::<Refusal>().unwrap().problems[0].hint;
    assert_eq!(hint.as_deref(), Some("everything was put back as it was"));
}
