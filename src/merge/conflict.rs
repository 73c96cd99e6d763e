//! What two sides could not agree on, as data to show, and as the bytes of a file once somebody has decided.
//! Pure.

use similar::TextDiff;

use super::{
    parts::{Hunk, Part, Parts, Side, lines},
    sides::Text,
};

const OPEN: &str = "<<<<<<< yours\n";
const MIDDLE: &str = "=======\n";
const CLOSE: &str = ">>>>>>> templates\n";

#[derive(Debug, PartialEq, Eq)]
pub struct Conflict {
    pub reason: Reason,
    parts: Parts,
    user: Text,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Both sides changed the same lines, or the same key.
    Overlap,
    /// There is more than one way to merge the lines: all that the sides do not have in common is disputed.
    Unclear,
    /// The lines could be merged, but to something that is no valid file: why.
    Invalid(String),
}

/// For one hunk.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Answer {
    Mine,
    Theirs,
    #[default]
    Markers,
}

/// A hunk and where it is.
#[derive(Debug, PartialEq, Eq)]
pub struct Place<'a> {
    /// Its first line in the owner's file.
    pub line: usize,
    /// The line of its first marker in the file with markers.
    pub marked_line: usize,
    pub hunk: &'a Hunk,
}

impl Conflict {
    pub fn new(reason: Reason, parts: Parts, user: &Text) -> Self {
        Self {
            reason,
            parts,
            user: user.clone(),
        }
    }

    pub fn count(&self) -> usize {
        self.parts.hunks().count()
    }

    pub fn places(&self) -> Vec<Place<'_>> {
        let mine = self.parts.text(Side::Yours);
        let mut places = Vec::new();
        let (mut line, mut marked_line) = (0, 1);
        for part in self.parts.iter() {
            let text = match part {
                Part::Settled(text) => text,
                Part::Disputed(hunk) => {
                    places.push(Place {
                        line: line_before(&self.user.plain, &mine, line),
                        marked_line,
                        hunk,
                    });
                    marked_line += 3 + lines(&hunk.templates).len();
                    &hunk.yours
                }
            };
            line += lines(text).len();
            marked_line += lines(text).len();
        }
        places
    }

    /// The file with an answer for each hunk; markers where there is none.
    pub fn settle(&self, answers: &[Answer]) -> Vec<u8> {
        let mut answers = answers.iter().copied();
        let mut text = String::new();
        for part in self.parts.iter() {
            match part {
                Part::Settled(settled) => text.push_str(settled),
                Part::Disputed(hunk) => {
                    let Hunk { yours, templates } = hunk;
                    match answers.next().unwrap_or_default() {
                        Answer::Mine => text.push_str(yours),
                        Answer::Theirs => text.push_str(templates),
                        Answer::Markers => {
                            text.extend([OPEN, yours, MIDDLE, templates, CLOSE]);
                        }
                    }
                }
            }
        }
        self.user.dress(&text)
    }
}

/// The lines where a conflict begins, from 1.
pub fn markers(text: &str) -> Vec<usize> {
    let numbered = text.lines().enumerate();
    let opening = numbered.filter(|(_, line)| line.starts_with("<<<<<<< "));
    opening.map(|(at, _)| at + 1).collect()
}

/// Which line of `before`, from 1, the line of `after` with this index was or stands at.
fn line_before(before: &str, after: &str, index: usize) -> usize {
    let (before, after) = (lines(before), lines(after));
    let diff = TextDiff::from_slices(&before, &after);
    let op = diff.ops().iter().find(|op| op.new_range().contains(&index));
    match op {
        Some(op) => {
            let range = op.old_range();
            1 + range.end.min(range.start + index - op.new_range().start)
        }
        None => 1 + before.len(),
    }
}
