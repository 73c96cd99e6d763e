//! Puts a call behind the expression that a chain of calls begins with, laid out as the chain is.
//! Pure.

use std::ops::Range;

use syn::{
    Expr,
    visit::{self, Visit},
};

use super::{layout, sources::Parsed};
use crate::insertion::Insertion;

/// rustfmt leaves shorter chains in one line.
const LONGEST_LINE: usize = 60;
/// Behind what is no longer than this, rustfmt does not break the line.
const SHORTEST_BASE: usize = 4;

/// A chain, from its base on.
struct Chain {
    base: Range<usize>,
    /// Where each further dot stands.
    dots: Vec<usize>,
    end: usize,
}

/// The insertions that put `call` behind the expression that ends at `after`. `grows` tells how many bytes other
/// insertions add within a range.
pub fn call_after(
    file: &Parsed<'_>,
    block: &syn::Block,
    after: usize,
    call: &str,
    grows: impl Fn(&Range<usize>) -> usize,
) -> Vec<Insertion> {
    let here = |text: String, at: usize| Insertion { at, text };
    let Some(chain) = find(file, block, after).filter(|chain| !chain.dots.is_empty()) else {
        return vec![here(call.to_owned(), after)];
    };
    let text = file.text();
    let newline = layout::newline(text);
    let first = chain.dots[0];
    let gap = &text[after..first];
    if gap.contains('\n') {
        let own_line = gap.split('\n').next().unwrap_or_default().trim_end();
        let at = if own_line.contains("/*") {
            after
        } else {
            after + own_line.len()
        };
        let indentation = layout::before(text, first);
        let indentation = &indentation[..indentation.len() - indentation.trim_start().len()];
        return vec![here(format!("{newline}{indentation}{call}"), at)];
    }
    let whole = chain.base.start..chain.end;
    let is_short = !text[whole.clone()].contains('\n')
        && whole.len() + call.len() + grows(&whole) <= LONGEST_LINE;
    if is_short || !begins_line(layout::before(text, chain.base.start)) {
        return vec![here(call.to_owned(), after)];
    }
    let indentation = layout::indentation(text, chain.base.start);
    let line = format!("{newline}{indentation}{}", layout::step(text));
    broken(text, &chain, after, call, &line)
}

/// A chain in one line becomes one with a line for each call.
fn broken(text: &str, chain: &Chain, after: usize, call: &str, line: &str) -> Vec<Insertion> {
    let before = layout::before(text, chain.base.start).trim_start();
    let own = match before.len() + chain.base.len() <= SHORTEST_BASE {
        true => call.to_owned(),
        false => format!("{line}{call}"),
    };
    let mut insertions = vec![Insertion {
        at: after,
        text: own,
    }];
    let mut end = after;
    for &dot in &chain.dots {
        if !text[end..dot].trim_end_matches(' ').ends_with('\n') && !blank_line_before(text, dot) {
            insertions.push(Insertion {
                at: dot,
                text: line.to_owned(),
            });
        }
        end = dot;
    }
    insertions
}

fn blank_line_before(text: &str, at: usize) -> bool {
    layout::before(text, at).trim().is_empty()
}

/// Whether an expression that comes next in its line decides how the next lines are indented.
fn begins_line(before: &str) -> bool {
    let before = before.trim();
    before.is_empty() || before.ends_with('=') || before.ends_with("=>") || before == "return"
}

fn find(file: &Parsed<'_>, block: &syn::Block, after: usize) -> Option<Chain> {
    let mut search = Search {
        file,
        after,
        found: None,
    };
    search.visit_block(block);
    search.found
}

struct Search<'s, 'a> {
    file: &'s Parsed<'a>,
    after: usize,
    found: Option<Chain>,
}

impl<'ast> Visit<'ast> for Search<'_, '_> {
    fn visit_expr(&mut self, expression: &'ast Expr) {
        let range = self.file.range(expression);
        if self.found.is_some() || !(range.start < self.after && self.after <= range.end) {
            return;
        }
        self.found = self.chain(expression);
        if self.found.is_none() {
            visit::visit_expr(self, expression);
        }
    }

    fn visit_macro(&mut self, mac: &'ast syn::Macro) {
        for expression in super::macro_bodies::expressions(mac) {
            self.visit_expr(&expression);
        }
    }
}

impl Search<'_, '_> {
    /// The chain of this expression, if it begins where it should.
    fn chain(&self, expression: &Expr) -> Option<Chain> {
        let mut dots = Vec::new();
        let mut link = expression;
        loop {
            let range = self.file.range(link);
            if range.end == self.after {
                dots.reverse();
                let end = self.file.range(expression).end;
                return Some(Chain {
                    base: range,
                    dots,
                    end,
                });
            }
            link = match link {
                Expr::MethodCall(it) => {
                    dots.push(self.file.range(&it.dot_token).start);
                    &it.receiver
                }
                Expr::Await(it) => {
                    dots.push(self.file.range(&it.dot_token).start);
                    &it.base
                }
                Expr::Field(it) => {
                    dots.push(self.file.range(&it.dot_token).start);
                    &it.base
                }
                Expr::Try(it) => &it.expr,
                _ => return None,
            };
        }
    }
}
