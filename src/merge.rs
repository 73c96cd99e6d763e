//! What becomes of one file when a project is regenerated: its pristine copy, its owner's text and the new text in,
//! a decision out. Pure: no disk, no processes; `regenerate` plans with it and applies the plan.

mod conflict;
mod engines;
mod entries;
mod ladder;
mod parts;
mod place;
mod sides;
mod toml;
mod validity;

use crate::{catalog::Class, relative::RelativePath};

pub use conflict::{Answer, Conflict, Place, Reason, markers};
pub use ladder::{Clean, Formatter, Rung};
use sides::Text;
pub use toml::means_same;
pub use validity::problem;

/// The three texts of a path; `None` where there is none.
#[derive(Clone, Copy, Debug)]
pub struct Sides<'a> {
    /// As it was generated last time.
    pub base: Option<&'a [u8]>,
    /// As it is in the project.
    pub user: Option<&'a [u8]>,
    /// As it is generated now.
    pub new: Option<&'a [u8]>,
}

#[derive(Debug, PartialEq, Eq)]
pub enum Decision {
    Create(Vec<u8>),
    /// Its owner has not touched it.
    Replace(Vec<u8>),
    /// The templates have nothing new, or have no more say in it.
    Keep,
    /// Both sides have come to the same.
    Same,
    Merge(Clean),
    Conflict(Conflict),
    StaysDeleted,
    /// No longer generated, and its owner has not touched it.
    Delete,
    /// No longer generated, but there is work of its owner in it.
    KeepUngenerated,
    /// There was such a file before it was generated: the new text goes under `incoming/`.
    Beside(Vec<u8>),
    /// Both have changed it, and it cannot be merged: the new one goes under `incoming/`.
    NotMergeable(Obstacle),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Obstacle {
    Binary,
    /// There are markers of a merge that was not finished, the first in this line.
    Unfinished(usize),
    /// `Cargo.toml` has become unreadable: where and why.
    InvalidToml(String),
    /// A symbolic link, on the way or at the end: nothing is written through it.
    Link,
    /// A folder, or another thing that is no file.
    NotAFile,
    /// It is its owner's, but what is new for it fixes a weakness.
    Fix,
}

/// `format` is what the third rung of the ladder tries on Rust: `rustfmt`, where there is one.
pub fn decide(
    sides: Sides<'_>,
    class: Class,
    path: &RelativePath,
    format: Formatter<'_>,
) -> Decision {
    match (sides.base, sides.user, sides.new) {
        (None, None, Some(new)) => Decision::Create(new.to_vec()),
        (Some(_), None, Some(_)) => Decision::StaysDeleted,
        (_, None, None) => Decision::Same,
        (base, Some(user), None) => without_new(base, user),
        (None, Some(user), Some(new)) => match () {
            () if is_same(user, new) => Decision::Same,
            () if class == Class::Seed => Decision::Keep,
            () => Decision::Beside(new.to_vec()),
        },
        (Some(base), Some(user), Some(new)) => with_all(base, user, new, class, path, format),
    }
}

/// Whether its owner has changed a file that belongs to the templates.
pub fn drifts(base: &[u8], user: &[u8], class: Class) -> bool {
    class == Class::Owned && !is_same(base, user)
}

/// What never was ours is none of our business.
fn without_new(base: Option<&[u8]>, user: &[u8]) -> Decision {
    match base {
        None => Decision::Same,
        Some(base) if is_same(base, user) => Decision::Delete,
        Some(_) => Decision::KeepUngenerated,
    }
}

fn with_all(
    base: &[u8],
    user: &[u8],
    new: &[u8],
    class: Class,
    path: &RelativePath,
    format: Formatter<'_>,
) -> Decision {
    if is_same(user, new) {
        return Decision::Same;
    }
    if is_same(base, new) {
        return Decision::Keep;
    }
    let texts = (Text::of(base), Text::of(user), Text::of(new));
    if is_same(base, user) {
        return Decision::Replace(match texts {
            (_, Some(user_text), Some(new_text)) if base != user || is_converted(user, new) => {
                user_text.dress(&new_text.plain)
            }
            _ => new.to_vec(),
        });
    }
    match texts {
        _ if class == Class::Seed => Decision::Keep,
        (Some(base), Some(user), Some(new)) => ladder::climb(&base, &user, &new, path, format),
        _ => Decision::NotMergeable(Obstacle::Binary),
    }
}

/// Whether a checkout has given the text, and its pristine copy with it, other line ends than those of the templates.
fn is_converted(user: &[u8], new: &[u8]) -> bool {
    let is_windows = |text: &[u8]| text.windows(2).any(|end| end == b"\r\n");
    is_windows(user) && !is_windows(new)
}

/// Apart from line ends, byte order mark and a newline at the end.
pub fn is_same(one: &[u8], other: &[u8]) -> bool {
    one == other
        || match (Text::of(one), Text::of(other)) {
            (Some(one), Some(other)) => one.plain == other.plain,
            _ => false,
        }
}

#[cfg(test)]
mod tests;
