//! Whatever three texts there are: nothing panics, and what a person wrote is in the result or in the conflict.

use std::collections::BTreeSet;

use proptest::{collection::vec, prelude::*, sample::select};

use super::*;

const NAMES: [&str; 6] = [
    "notes.md",
    "src/a.rs",
    ".env.example",
    ".gitignore",
    "Cargo.toml",
    "ci.yml",
];

fn text(lines: &'static [&'static str]) -> impl Strategy<Value = String> {
    let ends = select(vec!["\n", "\r\n"]);
    let lines = vec((select(lines.to_vec()), ends), 0..12);
    (lines, any::<bool>(), any::<bool>()).prop_map(|(lines, mark, finished)| {
        let mut text = String::from(if mark { "\u{feff}" } else { "" });
        for (line, end) in &lines {
            text.push_str(line);
            text.push_str(end);
        }
        match finished {
            true => text,
            false => text.trim_end().to_owned(),
        }
    })
}

const LINES: &[&str] = &[
    "a",
    "b",
    "c",
    "",
    "# d",
    "}",
    "x = 1",
    "X=1",
    "X=2",
    "# Y=1",
    "y: 1",
    "=======",
    "\ré",
    "fn a() {}",
];

/// Tables whose entries the owner, who wrote capitals, may have changed.
const TOML: &[&str] = &[
    "[dependencies]\na = \"1\"\n",
    "[dependencies]\na = \"2\" # A\nb = { version = \"1\", features = [\"x\", \"y\"] }\n",
    "[dependencies]\n# B\nb = { version = \"1\", features = [\"y\"] }\nc = \"1\"\n\n[features]\nd = []\n",
    "[dependencies]\nb = \"1\"\na = \"1\" # C\n",
    "[dependencies]\n\n[dependencies.b]\nversion = \"1\" # D\nfeatures = [\n    # E\n    \"x\",\n    \"z\", # F\n]\n",
    "dependencies = { a = \"1\", b = { version = \"2\" } } # G\n",
    "dependencies.a = \"1\" # H\ndependencies.b.version = \"1\"\n",
    "# I\n[[example]]\nname = \"e\" # J\n",
    "[[example]]\nname = \"e\"\ntest = true\n\n[[example]]\nname = \"f\"\n",
    "",
];

/// Everything that decides about these three texts gives an answer; and which lines the person can find again.
fn found(name: &str, base: &str, user: &str, new: &str) -> Option<BTreeSet<String>> {
    let lines = |bytes: &[u8]| -> BTreeSet<String> {
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        text.trim_start_matches('\u{feff}')
            .lines()
            .map(|line| line.trim().to_owned())
            .collect()
    };
    match decided(name, base, user, new) {
        Decision::Merge(clean) => Some(lines(&clean.bytes)),
        Decision::Conflict(conflict) => {
            let places = conflict.places();
            assert!(
                places
                    .iter()
                    .all(|place| place.line <= user.lines().count() + 1)
            );
            assert_eq!(conflict.count(), places.len());
            let marked = conflict.settle(&[]);
            for answer in [Answer::Mine, Answer::Theirs] {
                conflict.settle(&vec![answer; places.len()]);
            }
            Some(lines(&marked))
        }
        Decision::Replace(_) | Decision::Delete | Decision::Create(_) => None,
        _ => Some(lines(user.as_bytes())),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2000) })]

    #[test]
    fn no_line_that_a_person_wrote_is_lost(
        name in select(NAMES.to_vec()), base in text(LINES), user in text(LINES), new in text(LINES),
    ) {
        let found = found(name, &base, &user, &new);
        let plain = user.trim_start_matches('\u{feff}');
        let base = base.trim_start_matches('\u{feff}');
        for line in plain.lines().filter(|line| !base.lines().any(|known| known == *line)) {
            let kept = line.trim().is_empty() || found.as_ref().is_none_or(|found| found.contains(line.trim()));
            prop_assert!(kept, "{line:?} of {name}: {found:?}");
        }
    }

    #[test]
    fn no_comment_in_a_manifest_is_lost(base in select(TOML), user in select(TOML), new in select(TOML)) {
        let found = found("Cargo.toml", base, user, new);
        let comments = |text: &str| -> BTreeSet<String> {
            let parts = text.lines().filter_map(|line| line.split_once('#'));
            parts.map(|(_, comment)| comment.to_owned()).collect()
        };
        let base = comments(base);
        let found = found.map(|found| comments(&Vec::from_iter(found).join("\n")));
        for comment in comments(user).difference(&base) {
            let kept = found.as_ref().is_none_or(|found| found.contains(comment));
            prop_assert!(kept, "{comment} of {user}: {found:?}");
        }
    }

    #[test]
    fn a_clean_merge_is_stable(
        name in select(NAMES.to_vec()), base in text(LINES), user in text(LINES), new in text(LINES),
    ) {
        if let Decision::Merge(clean) = decided(name, &base, &user, &new) {
            let again = String::from_utf8(clean.bytes).unwrap();
            let decision = decided(name, &new, &again, &new);
            prop_assert!(matches!(decision, Decision::Keep | Decision::Same), "{decision:?}");
        }
    }

    #[test]
    fn any_bytes_get_a_decision(
        name in select(NAMES.to_vec()), base in any::<Vec<u8>>(), user in any::<Vec<u8>>(), new in any::<Vec<u8>>(),
    ) {
        let sides = Sides { base: Some(&base), user: Some(&user), new: Some(&new) };
        decide(sides, Class::Owned, &path(name), NO_FORMATTER);
    }
}
