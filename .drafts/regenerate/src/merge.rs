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

pub use conflict::{Answer, Conflict, Place, Reason, Resolution, Resolved, markers};
pub use ladder::{Clean, Formatter, Rung};
use sides::Text;

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

impl Decision {
    /// Whether the pristine copy becomes what is generated now; if not, the same is offered again next time.
    /// For a conflict that is so once its file is resolved, and not while the new one lies beside it.
    pub fn moves_base(&self) -> bool {
        match self {
            Self::StaysDeleted | Self::Beside(_) | Self::NotMergeable(_) => false,
            Self::Create(_) | Self::Replace(_) | Self::Keep | Self::Same | Self::Merge(_) => true,
            Self::Conflict(_) | Self::Delete | Self::KeepUngenerated => true,
        }
    }
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
    if class == Class::Seed || is_same(base, new) {
        return Decision::Keep;
    }
    let texts = (Text::of(base), Text::of(user), Text::of(new));
    if is_same(base, user) {
        return Decision::Replace(match texts {
            (_, Some(user_text), Some(new_text)) if base != user => {
                user_text.dress(&new_text.plain)
            }
            _ => new.to_vec(),
        });
    }
    match texts {
        (Some(base), Some(user), Some(new)) => ladder::climb(&base, &user, &new, path, format),
        _ => Decision::NotMergeable(Obstacle::Binary),
    }
}

/// Apart from line ends, byte order mark and a newline at the end.
fn is_same(one: &[u8], other: &[u8]) -> bool {
    one == other
        || match (Text::of(one), Text::of(other)) {
            (Some(one), Some(other)) => one.plain == other.plain,
            _ => false,
        }
}

#[cfg(test)]
mod tests;
