//! How near two texts are, line by line. Line ends, a byte order mark and a newline at the end do not count.
//! Pure.

use std::{borrow::Cow, collections::HashMap};

use similar::TextDiff;

/// From here on two texts are versions of each other; below, a merge of them would be noise.
pub const NEAR: f32 = 0.6;

/// 1 if they are the same, 0 if they share no line.
pub fn closeness(one: &str, other: &str) -> f32 {
    let (one, other) = (plain(one), plain(other));
    if one == other {
        return 1.0;
    }
    // a difference is dear, and never nearer than the lines in any order
    let bound = shared_lines(&one, &other);
    match bound < NEAR {
        true => bound,
        false => TextDiff::from_lines(one.as_ref(), other.as_ref())
            .ratio()
            .min(ALMOST),
    }
}

/// Only the same text is 100 %.
const ALMOST: f32 = 0.999;

pub fn is_same(one: &str, other: &str) -> bool {
    plain(one) == plain(other)
}

/// How much of `part` is somewhere in `whole`.
pub fn contained(part: &str, whole: &str) -> f32 {
    let (part, whole) = (plain(part), plain(whole));
    let lines = || part.lines().map(str::trim).filter(|line| !line.is_empty());
    let there: std::collections::HashSet<&str> = whole.lines().map(str::trim).collect();
    let found = lines().filter(|line| there.contains(line)).count();
    match lines().count() {
        0 => 1.0,
        count => found as f32 / count as f32,
    }
}

pub fn percent(closeness: f32) -> u8 {
    (closeness * 100.0) as u8
}

fn plain(text: &str) -> Cow<'_, str> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    match text.contains("\r\n") {
        true => Cow::Owned(text.replace("\r\n", "\n").trim_end_matches('\n').to_owned()),
        false => Cow::Borrowed(text.trim_end_matches('\n')),
    }
}

fn shared_lines(one: &str, other: &str) -> f32 {
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for line in one.lines() {
        *counts.entry(line).or_default() += 1;
    }
    let mut shared = 0;
    for line in other.lines() {
        if let Some(count) = counts.get_mut(line).filter(|count| **count > 0) {
            *count -= 1;
            shared += 1;
        }
    }
    match one.lines().count() + other.lines().count() {
        0 => 1.0,
        total => (2 * shared) as f32 / total as f32,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_ends_marks_and_the_last_newline_do_not_count() {
        assert_eq!(closeness("a\nb\n", "\u{feff}a\r\nb"), 1.0);
        assert!(is_same("", "\n") && !is_same("a\n", "a \n"));
    }

    #[test]
    fn only_the_same_is_a_hundred_percent() {
        let long: String = (0..5000).map(|line| format!("{line}\n")).collect();
        let near = closeness(&long, &long.replace("\n7\n", "\nseven\n"));
        assert_eq!(percent(near), 99);
        assert_eq!(percent(closeness("a\nb\nc\nd\n", "a\nb\nc\nx\n")), 75);
        assert_eq!(closeness("a\n", "b\n"), 0.0);
    }

    #[test]
    fn lines_in_another_order_are_no_version_of_each_other() {
        assert!(closeness("a\nb\nc\nd\ne\n", "e\nd\nc\nb\na\n") < NEAR);
    }

    #[test]
    fn a_part_is_found_wherever_its_lines_are() {
        assert_eq!(
            contained("axum = \"0.8\"\n\nrmcp = \"3\"\n", "x\nrmcp = \"3\"\n"),
            0.5
        );
        assert_eq!(contained("", "x"), 1.0);
    }
}
