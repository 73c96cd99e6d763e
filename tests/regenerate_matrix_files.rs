//! What owners do with generated files × each option: deleted, renamed, read-only, a symbolic link. After the templates have
//! a second generation, each ends as the decision table says, and a second run changes nothing.
#![cfg(unix)]

mod support;

use std::{
    fs,
    os::unix::fs::{PermissionsExt, symlink},
};

use support::{
    differences,
    owner::text,
    subjects::{MANIFEST, MERGED, OWNED, SEED, SUBJECTS, Subject, in_each_case, is_as_new},
};

#[test]
fn what_was_deleted_stays_deleted_until_it_is_restored() {
    in_each_case("deleted", |case, project, new| {
        for subject in &SUBJECTS {
            project.delete(subject.path);
        }
        let said = project.renewed(&[]);
        assert_eq!(said.code, Some(0), "{case}: {:#}", said.json);
        for subject in &SUBJECTS {
            assert_eq!(said.action(subject.new_path), "stays-deleted", "{case}");
            assert!(!project.exists(subject.path) && !project.exists(subject.new_path));
        }
        project.is_settled(&[]);
        let restore = SUBJECTS
            .each_ref()
            .map(|subject| ["--restore", subject.new_path]);
        project.renew(&restore.concat()).succeeds();
        is_as_new(case, project, new);
        project.is_settled(&[]);
    });
}

#[test]
fn what_its_owner_renamed_is_not_made_again() {
    in_each_case("renamed", |case, project, _| {
        for (subject, number) in SUBJECTS.iter().zip(1..) {
            project.rename(subject.path, &format!("src/mine{number}.rs"));
        }
        let mine = |number| project.read(&format!("src/mine{number}.rs"));
        let before: Vec<String> = (1..=SUBJECTS.len()).map(mine).collect();
        let said = project.renewed(&[]);
        assert_eq!(said.code, Some(0), "{case}: {:#}", said.json);
        for subject in &SUBJECTS {
            assert!(!project.exists(subject.path) && !project.exists(subject.new_path));
        }
        assert_eq!((1..=SUBJECTS.len()).map(mine).collect::<Vec<_>>(), before);
        project.is_settled(&[]);
    });
}

#[test]
fn a_read_only_file_is_named_and_nothing_is_written_until_it_can_be() {
    in_each_case("read-only", |case, project, new| {
        let set_mode = |mode| {
            for subject in &SUBJECTS {
                let mode = fs::Permissions::from_mode(mode);
                fs::set_permissions(project.path(subject.path), mode).unwrap();
            }
        };
        set_mode(0o444);
        let before = project.tree();
        let locked = SUBJECTS.each_ref().map(|subject| subject.path);
        project
            .renew(&[])
            .fails(1, &[&locked[..], &["is read-only"]].concat());
        assert_eq!(differences(&before, &project.tree()), [""; 0], "{case}");
        set_mode(0o640);
        project.renew(&[]).succeeds();
        is_as_new(case, project, new);
        for subject in &SUBJECTS {
            let meta = fs::metadata(project.path(subject.new_path)).unwrap();
            let mode = meta.permissions().mode() & 0o777;
            assert_eq!(mode, 0o640, "{case} {}", subject.new_path);
        }
        project.is_settled(&[]);
    });
}

#[test]
fn nothing_is_written_through_a_symbolic_link() {
    in_each_case("link", |case, project, new| {
        let linked = [OWNED, MERGED, MANIFEST, SEED];
        for (subject, number) in linked.iter().zip(1..) {
            let target = format!("elsewhere{number}");
            project.rename(subject.path, &target);
            symlink(project.path(&target), project.path(subject.path)).unwrap();
        }
        let elsewhere = |number| project.read(&format!("elsewhere{number}"));
        let before: Vec<String> = (1..=linked.len()).map(elsewhere).collect();
        let said = project.renewed(&[]);
        assert_eq!(said.code, Some(0), "{case}: {:#}", said.json);
        for Subject { path, .. } in &linked {
            assert_eq!(said.action(path), "incoming", "{case} {path}");
            assert!(
                fs::symlink_metadata(project.path(path))
                    .unwrap()
                    .is_symlink()
            );
            let incoming = project.read(&format!(".mcp-auth/incoming/{path}"));
            assert_eq!(incoming, text(&new[*path]), "{case} {path}");
        }
        assert_eq!(
            (1..=linked.len()).map(elsewhere).collect::<Vec<_>>(),
            before
        );
        project.is_settled(&[]);
    });
}
