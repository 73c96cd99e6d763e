use super::*;

const CLASSES: [Class; 3] = [Class::Owned, Class::Merged, Class::Seed];

fn all(base: Option<&str>, user: Option<&str>, new: Option<&str>, class: Class) -> Decision {
    let sides = Sides {
        base: base.map(str::as_bytes),
        user: user.map(str::as_bytes),
        new: new.map(str::as_bytes),
    };
    decide(sides, class, &path("notes.txt"), NO_FORMATTER)
}

#[test]
fn what_is_nowhere_yet_is_created() {
    for class in CLASSES {
        let decision = all(None, None, Some("new\n"), class);
        assert_eq!(decision, Decision::Create("new\n".into()));
    }
}

#[test]
fn a_file_that_its_owner_has_not_touched_is_replaced() {
    for class in CLASSES {
        let decision = all(Some("a\n"), Some("a\n"), Some("b\n"), class);
        assert_eq!(decision, Decision::Replace("b\n".into()));
    }
}

#[test]
fn line_ends_mark_and_final_newline_are_no_edit_and_stay() {
    for (user, replaced) in [
        ("a\r\nb\r\n", "a\r\nB\r\n"),
        ("\u{feff}a\nb\n", "\u{feff}a\nB\n"),
        ("a\nb", "a\nB"),
        ("\u{feff}a\r\nb", "\u{feff}a\r\nB"),
    ] {
        let decision = all(Some("a\nb\n"), Some(user), Some("a\nB\n"), Class::Owned);
        assert_eq!(decision, Decision::Replace(replaced.into()), "{user:?}");
        assert!(!drifts(b"a\nb\n", user.as_bytes(), Class::Owned));
    }
}

#[test]
fn an_untouched_file_becomes_the_new_one_to_the_byte() {
    let decision = all(Some("a"), Some("a"), Some("b\r\nc\n"), Class::Merged);
    assert_eq!(decision, Decision::Replace("b\r\nc\n".into()));
}

#[test]
fn a_checkout_that_converted_the_pristine_copy_too_keeps_its_line_ends() {
    let decision = all(Some("a\r\n"), Some("a\r\n"), Some("b\n"), Class::Owned);
    assert_eq!(decision, Decision::Replace("b\r\n".into()));
    let decision = all(Some("a\r\n"), Some("a\r\n"), Some("b\r\nc\n"), Class::Owned);
    assert_eq!(decision, Decision::Replace("b\r\nc\n".into()));
}

#[test]
fn what_the_templates_left_alone_is_kept() {
    for class in CLASSES {
        assert_eq!(
            all(Some("a\n"), Some("x\n"), Some("a\n"), class),
            Decision::Keep
        );
    }
    assert_eq!(
        all(Some("a\n"), Some("x\n"), Some("a\r\n"), Class::Owned),
        Decision::Keep
    );
}

#[test]
fn what_both_have_come_to_moves_the_base_alone() {
    for class in CLASSES {
        for (base, user) in [(Some("a\n"), "b\n"), (Some("b\n"), "b\n"), (None, "b\r\n")] {
            let decision = all(base, Some(user), Some("b\n"), class);
            assert_eq!(decision, Decision::Same, "{base:?} {user:?}");
        }
    }
}

#[test]
fn a_file_that_was_there_before_stays_and_the_new_one_lies_beside_it() {
    for class in [Class::Owned, Class::Merged] {
        let decision = all(None, Some("own\n"), Some("new\n"), class);
        assert_eq!(decision, Decision::Beside("new\n".into()));
    }
}

#[test]
fn what_its_owner_deleted_stays_deleted() {
    for class in CLASSES {
        for new in ["a\n", "b\n"] {
            let decision = all(Some("a\n"), None, Some(new), class);
            assert_eq!(decision, Decision::StaysDeleted);
        }
        assert_eq!(all(Some("a\n"), None, None, class), Decision::Same);
    }
}

#[test]
fn what_is_no_longer_generated_goes_unless_there_is_work_in_it() {
    for class in CLASSES {
        assert_eq!(
            all(Some("a\n"), Some("a\r\n"), None, class),
            Decision::Delete
        );
        assert_eq!(
            all(Some("a\n"), Some("x\n"), None, class),
            Decision::KeepUngenerated
        );
        assert_eq!(all(None, Some("x\n"), None, class), Decision::Same);
        assert_eq!(all(None, None, None, class), Decision::Same);
    }
}

#[test]
fn a_seed_is_its_owners_once_they_have_touched_it() {
    for base in [Some("a\n"), None] {
        let decision = all(base, Some("x\n"), Some("b\n"), Class::Seed);
        assert_eq!(decision, Decision::Keep);
    }
}

#[test]
fn an_edited_file_of_the_templates_is_merged_too_and_called_drift() {
    let (base, user, new) = ("a\nb\nc\nd\n", "A\nb\nc\nd\n", "a\nb\nc\nD\n");
    for class in [Class::Owned, Class::Merged] {
        let decision = all(Some(base), Some(user), Some(new), class);
        let Decision::Merge(clean) = decision else {
            panic!("{decision:?}");
        };
        assert_eq!(clean.bytes, b"A\nb\nc\nD\n");
        assert_eq!(
            drifts(base.as_bytes(), user.as_bytes(), class),
            class == Class::Owned
        );
    }
}

#[test]
fn what_is_no_text_is_never_merged() {
    for (base, user, new) in [
        (&b"a\0"[..], &b"b\0"[..], &b"c\0"[..]),
        (b"a\n", b"b\xff\n", b"c\n"),
        (b"a\n", b"b\n", b"c\0\n"),
    ] {
        let sides = Sides {
            base: Some(base),
            user: Some(user),
            new: Some(new),
        };
        let decision = decide(sides, Class::Owned, &path("logo.png"), NO_FORMATTER);
        assert_eq!(decision, Decision::NotMergeable(Obstacle::Binary));
        let sides = Sides {
            user: Some(base),
            ..sides
        };
        let decision = decide(sides, Class::Owned, &path("logo.png"), NO_FORMATTER);
        assert_eq!(decision, Decision::Replace(new.to_vec()));
    }
}

#[test]
fn a_second_time_there_is_nothing_to_do() {
    let (base, user, new) = ("a\nb\nc\nd\n", "A\nb\nc\nd\n", "a\nb\nc\nD\n");
    let result = merged("notes.txt", base, user, new);
    assert_eq!(decided("notes.txt", new, &result, new), Decision::Keep);
}

#[test]
fn a_change_that_its_owner_made_already_moves_the_base_alone() {
    let decision = decided("notes.txt", "a\nb\nc\nd\n", "A\nb\nc\nD\n", "a\nb\nc\nD\n");
    assert_eq!(decision, Decision::Same);
}
