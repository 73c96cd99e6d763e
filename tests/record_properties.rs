//! Whatever becomes of `mcp-auth.toml`: `regenerate` and `adopt` answer with words, and lose nothing.

mod support;

use std::fs;

use proptest::{
    collection::vec,
    prelude::*,
    sample::{Index, select},
};
use support::{
    Sandbox,
    edits::{Edit, edit},
    generations,
    random::{PROJECTS, for_random, is_sane, lost_lines},
    states::State,
};

/// What happens to the record.
#[derive(Clone, Debug)]
enum Damage {
    Edits(Vec<Edit>),
    Value(Index, &'static str),
    /// A class that a person sets by hand.
    Class(Index, &'static str),
    /// A file that is not remembered.
    Forget(Index),
    Comment(Index),
}

const VALUES: [&str; 12] = [
    "1",
    "-1",
    "\"\"",
    "\"../../x\"",
    "[]",
    "{}",
    "true",
    "99999999999",
    "\"\\u0000\"",
    "1979-05-27",
    "nan",
    "[[\"a\"]]",
];
const CLASSES: [&str; 4] = ["owned", "merged", "seed", "mine"];

fn damage() -> impl Strategy<Value = Damage> {
    let at = any::<Index>;
    prop_oneof![
        1 => vec(edit(), 1..3).prop_map(Damage::Edits),
        1 => (at(), select(&VALUES[..])).prop_map(|(at, value)| Damage::Value(at, value)),
        2 => (at(), select(&CLASSES[..])).prop_map(|(at, class)| Damage::Class(at, class)),
        2 => at().prop_map(Damage::Forget),
        1 => at().prop_map(Damage::Comment),
    ]
}

impl Damage {
    fn apply(&self, record: &[u8]) -> Vec<u8> {
        if let Self::Edits(edits) = self {
            let edited = edits.iter();
            return edited.fold(record.to_vec(), |bytes, edit| edit.apply(&bytes));
        }
        let text = String::from_utf8_lossy(record);
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        let with = |words: &str| {
            let places = lines.iter().enumerate();
            let places = places.filter(|(_, line)| line.contains(words));
            places.map(|(at, _)| at).collect::<Vec<usize>>()
        };
        let (places, at) = match self {
            Self::Class(at, _) | Self::Forget(at) => (with("class = "), at),
            Self::Value(at, _) | Self::Comment(at) => (with(" = "), at),
            Self::Edits(_) => return record.to_vec(),
        };
        if places.is_empty() {
            return record.to_vec();
        }
        let line = &mut lines[*at.get(&places)];
        match self {
            Self::Class(_, class) => *line = line.replace("owned", class),
            Self::Forget(_) => line.clear(),
            Self::Comment(_) => line.push_str(" # mine"),
            Self::Value(_, value) => {
                let key = line.split(" = ").next().unwrap_or_default();
                *line = format!("{key} = {value}");
            }
            Self::Edits(_) => {}
        }
        (lines.join("\n") + "\n").into_bytes()
    }
}

#[test]
fn a_record_in_any_state_is_answered_with_words() {
    for_random("records", vec(damage(), 1..3), 6, |damages| {
        let sandbox = Sandbox::new("record");
        let root = sandbox.path("project");
        generations::write(&root, &PROJECTS[0]);
        let record = PROJECTS[0]["mcp-auth.toml"].clone();
        let record = damages.iter().fold(record, |bytes, it| it.apply(&bytes));
        fs::write(root.join("mcp-auth.toml"), record).unwrap();
        let before = State::of(&root);
        for flags in [
            &["regenerate", "project", "--check"][..],
            &["regenerate", "project", "-n", "--diff", "--auth", "github"],
            &["adopt", "project", "--dry-run"],
        ] {
            let ran = sandbox.run(flags);
            let is_known = matches!(ran.code, Some(0 | 1 | 2 | 3 | 5));
            assert!(is_known && is_sane(&ran), "{ran:#?}");
            assert_eq!(before.differences(&State::of(&root)), [""; 0], "{ran:#?}");
        }
        let end = regenerated_or_adopted(&sandbox, &before);
        fs::remove_dir_all(sandbox.path("")).unwrap();
        end
    });
}

/// What cannot be regenerated can be adopted, and then it can.
fn regenerated_or_adopted(sandbox: &Sandbox, before: &State) -> &'static str {
    let root = sandbox.path("project");
    let regenerate = || {
        let fixed = ["regenerate", "project", "--yes", "--no-check"];
        let ran = sandbox.run(fixed.iter().chain(&["--allow-dirty", "--conflict=mine"]));
        assert!(is_sane(&ran), "{ran:#?}");
        let lost = lost_lines(&PROJECTS[0], before, &State::of(&root), &ran);
        assert_eq!(lost, [""; 0], "{ran:#?}");
        ran
    };
    if regenerate().code == Some(0) {
        return "regenerated";
    }
    assert_eq!(before.differences(&State::of(&root)), [""; 0]);
    let adopted = sandbox.run(["adopt", "project", "--yes"]);
    assert!(is_sane(&adopted), "{adopted:#?}");
    if adopted.code != Some(0) {
        assert!(adopted.stderr.contains("newer"), "{adopted:#?}");
        return "newer";
    }
    let again = regenerate();
    assert_eq!(again.code, Some(0), "{adopted:#?} {again:#?}");
    "adopted"
}
