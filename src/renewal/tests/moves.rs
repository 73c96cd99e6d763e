//! Files that the templates have given another path.

use super::*;

const TEXT: &str = "one\ntwo\nthree\nfour\nfive\n";

const MOVED: &str = r#"
[[change]]
number = 1
date = "2026-01-01"
intent = "b is a better name"
files = []
renamed = { "a.txt" = "b.txt" }
"#;

fn moved(text: &str) -> Project {
    let mut project = Project::of(&[("a.txt", TEXT)]);
    project.changes(MOVED);
    project.templates(&[("b.txt", text)]);
    project
}

fn ends_at(project: &Project, name: &str, text: &str) {
    assert_eq!(project.text(name), Some(text));
    assert!(project.text(&format!("{BASE}{name}")).is_some());
    let record = project.record();
    assert_eq!(
        record.keys().map(RelativePath::as_str).collect::<Vec<_>>(),
        [name]
    );
    assert_eq!(record[&path(name)].revision, 1);
}

#[test]
fn an_untouched_file_follows() {
    let mut project = moved("two\n");
    let plan = project.regenerate();
    assert_eq!(
        writes(&plan),
        [("a.txt", Kind::Delete), ("b.txt", Kind::Create)]
    );
    let change = plan
        .changes
        .iter()
        .find(|change| change.path == path("b.txt"));
    assert_eq!(change.unwrap().moved_from, Some(path("a.txt")));
    ends_at(&project, "b.txt", "two\n");
}

#[test]
fn the_edits_of_its_owner_follow_too() {
    for new in [TEXT.to_owned(), TEXT.replace("five", "FIVE")] {
        let mut project = moved(&new);
        project.write("a.txt", TEXT.replace("one", "ONE"));
        project.regenerate();
        ends_at(&project, "b.txt", &new.replace("one", "ONE"));
        assert_eq!(project.text("a.txt"), None);
    }
}

#[test]
fn with_a_conflict_it_moves_once_that_is_settled() {
    let mut project = moved("two\n");
    project.write("a.txt", "mine\n");
    let plan = project.regenerate();
    assert_eq!(writes(&plan), [(".mcp-auth/incoming/b.txt", Kind::Create)]);
    assert_eq!(project.text("a.txt"), Some("mine\n"));
    assert!(project.record().contains_key(&path("a.txt")));
    let settled = Settled::from([(path("b.txt"), Settlement::File("both\n".into()))]);
    let plan = project.regenerate_with(&settled);
    assert_eq!(
        writes(&plan),
        [
            (".mcp-auth/incoming/b.txt", Kind::Delete),
            ("a.txt", Kind::Delete),
            ("b.txt", Kind::Create)
        ]
    );
    ends_at(&project, "b.txt", "both\n");
}

#[test]
fn what_was_deleted_stays_deleted_under_its_new_name() {
    let mut project = moved("two\n");
    project.remove("a.txt");
    assert_eq!(writes(&project.regenerate()), []);
    assert!(project.record()[&path("b.txt")].deleted);
    assert_eq!(project.text("b.txt"), None);
    assert_eq!(project.text(".mcp-auth/base/b.txt"), Some(TEXT));
    assert_eq!(project.text(".mcp-auth/base/a.txt"), None);
}

#[test]
fn it_does_not_move_onto_what_is_its_owners() {
    let mut project = moved("two\n");
    project.write("b.txt", "mine\n");
    let plan = project.regenerate();
    assert_eq!(
        writes(&plan),
        [
            (".mcp-auth/incoming/b.txt", Kind::Create),
            ("a.txt", Kind::Delete)
        ]
    );
    assert_eq!(project.text("b.txt"), Some("mine\n"));
}

#[test]
fn what_is_no_text_does_not_move() {
    for there in [Present::Link, Present::File(vec![0xff])] {
        let mut project = moved("two\n");
        project.tree.insert(path("a.txt"), there.clone());
        assert_eq!(writes(&project.regenerate()), [("b.txt", Kind::Create)]);
        assert_eq!(project.tree[&path("a.txt")], there);
    }
}

#[test]
fn a_file_that_keeps_its_path_does_not_move() {
    let mut project = moved("two\n");
    project.templates(&[("a.txt", TEXT), ("b.txt", "two\n")]);
    assert_eq!(writes(&project.regenerate()), [("b.txt", Kind::Create)]);
}

const CHAIN: &str = r#"
[[change]]
number = 2
date = "2026-02-01"
intent = "c is better still"
files = []
renamed = { "b.txt" = "c.txt" }
"#;

#[test]
fn renames_are_followed_one_after_the_other() {
    let mut project = moved("unused");
    project.changes(&format!("{MOVED}{CHAIN}"));
    project.templates(&[("c.txt", "three\n")]);
    project.regenerate();
    assert_eq!(project.text("c.txt"), Some("three\n"));
    assert_eq!(project.text("a.txt"), None);

    let mut project = moved(TEXT);
    project.write("a.txt", TEXT.replace("one", "ONE"));
    project.regenerate();
    project.changes(&format!("{CHAIN}{MOVED}"));
    project.templates(&[("c.txt", TEXT)]);
    project.regenerate();
    assert_eq!(
        project.text("c.txt"),
        Some(TEXT.replace("one", "ONE").as_str())
    );
    assert_eq!(project.record()[&path("c.txt")].revision, 2);
}

#[test]
fn a_name_that_is_used_again_later_is_another_file() {
    let mut project = moved("two\n");
    project.regenerate();
    project.templates(&[("a.txt", "new\n"), ("b.txt", "two\n")]);
    project.changes(&format!(
        "{MOVED}{}",
        CHAIN.replace(
            "files = []\nrenamed = { \"b.txt\" = \"c.txt\" }",
            "files = [\"a.txt\"]"
        )
    ));
    project.regenerate();
    assert_eq!(project.record()[&path("a.txt")].revision, 2);
    project.templates(&[("b.txt", "two\n"), ("d.txt", "x\n")]);
    assert_eq!(
        writes(&project.regenerate()),
        [("a.txt", Kind::Delete), ("d.txt", Kind::Create)]
    );
}
