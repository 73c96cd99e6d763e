use super::*;

#[test]
fn a_conflict_is_told_with_its_line_both_sizes_and_the_reason() {
    let text = proposed(&every_case(), nothing_settled, |proposal| {
        let mut out = Vec::new();
        disputes::write(&mut out, proposal).unwrap();
        plain(out)
    });
    let start = "error: clash.txt:2: both sides changed this (lines: yours 1, the templates' 2)
  why: a token in the query is refused
";
    assert!(text.starts_with(start), "{text}");
    for way in ["mine", "theirs", "markers", "incoming"] {
        assert!(text.contains(&format!("--conflict={way} ")), "{text}");
    }
    assert!(text.ends_with("nothing was written\n"), "{text}");
}

/// All conflicts the same way.
fn settle(answer: Answer) -> impl Fn(&Renewal<'_>) -> Settled {
    move |renewal| {
        let settle = |file: &Renewed<'_>| match &file.decision {
            Decision::Conflict(conflict) => {
                let answers = vec![answer; conflict.count()];
                Settlement::File(conflict.settle(&answers))
            }
            _ => Settlement::AsItIs,
        };
        let conflicts = renewal.conflicts();
        conflicts
            .map(|file| (file.path.clone(), settle(file)))
            .collect()
    }
}

#[test]
fn markers_that_are_left_are_steps_and_the_exit_code_of_a_conflict() {
    let project = every_case();
    let (steps, code) = proposed(&project, settle(Answer::Markers), |proposal| {
        let entries = entries(proposal);
        let steps = next::steps(proposal, &entries, &Compiled::NotTried);
        (steps, exit(&entries, &Compiled::NotTried))
    });
    assert_eq!(
        steps,
        [
            "# settle the markers in clash.txt:2",
            "# take what you want of .mcp-auth/incoming/there_before.txt into there_before.txt",
            "mcp-auth regenerate --conflict=mine   # then say that it is done",
            "cargo check",
            "cargo test",
        ]
    );
    assert_eq!(code, Exit::Conflicts);
    let code = proposed(&project, settle(Answer::Theirs), |proposal| {
        exit(&entries(proposal), &Compiled::No("words".to_owned()))
    });
    assert_eq!(code, Exit::Failed);
}

#[test]
fn what_was_decided_for_the_owner_lies_nowhere_else() {
    let (text, steps) = proposed(&every_case(), settle(Answer::Mine), |proposal| {
        let entries = entries(proposal);
        let mut out = Vec::new();
        list::list(&mut out, proposal, &entries, Detail::Files).unwrap();
        (plain(out), next::steps(proposal, &entries, &Compiled::Yes))
    });
    assert!(
        text.contains("  ! clash.txt  conflict, decided\n"),
        "{text}"
    );
    assert!(
        !steps.iter().any(|step| step.contains("clash.txt")),
        "{steps:?}"
    );
}
