use super::*;

const BASE: &str = "use a::A;\n\nfn one() {\n    a(1);\n}\n\nfn two() {\n    b(2);\n}\n";

fn rung(decision: &Decision) -> Rung {
    match decision {
        Decision::Merge(clean) => clean.rung,
        other => panic!("{other:#?}"),
    }
}

#[test]
fn edits_apart_from_each_other_are_merged_by_lines() {
    let user = BASE.replace("a(1)", "a(10)");
    let new = BASE.replace("b(2)", "b(20)");
    let decision = decided("src/main.rs", BASE, &user, &new);
    assert_eq!(rung(&decision), Rung::Lines);
    let result = merged("src/main.rs", BASE, &user, &new);
    assert_eq!(result, user.replace("b(2)", "b(20)"));
}

#[test]
fn a_checkout_with_other_line_ends_is_merged_and_keeps_them() {
    let user = format!(
        "\u{feff}{}",
        BASE.replace("a(1)", "a(10)").replace('\n', "\r\n")
    );
    let user = user.trim_end();
    let new = BASE.replace("b(2)", "b(20)");
    let result = merged("src/main.rs", BASE, user, &new);
    assert_eq!(result, user.replace("b(2)", "b(20)"));
}

#[test]
fn adjacent_edits_are_a_conflict_as_for_git() {
    let conflict = conflict("notes.txt", "a\nb\n", "A\nb\n", "a\nB\n");
    assert_eq!(conflict.reason, Reason::Overlap);
}

/// One space after each comma and before each brace, as a formatter would have it.
fn tidy(text: &str) -> Option<String> {
    let words = |line: &str| line.replace(",", ", ").replace(",  ", ", ");
    Some(text.lines().map(|line| words(line) + "\n").collect())
}

#[test]
fn rust_that_was_only_laid_out_otherwise_is_merged_as_the_formatter_writes_it() {
    let base = "fn one() {\n    a(1,2);\n}\n";
    let user = "fn one() {\n    a(1, 2);\n}\n";
    let new = "fn one() {\n    a(1,2,3);\n}\n";
    let three = sides(base, user, new);
    let decision = decide(three, Class::Merged, &path("src/a.rs"), &tidy);
    assert_eq!(rung(&decision), Rung::Formatted);
    let expected = "fn one() {\n    a(1, 2, 3);\n}\n";
    assert!(matches!(decision, Decision::Merge(clean) if clean.bytes == expected.as_bytes()));

    let decision = decide(three, Class::Merged, &path("src/a.txt"), &tidy);
    assert!(matches!(decision, Decision::Conflict(_)), "{decision:?}");
    let decision = decide(three, Class::Merged, &path("src/a.rs"), NO_FORMATTER);
    assert!(matches!(decision, Decision::Conflict(_)), "{decision:?}");
}

#[test]
fn a_change_that_is_there_but_for_the_layout_is_no_reason_to_format_a_file() {
    let (base, user, new) = (
        "fn a() { b(1,2) }\n",
        "fn a() { b(1, 3) }\n",
        "fn a() { b(1,3) }\n",
    );
    let decision = decide(
        sides(base, user, new),
        Class::Merged,
        &path("src/a.rs"),
        &tidy,
    );
    assert_eq!(decision, Decision::Same);
}

#[test]
fn a_conflict_that_the_formatter_does_not_solve_is_shown_as_its_owner_wrote_it() {
    let (base, user, new) = ("fn a() {}\n", "fn  b(x,y) {}\n", "fn c() {}\n");
    let three = sides(base, user, new);
    let decision = decide(three, Class::Merged, &path("src/a.rs"), &tidy);
    let Decision::Conflict(conflict) = decision else {
        panic!("{decision:?}");
    };
    assert_eq!(resolved(&conflict, Answer::Mine), user);
}

#[test]
fn one_item_that_both_added_at_different_places_is_a_conflict() {
    let user = format!("fn helper() {{}}\n\n{BASE}");
    let new = format!("{BASE}\nfn helper() {{\n    new();\n}}\n");
    let conflict = conflict("src/main.rs", BASE, &user, &new);
    assert_eq!(
        conflict.reason,
        Reason::Invalid("`helper` is there twice".into())
    );
    assert_eq!(resolved(&conflict, Answer::Mine), user);
    assert_eq!(resolved(&conflict, Answer::Theirs), new);
}

#[test]
fn clean_lines_that_are_no_rust_are_a_conflict() {
    let base = "fn a() {\n    b();\n    c();\n    d();\n    e();\n    f();\n}\n";
    let user = base.replace("    b();\n", "    /*\n    b();\n");
    let user = user.replace("    f();\n", "    f();\n    */\n");
    let new = base.replace("    d();\n", "    d(); // the end of */\n");
    let conflict = conflict("src/a.rs", base, &user, &new);
    assert!(
        matches!(conflict.reason, Reason::Invalid(_)),
        "{conflict:?}"
    );
}

#[test]
fn a_merge_that_was_not_finished_is_not_merged_again() {
    let user = "a\n<<<<<<< yours\nb\n=======\nc\n>>>>>>> templates\n";
    for name in ["notes.txt", "Cargo.toml", ".gitignore"] {
        let decision = decided(name, "a\n", user, "a\nd\n");
        assert_eq!(decision, Decision::NotMergeable(Obstacle::Unfinished(2)));
    }
}

#[test]
fn a_carriage_return_within_a_line_is_no_line_end() {
    let user = "A\rx\nb\nc\n";
    let conflict = conflict("a.txt", "a\rx\nb\nc\n", user, "a\rx\nb\nC\n");
    assert_eq!(resolved(&conflict, Answer::Mine), user);
    let hunks: Vec<&str> = conflict
        .places()
        .iter()
        .map(|place| &*place.hunk.yours)
        .collect();
    assert_eq!(hunks, ["A\rx\n", "c\n"]);
}
