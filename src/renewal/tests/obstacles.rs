//! What cannot be read or merged is never written.

use super::*;

fn there(there: Present) -> Project {
    let mut project = Project::of(&[("a.txt", "1\n")]);
    project.tree.insert(path("a.txt"), there);
    project
}

#[test]
fn behind_a_link_or_a_folder_nothing_is_written() {
    for (present, obstacle) in [
        (Present::Link, Obstacle::Link),
        (Present::NotAFile, Obstacle::NotAFile),
    ] {
        let mut project = there(present);
        assert_eq!(
            project.decision("a.txt"),
            Decision::Keep,
            "there is nothing new"
        );
        project.templates(&[("a.txt", "2\n")]);
        assert_eq!(project.decision("a.txt"), Decision::NotMergeable(obstacle));
        assert_eq!(project.look(|renewal| renewal.conflicts().count()), 0);
        let plan = project.regenerate();
        assert_eq!(writes(&plan), [(".mcp-auth/incoming/a.txt", Kind::Create)]);
        assert_eq!(
            project.record()[&path("a.txt")].sha256,
            state::sha256("1\n")
        );

        for settlement in [Settlement::AsItIs, Settlement::File("x".into())] {
            let mut project = Project {
                tree: project.tree.clone(),
                ..there(Present::Link)
            };
            project.templates(&[("a.txt", "2\n")]);
            let settled = Settled::from([(path("a.txt"), settlement)]);
            let plan = project.regenerate_with(&settled);
            assert_eq!(writes(&plan), [(".mcp-auth/incoming/a.txt", Kind::Delete)]);
            assert_eq!(project.decision("a.txt"), Decision::Keep);
        }

        project.templates(&[]);
        assert_eq!(project.decision("a.txt"), Decision::KeepUngenerated);
        project.regenerate();
        assert!(project.record().is_empty());
    }
}

#[test]
fn a_new_file_does_not_go_through_a_link() {
    let mut project = Project::of(&[]);
    project.tree.insert(path("a.txt"), Present::Link);
    project.templates(&[("a.txt", "1\n")]);
    assert_eq!(
        project.decision("a.txt"),
        Decision::NotMergeable(Obstacle::Link)
    );
    project.regenerate();
    assert!(project.record().is_empty());
}

#[test]
fn what_is_no_text_stays_as_it_is() {
    let mut project = there(Present::File(vec![0xff, 0]));
    project.templates(&[("a.txt", "2\n")]);
    assert_eq!(
        project.decision("a.txt"),
        Decision::NotMergeable(Obstacle::Binary)
    );
    let plan = project.regenerate();
    assert_eq!(writes(&plan), [(".mcp-auth/incoming/a.txt", Kind::Create)]);
    let settled = Settled::from([(path("a.txt"), Settlement::AsItIs)]);
    project.regenerate_with(&settled);
    assert_eq!(project.decision("a.txt"), Decision::Keep);
}

#[test]
fn an_unfinished_merge_is_finished_first() {
    let mut project = there(Present::File(
        b"<<<<<<< yours\n1\n=======\n2\n>>>>>>> templates\n".to_vec(),
    ));
    project.templates(&[("a.txt", "3\n")]);
    assert_eq!(
        project.decision("a.txt"),
        Decision::NotMergeable(Obstacle::Unfinished(1))
    );
    project.regenerate();
    assert_eq!(project.text(".mcp-auth/incoming/a.txt"), Some("3\n"));
}

#[test]
fn a_broken_copy_is_put_right() {
    let mut project = Project::of(&[("a.txt", "1\n")]);
    let inputs = Inputs {
        kept: BTreeMap::from([(path(".mcp-auth/base/stray.txt"), b"x".to_vec())]),
        ..project.inputs()
    };
    let plan = renewal(&inputs, NO_FORMATTER)
        .unwrap()
        .plan(&Settled::new())
        .unwrap();
    let kinds: Vec<(&str, Kind)> = plan
        .writes()
        .map(|change| (change.path.as_str(), change.kind))
        .collect();
    assert_eq!(
        kinds,
        [
            (".mcp-auth/base/a.txt", Kind::Create),
            (".mcp-auth/base/stray.txt", Kind::Delete)
        ]
    );
    project.regenerate();
}
