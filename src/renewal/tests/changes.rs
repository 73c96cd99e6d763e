//! What the history of the templates says about a project: the changes that it lacks, advisories, `--security-only`.

use crate::changes::Severity;

use super::*;

const CHANGES: &str = r#"
[[change]]
number = 1
date = "2026-01-01"
intent = "says more"
files = ["a.txt", "src/auth/"]

[[change]]
number = 2
date = "2026-02-01"
intent = "checks the audience"
files = ["b.txt", "new.txt"]
advisory = { severity = "low", text = "Anybody can." }

[[change]]
number = 3
date = "2026-03-01"
intent = "checks the issuer"
files = ["src/auth/"]
advisory = { severity = "critical", text = "Everybody can." }
"#;

const OLD: Files<'_> = &[
    ("a.txt", "1\n"),
    ("b.txt", "1\n"),
    ("c.txt", "1\n"),
    ("src/auth/x.rs", "// 1\n"),
];
const NEW: Files<'_> = &[
    ("a.txt", "2\n"),
    ("b.txt", "2\n"),
    ("c.txt", "2\n"),
    ("new.txt", "2\n"),
    ("other.txt", "2\n"),
    ("src/auth/x.rs", "// 2\n"),
];

fn behind() -> Project {
    let mut project = Project::of(OLD);
    project.changes(CHANGES);
    project.templates(NEW);
    project
}

fn advisories(project: &Project) -> Vec<(u32, Vec<String>)> {
    project.look(|renewal| {
        let advisories = renewal.advisories().into_iter();
        let named = advisories.map(|(change, files)| {
            (
                change.number,
                files.iter().map(ToString::to_string).collect(),
            )
        });
        named.collect()
    })
}

#[test]
fn each_file_has_the_changes_that_its_copy_lacks() {
    let project = behind();
    let numbers = project.look(|renewal| {
        let files = renewal.files.iter();
        let numbers =
            |file: &Renewed<'_>| file.changes.iter().map(|change| change.number).collect();
        files
            .map(|file| (file.path.to_string(), numbers(file)))
            .collect::<Vec<(String, Vec<u32>)>>()
    });
    let expected = [
        ("a.txt", &[1][..]),
        ("b.txt", &[2]),
        ("c.txt", &[]),
        ("new.txt", &[2]),
        ("other.txt", &[]),
        ("src/auth/x.rs", &[1, 3]),
    ];
    assert_eq!(
        numbers,
        expected.map(|(path, numbers)| (path.to_owned(), numbers.to_vec()))
    );
}

#[test]
fn advisories_come_worst_first_and_are_closed_by_the_regeneration() {
    let mut project = behind();
    let expected = [
        (3, vec!["src/auth/x.rs".to_owned()]),
        (2, vec!["b.txt".to_owned()]),
    ];
    assert_eq!(advisories(&project), expected);
    let worst = project.look(|renewal| {
        renewal.advisories()[0]
            .0
            .advisory
            .as_ref()
            .unwrap()
            .severity
    });
    assert_eq!(worst, Severity::Critical);
    project.regenerate();
    assert_eq!(advisories(&project), []);
    let revisions = |name: &str| project.record()[&path(name)].revision;
    assert_eq!(
        ["a.txt", "b.txt", "c.txt", "new.txt"].map(revisions),
        [1, 2, 0, 2]
    );
}

#[test]
fn an_advisory_about_files_that_are_the_same_here_is_none() {
    let mut project = Project::of(OLD);
    project.changes(CHANGES);
    assert_eq!(advisories(&project), []);
    project.regenerate();
    let record = project.record();
    assert_eq!(
        record[&path("src/auth/x.rs")].revision,
        3,
        "it is about this file, though nothing changed"
    );
    assert_eq!(
        record[&path("c.txt")].revision,
        0,
        "it has nothing to do with it"
    );
}

#[test]
fn a_file_that_its_owner_deleted_is_not_in_danger() {
    let mut project = behind();
    project.remove("b.txt");
    project.remove("src/auth/x.rs");
    assert_eq!(advisories(&project), []);
}

#[test]
fn an_advisory_stays_open_while_its_conflict_does() {
    let mut project = behind();
    project.write("b.txt", "mine\n");
    project.regenerate();
    assert_eq!(advisories(&project), [(2, vec!["b.txt".to_owned()])]);
    let settled = Settled::from([(path("b.txt"), Settlement::File("mine\n".into()))]);
    project.regenerate_with(&settled);
    assert_eq!(advisories(&project), []);
}

#[test]
fn security_only_takes_what_an_open_advisory_is_about_and_nothing_else() {
    let mut project = behind();
    project.security_only = true;
    project.write("a.txt", "mine\n");
    project.remove("c.txt");
    let plan = project.regenerate();
    assert_eq!(
        writes(&plan),
        [
            ("b.txt", Kind::Replace),
            ("new.txt", Kind::Create),
            ("src/auth/x.rs", Kind::Replace)
        ]
    );
    assert_eq!(base(&project, "a.txt"), Some("1\n"));
    assert_eq!(project.record()[&path("a.txt")].revision, 0);
    assert_eq!(advisories(&project), []);

    project.security_only = false;
    let plan = project.regenerate();
    assert_eq!(
        writes(&plan),
        [
            (".mcp-auth/incoming/a.txt", Kind::Create),
            ("other.txt", Kind::Create)
        ]
    );
}

#[test]
fn with_security_only_nothing_is_deleted_or_moved_for_other_reasons() {
    let mut project = behind();
    project.security_only = true;
    project.templates(&[("b.txt", "1\n"), ("moved.txt", "1\n")]);
    project.changes(&CHANGES.replace(
        "[\"a.txt\", \"src/auth/\"]",
        "[]\nrenamed = { \"a.txt\" = \"moved.txt\" }",
    ));
    let plan = project.regenerate();
    assert_eq!(
        writes(&plan),
        [("src/auth/x.rs", Kind::Delete)],
        "an advisory is about it"
    );
    assert_eq!(project.text("a.txt"), Some("1\n"));
    assert_eq!(project.text("moved.txt"), None);
}

#[test]
fn new_files_of_another_option_have_no_history_of_their_own() {
    let mut project = Project::of(&[("a.txt", "1\n")]);
    project.changes(CHANGES);
    project.regenerate();
    project.templates(&[("a.txt", "1\n"), ("src/auth/y.rs", "// 1\n")]);
    project.look(|renewal| assert!(renewal.files[1].changes.is_empty()));
}

#[test]
fn a_project_regenerated_records_what_a_new_one_does() {
    let mut old = behind();
    old.regenerate();
    let mut new = behind();
    new.tree.clear();
    new.regenerate();
    assert_eq!(old.tree, new.tree);
}

#[test]
fn an_edited_file_of_an_unknown_generation_may_lack_every_change() {
    let mut project = Project::of(NEW);
    project.changes(CHANGES);
    project.write("b.txt", "1\n");
    assert_eq!(advisories(&project), [(2, vec!["b.txt".to_owned()])]);
    project.regenerate();
    assert_eq!(advisories(&project), [], "its owner has been told");
}

#[test]
fn a_fix_for_a_seed_that_is_its_owners_lies_beside_it_until_they_have_settled_it() {
    let mut project = Project::of(&[("seed.rs", "// 1\n"), ("seed_too.rs", "// 1\n")]);
    project.changes(&CHANGES.replace("src/auth/\"]\nadvisory", "seed.rs\"]\nadvisory"));
    project.templates(&[("seed.rs", "// 2\n"), ("seed_too.rs", "// 2\n")]);
    project.write("seed.rs", "// mine\n");
    project.write("seed_too.rs", "// mine\n");
    for _ in 0..2 {
        project.regenerate();
        assert_eq!(project.text("seed.rs"), Some("// mine\n"));
        assert_eq!(project.text(".mcp-auth/incoming/seed.rs"), Some("// 2\n"));
        assert_eq!(project.text(".mcp-auth/incoming/seed_too.rs"), None);
        assert_eq!(advisories(&project), [(3, vec!["seed.rs".to_owned()])]);
    }
    project.regenerate_with(&Settled::from([(path("seed.rs"), Settlement::AsItIs)]));
    assert_eq!(advisories(&project), []);
    assert_eq!(project.text(".mcp-auth/incoming/seed.rs"), None);
}
