//! One file: the decision about it, and what it comes to once conflicts are settled.
//! Pure.

use super::{History, Inputs, Present, Renewed, Settlement};
use crate::{
    merge::{self, Decision, Formatter, Obstacle, Sides, markers},
    relative::RelativePath,
};

/// What is written for a file, apart from the record.
pub struct Outcome<'f> {
    /// Where it is then.
    pub path: &'f RelativePath,
    /// `None` if nothing is there that can be read.
    pub text: Option<Vec<u8>>,
    pub base: Base,
    /// What goes under `incoming/`.
    pub incoming: Option<&'f [u8]>,
}

/// What becomes of the pristine copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Base {
    /// It becomes what is generated now.
    Moves,
    Stays,
    Goes,
}

/// `None` for a new file that is not wanted.
pub fn renew<'a>(
    inputs: &'a Inputs<'a>,
    history: &History<'a>,
    path: &'a RelativePath,
    is_held: bool,
    format: Formatter<'_>,
) -> Option<Renewed<'a>> {
    let mut file = undecided(inputs, history, path, is_held)?;
    file.decision = match inputs.present.get(history.before(path)) {
        Some(Present::Link) => behind(&file, Obstacle::Link),
        Some(Present::NotAFile) => behind(&file, Obstacle::NotAFile),
        _ => match decide(&file, inputs, format) {
            Decision::Keep if file.lacks_a_fix() => Decision::NotMergeable(Obstacle::Fix),
            decision => decision,
        },
    };
    let is_changed = |(base, user)| merge::drifts(base, user, file.class);
    let drifts = file.base.zip(file.user).is_some_and(is_changed);
    file.drifts = drifts && file.decision != Decision::Same;
    let is_new = file.recorded.is_some_and(|file| !file.deleted);
    file.is_news = is_new && file.decision == Decision::StaysDeleted;
    file.unfinished = file.unfinished();
    Some(file)
}

fn undecided<'a>(
    inputs: &'a Inputs<'a>,
    history: &History<'a>,
    path: &'a RelativePath,
    is_held: bool,
) -> Option<Renewed<'a>> {
    let before = history.before(path);
    let recorded = inputs.recorded.get(before);
    let new = inputs.generated.get(path);
    let is_wanted = recorded.is_some() || !is_held;
    let class = recorded.map(|file| file.class).or(new.map(|new| new.class));
    let base = recorded.and_then(|_| inputs.bases.get(before));
    Some(Renewed {
        path: path.clone(),
        moved_from: (before != path).then(|| before.clone()),
        class: class.filter(|_| is_wanted)?,
        user: match inputs.present.get(before) {
            Some(Present::File(bytes)) => Some(bytes),
            _ => None,
        },
        base: base.map(Vec::as_slice),
        new,
        decision: Decision::Same,
        changes: history.lacking(path),
        drifts: false,
        is_news: false,
        recorded,
        is_held,
        unfinished: Vec::new(),
        newest: history.newest_of(path),
    })
}

fn decide(file: &Renewed<'_>, inputs: &Inputs<'_>, format: Formatter<'_>) -> Decision {
    let is_share = inputs
        .placement
        .is_some_and(|placement| placement.is_share(&file.path));
    let mut sides = Sides {
        base: file.base,
        user: file.user,
        new: file.offered(),
    };
    if file.user.is_none() && inputs.restored.contains(&file.path) {
        sides.base = None;
    } else if is_share {
        sides = share(sides);
    }
    merge::decide(sides, file.class, &file.path, format)
}

/// Of a file that is not ours alone: where it had nothing of us, our part is added to it, and what is no longer generated
/// goes out of it.
fn share(sides: Sides<'_>) -> Sides<'_> {
    let Sides { base, user, new } = sides;
    match (base, user) {
        (None, Some(_)) => Sides {
            base: Some(b""),
            ..sides
        },
        (Some(base), Some(user)) if !merge::is_same(base, user) => Sides {
            new: new.or(Some(b"")),
            ..sides
        },
        (None | Some(b""), None) => Sides {
            base: None,
            user,
            new: new.filter(|new| !new.is_empty()),
        },
        _ => sides,
    }
}

/// Nothing is read or written through what is there.
fn behind(file: &Renewed<'_>, obstacle: Obstacle) -> Decision {
    match (file.base, file.offered()) {
        (None, None) => Decision::Same,
        (Some(_), None) => Decision::KeepUngenerated,
        (Some(base), Some(new)) if merge::is_same(base, new) => Decision::Keep,
        (_, Some(_)) => Decision::NotMergeable(obstacle),
    }
}

impl Renewed<'_> {
    /// What is new for it: nothing while it is held.
    fn offered(&self) -> Option<&[u8]> {
        match self.is_held {
            true => self.base,
            false => self.new.map(|new| new.text.as_bytes()),
        }
    }

    /// Nothing is merged into a seed that its owner has changed, but a fix must not go by unseen.
    fn lacks_a_fix(&self) -> bool {
        let sides = self.base.zip(self.offered());
        let is_new = sides.is_some_and(|(base, new)| !merge::is_same(base, new));
        is_new && self.changes.iter().any(|change| change.advisory.is_some())
    }

    /// A file of the templates may be about markers itself.
    fn unfinished(&self) -> Vec<usize> {
        let lines = |text: &[u8]| std::str::from_utf8(text).map(markers).unwrap_or_default();
        let is_about_them = self.base.is_some_and(|base| !lines(base).is_empty());
        self.user
            .filter(|_| !is_about_them)
            .map(lines)
            .unwrap_or_default()
    }

    pub fn outcome(&self, settlement: Option<&Settlement>) -> Outcome<'_> {
        let settlement = settlement.filter(|_| self.is_open());
        let stays =
            self.is_open() && !matches!(settlement, Some(Settlement::File(_) | Settlement::AsItIs));
        let old = self.moved_from.as_ref().filter(|_| stays);
        Outcome {
            path: old.unwrap_or(&self.path),
            text: self.text_after(settlement),
            base: match &self.decision {
                _ if self.is_held || stays => Base::Stays,
                Decision::StaysDeleted => Base::Stays,
                _ if self.new.is_none() => Base::Goes,
                _ => Base::Moves,
            },
            incoming: self.offered().filter(|_| stays),
        }
    }

    /// Somebody may have to decide about it, or to put something away first.
    pub fn is_open(&self) -> bool {
        matches!(
            self.decision,
            Decision::Conflict(_) | Decision::Beside(_) | Decision::NotMergeable(_)
        )
    }

    fn text_after(&self, settlement: Option<&Settlement>) -> Option<Vec<u8>> {
        let user = || self.user.map(<[u8]>::to_vec);
        match (&self.decision, settlement) {
            (Decision::Create(text) | Decision::Replace(text), _) => Some(text.clone()),
            (Decision::Merge(clean), _) => Some(clean.bytes.clone()),
            (Decision::Delete | Decision::StaysDeleted, _) => None,
            (_, Some(Settlement::File(text))) => user().map(|_| text.clone()),
            _ => user(),
        }
    }
}
