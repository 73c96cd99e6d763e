use super::*;

mod conflicts;
mod decisions;
mod dependencies;
mod entries;
mod ladder;
mod manifest;
mod options;
mod properties;
mod validity;

const NO_FORMATTER: Formatter<'static> = &|_| None;

fn path(path: &str) -> RelativePath {
    path.parse().unwrap()
}

/// All three are there.
fn sides<'a>(base: &'a str, user: &'a str, new: &'a str) -> Sides<'a> {
    Sides {
        base: Some(base.as_bytes()),
        user: Some(user.as_bytes()),
        new: Some(new.as_bytes()),
    }
}

fn decided(name: &str, base: &str, user: &str, new: &str) -> Decision {
    decide(
        sides(base, user, new),
        Class::Merged,
        &path(name),
        NO_FORMATTER,
    )
}

/// The text of a clean merge.
fn merged(name: &str, base: &str, user: &str, new: &str) -> String {
    match decided(name, base, user, new) {
        Decision::Merge(clean) => String::from_utf8(clean.bytes).unwrap(),
        Decision::Keep | Decision::Same => user.to_owned(),
        other => panic!("{other:#?}"),
    }
}

fn conflict(name: &str, base: &str, user: &str, new: &str) -> Conflict {
    match decided(name, base, user, new) {
        Decision::Conflict(conflict) => conflict,
        other => panic!("{other:#?}"),
    }
}

fn resolved(conflict: &Conflict, answer: Answer) -> String {
    String::from_utf8(conflict.settle(&vec![answer; conflict.count()])).unwrap()
}
