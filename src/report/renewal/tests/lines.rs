use super::*;

#[test]
fn every_file_has_a_line_that_says_what_becomes_of_it() {
    let text = shown(&every_case(), Detail::Files).text;
    for line in [
        "  ~ both.txt  merge, +1 -0\n",
        "  ! clash.txt  conflict in 1 place\n",
        "  = deleted.txt  stays-deleted: you deleted it, and `--restore deleted.txt` brings it back\n",
        "  = leftover.txt  ungenerated: no longer generated; it has your changes, so it stays\n",
        "  + new.txt  create, +1\n",
        "  > new_place.txt  move from old_place.txt\n",
        "  ~ owned_replaced.rs  replace, +2 -0\n",
        "  = seed_tools.rs  keep: it is yours\n",
        "  ! there_before.txt  beside: yours was there first; the new one goes to .mcp-auth/incoming/there_before.txt\n",
        "  - untouched_leftover.txt  delete, -2\n",
    ] {
        assert!(text.contains(line), "{line}{text}");
    }
    assert!(!text.contains("owned_same.rs"), "{text}");
    let all = shown(&every_case(), Detail::All).text;
    assert!(all.contains("  = owned_same.rs  unchanged\n"), "{all}");
}

#[test]
fn the_head_says_where_it_comes_from_and_the_end_how_many() {
    let text = shown(&every_case(), Detail::Files).text;
    assert!(
        text.contains(": mcp-auth 0.1.0 -> 0.2.0, templates embedded, 0a0a0a0a -> ffffffff\n"),
        "{text}"
    );
    assert!(
        text.contains("  12 files: 1 create, 1 replace, 1 merge, 1 conflict, 1 move, 1 delete, 2 keep, 1 stays-deleted, 1 beside, 1 ungenerated, 1 unchanged\n"),
        "{text}"
    );
    assert!(
        text.contains("  ~ mcp-auth.toml, .mcp-auth/base/  the record, 8 pristine copies\n"),
        "{text}"
    );
}

#[test]
fn every_change_is_explained_once_and_an_advisory_is_loud() {
    let text = shown(&every_case(), Detail::Files).text;
    let why = text.split("Why the templates changed:\n").nth(1);
    let expected = "  2026-12-01  a token in the query is refused
              HIGH: whoever reads a log can call the server
              clash.txt, owned_replaced.rs
  2026-12-02  shorter \\u{1b} names
              new_place.txt
";
    assert_eq!(why, Some(expected), "{text}");
}

#[test]
fn drift_is_noted() {
    let text = shown(&every_case(), Detail::Files).text;
    let note = "  note: changed here, though the templates own it: owned_drift.rs\n";
    assert!(text.contains(note), "{text}");
}

#[test]
fn a_folder_with_many_files_of_a_kind_is_one_line_before_a_confirmation() {
    let mut project = Project::of(&[("kept.txt", "x\n")]);
    let paths: Vec<String> = (0..7).map(|at| format!("src/auth/{at}.rs")).collect();
    let files: Vec<(&str, &str)> = paths.iter().map(|path| (path.as_str(), "x\n")).collect();
    project.templates(&[&files[..], &[("kept.txt", "x\n")]].concat());
    let folders = shown(&project, Detail::Folders).text;
    assert!(
        folders.contains("  + src/auth/  create 7 files\n"),
        "{folders}"
    );
    assert!(!folders.contains("src/auth/3.rs"), "{folders}");
    let files = shown(&project, Detail::Files).text;
    assert!(files.contains("  + src/auth/3.rs  create, +1\n"), "{files}");
}

#[test]
fn a_check_says_what_it_finds() {
    let text = proposed(&every_case(), nothing_settled, |proposal| {
        let entries = entries(proposal);
        let found = findings::findings(proposal, &entries);
        let mut out = Vec::new();
        findings::write(&mut out, proposal, &entries, &found).unwrap();
        plain(out)
    });
    for line in [
        "advisory: this project lacks the fix of 2026-12-01 (clash.txt, owned_replaced.rs)\n  HIGH: whoever",
        "conflicts: in 1 file both sides changed the same\n",
        "changes: `mcp-auth regenerate` would write 6 files\n",
        "drift: ",
    ] {
        assert!(text.contains(line), "{line}{text}");
    }
    let mut project = Project::of(&[("a.txt", "x\n")]);
    project.write("a.txt", "mine\n");
    let found = |project: &Project| {
        proposed(project, nothing_settled, |proposal| {
            findings::findings(proposal, &entries(proposal)).len()
        })
    };
    assert_eq!(found(&project), 0, "a merged file may be changed");
}

#[test]
fn another_answer_is_shown_with_both_values() {
    let project = every_case();
    let mut answers = project.answers.clone();
    answers.port = "9000".parse().unwrap();
    let text = proposed(&project, nothing_settled, |proposal| {
        let after = Generation {
            answers: &answers,
            ..proposal.after
        };
        let mut out = Vec::new();
        let changed = head::changed_answers(&proposal.before, &after);
        head::header(&mut out, &Proposal { after, ..*proposal }).unwrap();
        assert_eq!(changed.len(), 1);
        plain(out)
    });
    assert!(text.ends_with("\n  port 8123 -> 9000\n"), "{text}");
}

#[test]
fn what_files_and_changes_say_cannot_speak_to_the_terminal() {
    let mut project = Project::of(&[("a.txt", "x\n")]);
    project.write("a.txt", "mine \u{1b}[2J\n");
    project.templates(&[("a.txt", "theirs \u{1b}[2J\n")]);
    let said = proposed(&project, nothing_settled, |proposal| {
        let mut out = Vec::new();
        let report = Report {
            diff: true,
            ..report()
        };
        let entries = entries(proposal);
        report
            .whole(&mut out, proposal, &entries, Detail::All)
            .unwrap();
        disputes::show(&mut out, entries[0].file).unwrap();
        plain(out)
    });
    assert!(!said.contains('\u{1b}'), "{said:?}");
    assert!(said.contains("- mine \\u{1b}[2J"), "{said}");
}

#[test]
fn each_action_has_one_word_for_people_and_programs() {
    for action in Action::ALL {
        assert_eq!(json!(action), action.word());
    }
}

#[test]
fn what_waits_is_not_explained_and_a_number() {
    let mut project = every_case();
    project.security_only = true;
    let text = shown(&project, Detail::Files).text;
    assert!(text.contains(" held, "), "{text}");
    assert!(text.contains("a token in the query is refused"), "{text}");
    assert!(!text.contains("names"), "{text}");
}
