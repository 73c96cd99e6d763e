//! A merged text in pieces: what is settled, and what two sides say differently.
//! Pure; knows lines and nothing of where they came from.

use similar::{DiffOp, TextDiff};

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parts(Vec<Part>);

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    Settled(String),
    Disputed(Hunk),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hunk {
    pub yours: String,
    pub templates: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    Yours,
    Templates,
}

impl Parts {
    /// Everything that is not in both texts is disputed.
    pub fn between(yours: &str, templates: &str) -> Self {
        let (yours, templates) = (lines(yours), lines(templates));
        let mut parts = Self::default();
        for op in TextDiff::from_slices(&yours, &templates).ops() {
            let yours = yours[op.old_range()].concat();
            match op {
                DiffOp::Equal { .. } => parts.settle(&yours),
                _ => parts.dispute(&yours, &templates[op.new_range()].concat()),
            }
        }
        parts
    }

    pub fn settle(&mut self, text: &str) {
        match self.0.last_mut() {
            _ if text.is_empty() => {}
            Some(Part::Settled(last)) => last.push_str(text),
            _ => self.0.push(Part::Settled(text.to_owned())),
        }
    }

    /// Lines that both begin or end with are settled.
    pub fn dispute(&mut self, yours: &str, templates: &str) {
        let (head, yours, templates, tail) = trim(yours, templates);
        self.settle(head);
        if !yours.is_empty() || !templates.is_empty() {
            self.0.push(Part::Disputed(Hunk {
                yours: yours.to_owned(),
                templates: templates.to_owned(),
            }));
        }
        self.settle(tail);
    }

    pub fn append(&mut self, other: Self) {
        for part in other.0 {
            match part {
                Part::Settled(text) => self.settle(&text),
                disputed => self.0.push(disputed),
            }
        }
    }

    pub fn iter(&self) -> impl Iterator<Item = &Part> {
        self.0.iter()
    }

    pub fn hunks(&self) -> impl Iterator<Item = &Hunk> {
        self.0.iter().filter_map(|part| match part {
            Part::Settled(_) => None,
            Part::Disputed(hunk) => Some(hunk),
        })
    }

    pub fn is_settled(&self) -> bool {
        self.hunks().next().is_none()
    }

    /// The whole, with every dispute decided for one side.
    pub fn text(&self, side: Side) -> String {
        let pieces = self.0.iter().map(|part| match (part, side) {
            (Part::Settled(text), _) => text.as_str(),
            (Part::Disputed(hunk), Side::Yours) => &hunk.yours,
            (Part::Disputed(hunk), Side::Templates) => &hunk.templates,
        });
        pieces.collect()
    }
}

/// The lines at the top of both, the two rests, and the lines at the bottom of both.
fn trim<'a>(one: &'a str, other: &'a str) -> (&'a str, &'a str, &'a str, &'a str) {
    let common = |(one, other): (&&str, &&str)| one == other;
    let (ones, others) = (lines(one), lines(other));
    let top = ones
        .iter()
        .zip(&others)
        .take_while(|&(a, b)| common((a, b)))
        .count();
    let (rest, other_rest) = (&ones[top..], &others[top..]);
    let pairs = rest.iter().rev().zip(other_rest.iter().rev());
    let bottom = pairs.take_while(|&(a, b)| common((a, b))).count();
    let head: usize = ones[..top].iter().map(|line| line.len()).sum();
    let tail: usize = ones[ones.len() - bottom..]
        .iter()
        .map(|line| line.len())
        .sum();
    (
        &one[..head],
        &one[head..one.len() - tail],
        &other[head..other.len() - tail],
        &one[one.len() - tail..],
    )
}

/// `similar` would also break them at a lone `\r`.
pub fn lines(text: &str) -> Vec<&str> {
    text.split_inclusive('\n').collect()
}
