use super::*;

const BASE: &str = "one\ntwo\nthree\nfour\nfive\nsix\n";
const USER: &str = "ONE\nextra\ntwo\nthree\nfour\nfive\nSIX\n";
const NEW: &str = "eins\ntwo\nthree\nvier\nfive\nsechs\n";

#[test]
fn markers_are_those_of_git() {
    let conflict = conflict("notes.txt", BASE, USER, NEW);
    assert_eq!(conflict.count(), 2);
    let marked = "<<<<<<< yours\nONE\nextra\n=======\neins\n>>>>>>> templates\ntwo\nthree\nvier\nfive\n<<<<<<< yours\nSIX\n=======\nsechs\n>>>>>>> templates\n";
    assert_eq!(resolved(&conflict, Answer::Markers), marked);
    assert_eq!(markers(marked), [1, 11]);
}

#[test]
fn each_hunk_says_where_it_is_in_both_files() {
    let conflict = conflict("notes.txt", BASE, USER, NEW);
    let marked = resolved(&conflict, Answer::Markers);
    let places = conflict.places();
    let lines: Vec<usize> = places.iter().map(|place| place.line).collect();
    assert_eq!(lines, [1, 7]);
    let marked_lines: Vec<usize> = places.iter().map(|place| place.marked_line).collect();
    assert_eq!(marked_lines, markers(&marked));
    assert_eq!(places[1].hunk.yours, "SIX\n");
    assert_eq!(places[1].hunk.templates, "sechs\n");
}

#[test]
fn an_answer_for_all_takes_the_hunks_of_one_side_and_what_was_clean() {
    let conflict = conflict("notes.txt", BASE, USER, NEW);
    let mine = "ONE\nextra\ntwo\nthree\nvier\nfive\nSIX\n";
    assert_eq!(resolved(&conflict, Answer::Mine), mine);
    let theirs = "eins\ntwo\nthree\nvier\nfive\nsechs\n";
    assert_eq!(resolved(&conflict, Answer::Theirs), theirs);
}

#[test]
fn hunks_may_be_answered_one_by_one_and_the_rest_gets_markers() {
    let conflict = conflict("notes.txt", BASE, USER, NEW);
    let mixed = conflict.settle(&[Answer::Theirs, Answer::Mine]);
    assert_eq!(mixed, b"eins\ntwo\nthree\nvier\nfive\nSIX\n");
    let half = String::from_utf8(conflict.settle(&[Answer::Mine])).unwrap();
    assert!(half.starts_with("ONE\nextra\ntwo\n"), "{half}");
    assert_eq!(markers(&half).len(), 1);
}

#[test]
fn the_habits_of_the_file_hold_for_markers_too() {
    let user = format!("\u{feff}{}", USER.replace('\n', "\r\n"));
    let conflict = conflict("notes.txt", BASE, &user, NEW);
    let marked = resolved(&conflict, Answer::Markers);
    assert!(
        marked.starts_with("\u{feff}<<<<<<< yours\r\nONE\r\n"),
        "{marked:?}"
    );
    assert!(!marked.replace("\r\n", "").contains('\n'), "{marked:?}");
}

#[test]
fn a_file_without_a_newline_at_its_end_gets_markers_on_lines_of_their_own() {
    let conflict = conflict("notes.txt", "a", "b", "c");
    let marked = "<<<<<<< yours\nb\n=======\nc\n>>>>>>> templates";
    assert_eq!(resolved(&conflict, Answer::Markers), marked);
    assert_eq!(resolved(&conflict, Answer::Mine), "b");
}

#[test]
fn lines_that_look_like_markers_are_text() {
    let (base, user, new) = (
        "=======\na\n",
        ">>>>>>>>>> x\n=======\nb\n",
        "=======\nc\n<<<<<<<\n",
    );
    let conflict = conflict("notes.txt", base, user, new);
    assert_eq!(
        resolved(&conflict, Answer::Mine),
        ">>>>>>>>>> x\n=======\nb\n"
    );
    assert_eq!(
        resolved(&conflict, Answer::Theirs),
        ">>>>>>>>>> x\n=======\nc\n<<<<<<<\n"
    );
}

#[test]
fn what_both_sides_have_at_the_edges_of_a_hunk_is_no_conflict() {
    let conflict = conflict("notes.txt", "a\n", "x\nmine\ny\n", "x\nours\ny\n");
    let marked = "x\n<<<<<<< yours\nmine\n=======\nours\n>>>>>>> templates\ny\n";
    assert_eq!(resolved(&conflict, Answer::Markers), marked);
}
