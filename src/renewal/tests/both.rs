//! Files that both sides have changed.

use super::*;

const FAR: &str = "one\ntwo\nthree\nfour\nfive\n";

#[test]
fn edits_far_from_each_other_are_merged() {
    for (name, drifts) in [("merged.txt", false), ("owned.txt", true)] {
        let mut project = Project::of(&[(name, FAR)]);
        project.write(name, FAR.replace("one", "ONE"));
        project.templates(&[(name, &FAR.replace("five", "FIVE"))]);
        assert_eq!(drifting(&project), usize::from(drifts));
        assert_eq!(writes(&project.regenerate()), [(name, Kind::Replace)]);
        assert_eq!(project.text(name), Some("ONE\ntwo\nthree\nfour\nFIVE\n"));
        assert_eq!(base(&project, name), Some("one\ntwo\nthree\nfour\nFIVE\n"));
        assert!(is_current(&project));
    }
}

#[test]
fn a_touched_seed_is_kept_and_its_copy_moves() {
    let mut project = Project::of(&[("seed.txt", FAR)]);
    project.write("seed.txt", FAR.replace("one", "ONE"));
    project.templates(&[("seed.txt", &FAR.replace("five", "FIVE"))]);
    assert_eq!(project.decision("seed.txt"), Decision::Keep);
    assert_eq!(writes(&project.regenerate()), []);
    assert_eq!(
        base(&project, "seed.txt"),
        Some("one\ntwo\nthree\nfour\nFIVE\n")
    );
}

fn in_conflict() -> Project {
    let mut project = Project::of(&[("a.txt", "1\n")]);
    project.write("a.txt", "mine\n");
    project.templates(&[("a.txt", "2\n")]);
    project
}

#[test]
fn a_conflict_that_nobody_settles_changes_nothing_and_lies_under_incoming() {
    let mut project = in_conflict();
    assert_eq!(project.look(|renewal| renewal.conflicts().count()), 1);
    let plan = project.regenerate();
    assert_eq!(writes(&plan), [(".mcp-auth/incoming/a.txt", Kind::Create)]);
    assert_eq!(base(&project, "a.txt"), Some("1\n"));
    assert_eq!(project.text("a.txt"), Some("mine\n"));
    assert_eq!(project.look(|renewal| renewal.conflicts().count()), 1);
}

#[test]
fn a_conflict_that_is_settled_moves_the_copy() {
    for text in ["mine\n", "2\n", "both\n"] {
        let mut project = in_conflict();
        project.regenerate();
        let settled = Settled::from([(path("a.txt"), Settlement::File(text.into()))]);
        project.regenerate_with(&settled);
        assert_eq!(project.text("a.txt"), Some(text));
        assert_eq!(base(&project, "a.txt"), Some("2\n"));
        assert_eq!(
            project.text(".mcp-auth/incoming/a.txt"),
            None,
            "it is no longer offered"
        );
        assert_eq!(project.look(|renewal| renewal.conflicts().count()), 0);
    }
}

#[test]
fn the_class_in_the_record_wins() {
    let mut project = Project::of(&[("owned.txt", FAR)]);
    let record = project
        .text(state::FILE)
        .unwrap()
        .replace("class = \"owned\"", "class = \"seed\"");
    project.write(state::FILE, record);
    project.write("owned.txt", "mine\n");
    project.templates(&[("owned.txt", &FAR.replace("five", "FIVE"))]);
    assert_eq!(project.decision("owned.txt"), Decision::Keep);
    assert!(drifting(&project) == 0);
    project.regenerate();
    assert_eq!(project.record()[&path("owned.txt")].class, Class::Seed);
}

#[test]
fn markers_that_nobody_has_taken_out_are_noted_each_time() {
    let mut project = in_conflict();
    let marked = "<<<<<<< yours\nmine\n=======\n2\n>>>>>>> templates\n";
    let settled = Settled::from([(path("a.txt"), Settlement::File(marked.into()))]);
    project.regenerate_with(&settled);
    let unfinished =
        |project: &Project| project.look(|renewal| renewal.files[0].unfinished.clone());
    assert_eq!(unfinished(&project), [1]);
    assert_eq!(project.decision("a.txt"), Decision::Keep);
    project.write("a.txt", "both\n");
    assert_eq!(unfinished(&project), [0; 0]);

    let mut project = Project::of(&[("a.txt", marked)]);
    project.write("a.txt", format!("{marked}more\n"));
    assert_eq!(
        unfinished(&project),
        [0; 0],
        "the templates are about markers"
    );
}
