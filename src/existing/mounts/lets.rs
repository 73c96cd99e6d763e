//! The line `let auth = ...;`: for which uses one will do, and before which statement it stands.
//! Pure.

use std::{collections::BTreeMap, ops::Range};

use super::{
    functions::Function,
    places::{self, Level},
    sources::Parsed,
};

/// Uses of `auth` in one function that share a `let`.
#[derive(Debug, PartialEq, Eq)]
pub struct Shared {
    /// The start of the statement before which it stands.
    pub at: usize,
    /// What has to hold for it to be used.
    pub cfg: Option<String>,
    /// The places in the source at which it is used.
    pub uses: Vec<usize>,
}

impl Shared {
    /// From the `let` to its last use.
    pub fn range(&self) -> Range<usize> {
        let last = self.uses.iter().copied().max().unwrap_or(self.at);
        self.at..last + 1
    }
}

/// A place in the source, and what is around it inside its function.
struct Use {
    at: usize,
    levels: Vec<Level>,
}

/// Where the `let`s go: one, unless a closure that moves its variables would take it away from the other uses. `Err`
/// has such a closure where it has no block of its own.
pub fn share(
    file: &Parsed<'_>,
    function: &Function<'_>,
    uses: &[usize],
) -> Result<Vec<Shared>, usize> {
    let body = file.range(function.block);
    let uses: Vec<Use> = uses.iter().map(|&at| inside(file, &body, at)).collect();
    let all: Vec<&Use> = uses.iter().collect();
    let block = common_block(&all);
    let mut by_taker: BTreeMap<Option<(usize, usize)>, Vec<&Use>> = BTreeMap::new();
    for one in &uses {
        by_taker.entry(taker(one, &block)).or_default().push(one);
    }
    if by_taker.len() < 2 {
        return Ok(vec![shared(&all)]);
    }
    let each = by_taker.into_iter().map(|(taker, uses)| {
        let shared = shared(&uses);
        match taker {
            Some((start, end)) if !(start..end).contains(&shared.at) => Err(start),
            _ => Ok(shared),
        }
    });
    each.collect()
}

fn inside(file: &Parsed<'_>, body: &Range<usize>, at: usize) -> Use {
    let levels = places::around(file, at);
    let first = levels
        .iter()
        .position(|level| matches!(level, Level::Block { block, .. } if block == body));
    Use {
        at,
        levels: levels[first.unwrap_or_default()..].to_vec(),
    }
}

fn shared(uses: &[&Use]) -> Shared {
    let block = common_block(uses);
    let starts = uses.iter().filter_map(|one| {
        one.levels.iter().find_map(|level| match level {
            Level::Block {
                block: its,
                statement,
            } if *its == block => Some(*statement),
            _ => None,
        })
    });
    Shared {
        at: starts.min().unwrap_or(block.start + 1),
        cfg: cfg(uses, &block),
        uses: uses.iter().map(|one| one.at).collect(),
    }
}

/// The innermost block around all of them.
fn common_block(uses: &[&Use]) -> Range<usize> {
    let blocks = |one: &Use| -> Vec<Range<usize>> {
        let blocks = one.levels.iter().filter_map(|level| match level {
            Level::Block { block, .. } => Some(block.clone()),
            _ => None,
        });
        blocks.collect()
    };
    let mut common = uses.first().map(|one| blocks(one)).unwrap_or_default();
    for one in uses {
        let own = blocks(one);
        common.retain(|block| own.contains(block));
    }
    common.pop().unwrap_or_default()
}

/// The levels inside this block.
fn below<'u>(one: &'u Use, block: &Range<usize>) -> &'u [Level] {
    let position = one
        .levels
        .iter()
        .position(|level| matches!(level, Level::Block { block: its, .. } if its == block));
    &one.levels[position.map_or(0, |position| position + 1)..]
}

/// The first closure or `async` block on the way to the use that takes its variables.
fn taker(one: &Use, block: &Range<usize>) -> Option<(usize, usize)> {
    below(one, block).iter().find_map(|level| match level {
        Level::Moves(range) => Some((range.start, range.end)),
        _ => None,
    })
}

/// What holds where it is used: `any` of what holds at the uses, nothing if one of them is always there.
fn cfg(uses: &[&Use], block: &Range<usize>) -> Option<String> {
    let mut ways: Vec<String> = Vec::new();
    for one in uses {
        let holds = all(&places::cfgs(below(one, block)))?;
        if !ways.contains(&holds) {
            ways.push(holds);
        }
    }
    match ways.as_slice() {
        [] => None,
        [one] => Some(one.clone()),
        ways => Some(format!("any({})", ways.join(", "))),
    }
}

/// All of these, as one condition.
pub fn all(cfgs: &[String]) -> Option<String> {
    match cfgs {
        [] => None,
        [one] => Some(one.clone()),
        cfgs => Some(format!("all({})", cfgs.join(", "))),
    }
}
