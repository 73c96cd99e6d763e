//! What owners write into generated files × each option: after the templates have a second generation, each file of each
//! ownership class ends as the decision table says, and a second run changes nothing.

mod support;

use std::process::Command;

use support::{
    Sandbox, differences,
    generations::next_folder,
    owner::{Project, text},
    subjects::{SEED, SUBJECTS, Subject, in_each_case, is_as_new},
};

#[test]
fn the_second_generation_is_a_valid_set() {
    let sandbox = Sandbox::new("check");
    sandbox
        .run(["templates", "check", &next_folder()])
        .succeeds();
}

#[test]
fn an_untouched_project_is_the_new_one() {
    in_each_case("untouched", |case, project, new| {
        let said = project.renewed(&[]);
        assert_eq!(said.code, Some(0), "{case}: {:#}", said.json);
        assert_eq!(said.action("src/serve.rs"), "replace");
        assert_eq!(said.action("src/log.rs"), "create");
        assert_eq!(said.action(".dockerignore"), "delete");
        assert_eq!(said.action("src/auth/bearer_token.rs"), "move");
        is_as_new(case, project, new);
        project.is_settled(&[]);
    });
}

#[test]
fn an_edit_far_from_ours_is_kept_beside_it() {
    in_each_case("far", |case, project, new| {
        for Subject { path, far, .. } in &SUBJECTS {
            project.edit(path, far.0, far.1);
        }
        project.edit(".dockerignore", "target", "target\nnotes");
        let said = project.renewed(&[]);
        assert_eq!(said.code, Some(0), "{case}: {:#}", said.json);
        for subject in &SUBJECTS {
            let path = subject.new_path;
            let now = project.read(path);
            if subject.is_seed {
                assert_eq!(said.action(path), "keep", "{case}");
                assert!(now.contains(subject.far.1) && now.contains(subject.near.0));
            } else {
                assert_eq!(said.action(path), "merge", "{case} {path}");
                let expected = text(&new[path]).replace(subject.far.0, subject.far.1);
                assert_eq!(now, expected, "{case} {path}");
            }
        }
        assert_eq!(said.action(".dockerignore"), "ungenerated");
        assert!(project.read(".dockerignore").contains("notes"));
        assert!(!project.exists("src/server.rs"), "{case}: it has moved");
        project.is_settled(&[]);
    });
}

#[test]
fn an_edit_at_the_same_place_is_a_conflict_and_nothing_is_written() {
    in_each_case("near", |case, project, new| {
        for Subject { path, near, .. } in &SUBJECTS {
            project.edit(path, near.0, near.1);
        }
        let before = project.tree();
        let said = project.renewed(&[]);
        assert_eq!(said.code, Some(3), "{case}: {:#}", said.json);
        assert_eq!(said.json["outcome"], "conflicts");
        for subject in SUBJECTS.iter().filter(|subject| !subject.is_seed) {
            assert_eq!(said.action(subject.new_path), "conflict", "{case}");
        }
        assert_eq!(differences(&before, &project.tree()), [""; 0], "{case}");

        project.renew(&["--conflict", "theirs"]).succeeds();
        for subject in &SUBJECTS {
            let path = subject.new_path;
            let now = project.read(path);
            match subject.is_seed {
                true => assert!(now.contains(subject.near.1), "{case} {path}"),
                false => assert_eq!(now, text(&new[path]), "{case} {path}"),
            }
        }
        project.is_settled(&[]);
    });
}

#[test]
fn a_reformatted_file_is_formatted_and_merged() {
    in_each_case("reformatted", |case, project, new| {
        let rust = || {
            SUBJECTS
                .iter()
                .filter(|subject| subject.path.ends_with(".rs"))
        };
        for subject in rust() {
            rustfmt(project, subject.path, &["--config", "hard_tabs=true"]);
        }
        let seed = project.read(SEED.path);
        let said = project.renewed(&[]);
        assert_eq!(said.code, Some(0), "{case}: {:#}", said.json);
        for subject in rust().filter(|subject| !subject.is_seed) {
            let path = subject.new_path;
            assert_eq!(said.action(path), "merge", "{case} {path}");
            rustfmt(project, path, &[]);
            assert_eq!(project.read(path), text(&new[path]), "{case} {path}");
        }
        assert_eq!(project.read(SEED.path), seed);
        project.is_settled(&[]);
    });
}

#[test]
fn a_checkout_with_other_line_ends_keeps_them() {
    in_each_case("crlf", |case, project, new| {
        let before = project.tree();
        for (path, bytes) in &before {
            project.write(path, &text(bytes).replace('\n', "\r\n"));
        }
        let said = project.renewed(&[]);
        assert_eq!(said.code, Some(0), "{case}: {:#}", said.json);
        let after = project.tree();
        let plain = after.iter().map(|(path, bytes)| {
            let plain = text(bytes).replace("\r\n", "\n");
            (path.clone(), plain.into_bytes())
        });
        assert_eq!(differences(new, &plain.collect()), [""; 0], "{case}");
        for (path, bytes) in project.files() {
            let bare = text(&bytes).replace("\r\n", "");
            let is_windows = before.contains_key(&path) || path == "src/routes.rs";
            assert!(
                !(is_windows && bare.contains('\n')),
                "{case} {path}: line ends"
            );
        }
        project.is_settled(&[]);
    });
}

fn rustfmt(project: &Project, path: &str, more: &[&str]) {
    let mut rustfmt = Command::new("rustfmt");
    rustfmt
        .args(["--edition", "2024", "--config", "skip_children=true"])
        .args(more);
    let status = rustfmt.arg(project.path(path)).status().unwrap();
    assert!(status.success(), "rustfmt {path}");
}
