//! The rows of the decision table: what becomes of the file, of its pristine copy and of its record.

use super::*;

#[test]
fn a_new_project_is_created_with_copies_and_record() {
    let project = Project::of(&[("owned.rs", "fn a() {}\n"), ("seed.rs", "fn b() {}\n")]);
    assert_eq!(project.text("owned.rs"), Some("fn a() {}\n"));
    assert_eq!(base(&project, "seed.rs"), Some("fn b() {}\n"));
    assert_eq!(project.record()[&path("seed.rs")].class, Class::Seed);
    assert!(is_current(&project));
}

#[test]
fn an_untouched_file_is_replaced_whatever_its_class() {
    for name in ["owned.rs", "merged.rs", "seed.rs"] {
        let mut project = Project::of(&[(name, "// 1\n")]);
        project.templates(&[(name, "// 2\n")]);
        let plan = project.regenerate();
        assert_eq!(writes(&plan), [(name, Kind::Replace)]);
        assert_eq!(project.text(name), Some("// 2\n"));
        assert_eq!(base(&project, name), Some("// 2\n"));
        assert_eq!(
            project.record()[&path(name)].sha256,
            state::sha256("// 2\n")
        );
    }
}

#[test]
fn an_untouched_file_with_other_line_ends_keeps_them() {
    let mut project = Project::of(&[("owned.rs", "// 1\n")]);
    project.write("owned.rs", "// 1\r\n");
    assert!(is_current(&project));
    project.templates(&[("owned.rs", "// 2\n")]);
    project.regenerate();
    assert_eq!(project.text("owned.rs"), Some("// 2\r\n"));
}

#[test]
fn what_the_templates_left_alone_is_kept() {
    let mut project = Project::of(&[("merged.txt", "1\n")]);
    project.write("merged.txt", "mine\n");
    assert_eq!(project.decision("merged.txt"), Decision::Keep);
    assert_eq!(writes(&project.regenerate()), []);
}

#[test]
fn what_its_owner_made_of_it_already_moves_the_copy_alone() {
    let mut project = Project::of(&[("owned.txt", "1\n")]);
    project.write("owned.txt", "2\n");
    project.templates(&[("owned.txt", "2\n")]);
    assert_eq!(project.decision("owned.txt"), Decision::Same);
    assert!(drifting(&project) == 0);
    assert_eq!(writes(&project.regenerate()), []);
    assert_eq!(base(&project, "owned.txt"), Some("2\n"));
}

#[test]
fn a_new_file_is_created() {
    let mut project = Project::of(&[("a.txt", "1\n")]);
    project.templates(&[("a.txt", "1\n"), ("b/c.txt", "2\n")]);
    assert_eq!(writes(&project.regenerate()), [("b/c.txt", Kind::Create)]);
    assert_eq!(base(&project, "b/c.txt"), Some("2\n"));
}

#[test]
fn a_file_of_its_owner_in_the_place_of_a_new_one_stays_and_the_new_one_lies_beside() {
    let mut project = Project::of(&[]);
    project.write("a.txt", "mine\n");
    project.templates(&[("a.txt", "1\n")]);
    let plan = project.regenerate();
    assert_eq!(writes(&plan), [(".mcp-auth/incoming/a.txt", Kind::Create)]);
    assert_eq!(project.text("a.txt"), Some("mine\n"));
    assert!(project.record().is_empty(), "it is offered again");

    project.templates(&[("a.txt", "2\n")]);
    project.regenerate();
    assert_eq!(project.text(".mcp-auth/incoming/a.txt"), Some("2\n"));

    let settled = Settled::from([(path("a.txt"), Settlement::AsItIs)]);
    project.regenerate_with(&settled);
    assert_eq!(project.text(".mcp-auth/incoming/a.txt"), None);
    assert_eq!(project.decision("a.txt"), Decision::Keep);
}

#[test]
fn a_seed_that_was_there_before_is_kept_and_offered_no_more() {
    let mut project = Project::of(&[]);
    project.write("seed.txt", "mine\n");
    project.templates(&[("seed.txt", "1\n")]);
    assert_eq!(project.decision("seed.txt"), Decision::Keep);
    assert_eq!(writes(&project.regenerate()), []);
    assert!(project.record().contains_key(&path("seed.txt")));
}

#[test]
fn what_its_owner_deleted_stays_deleted_and_that_is_said_once() {
    let mut project = Project::of(&[("a.txt", "1\n")]);
    project.remove("a.txt");
    let is_news = |project: &Project| project.look(|renewal| renewal.files[0].is_news);
    assert!(is_news(&project));
    let plan = project.regenerate();
    assert_eq!(writes(&plan), []);
    assert!(!is_news(&project));
    assert!(project.record()[&path("a.txt")].deleted);
    project.templates(&[("a.txt", "2\n")]);
    assert_eq!(writes(&project.regenerate()), []);
    assert_eq!(base(&project, "a.txt"), Some("1\n"));
    assert_eq!(project.decision("a.txt"), Decision::StaysDeleted);
}

#[test]
fn what_was_deleted_comes_back_if_its_owner_asks_for_it() {
    let mut project = Project::of(&[("a.txt", "1\n")]);
    project.remove("a.txt");
    project.regenerate();
    project.templates(&[("a.txt", "2\n")]);
    project.restored.insert(path("a.txt"));
    assert_eq!(writes(&project.regenerate()), [("a.txt", Kind::Create)]);
    let record = &project.record()[&path("a.txt")];
    assert!(!record.deleted);
    assert_eq!(record.sha256, state::sha256("2\n"));
}

#[test]
fn what_its_owner_wrote_anew_is_no_longer_called_deleted() {
    let mut project = Project::of(&[("a.txt", "1\n")]);
    project.remove("a.txt");
    project.regenerate();
    project.write("a.txt", "mine\n");
    project.regenerate();
    assert!(!project.record()[&path("a.txt")].deleted);
}

#[test]
fn what_is_no_longer_generated_goes_with_its_copy_and_record() {
    let mut project = Project::of(&[("a.txt", "1\n"), ("b.txt", "1\n")]);
    project.templates(&[("a.txt", "1\n")]);
    assert_eq!(writes(&project.regenerate()), [("b.txt", Kind::Delete)]);
    assert_eq!(base(&project, "b.txt"), None);
    assert!(!project.record().contains_key(&path("b.txt")));
}

#[test]
fn what_is_no_longer_generated_but_edited_becomes_its_owners() {
    let mut project = Project::of(&[("a.txt", "1\n")]);
    project.write("a.txt", "mine\n");
    project.templates(&[]);
    assert_eq!(project.decision("a.txt"), Decision::KeepUngenerated);
    assert_eq!(writes(&project.regenerate()), []);
    assert_eq!(project.text("a.txt"), Some("mine\n"));
    assert_eq!(base(&project, "a.txt"), None);
    assert!(project.record().is_empty());
}

#[test]
fn what_is_no_longer_generated_and_deleted_is_forgotten() {
    let mut project = Project::of(&[("a.txt", "1\n")]);
    project.remove("a.txt");
    project.templates(&[]);
    assert_eq!(writes(&project.regenerate()), []);
    assert!(project.record().is_empty());
}
