//! What lies around an offset: `#[cfg]`s, branches, blocks, closures that move.
//! Pure.

use std::ops::Range;

use syn::{
    Attribute, Block, Expr, ImplItem, Item, Macro, MacroDelimiter, Meta, Stmt,
    visit::{self, Visit},
};

use super::{attributes::attributes, macro_bodies, sources::Parsed};

/// From the outside in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Level {
    /// A thing that is there only if this holds: `feature = "http"`.
    Cfg { holds: String, of: Range<usize> },
    /// One way of an `if` or a `match`.
    Branch(Range<usize>),
    /// A block, and the statement in it.
    Block {
        block: Range<usize>,
        statement: usize,
    },
    /// A closure or an `async` block that takes its variables.
    Moves(Range<usize>),
}

pub fn around(file: &Parsed<'_>, at: usize) -> Vec<Level> {
    let mut walk = Walk {
        file,
        at,
        levels: Vec::new(),
    };
    for item in file.items() {
        walk.visit_item(item);
    }
    walk.levels
}

/// What has to hold for the code at this offset to be compiled, without that of the file.
pub fn cfgs(levels: &[Level]) -> Vec<String> {
    let cfgs = levels.iter().filter_map(|level| match level {
        Level::Cfg { holds, .. } => Some(holds.clone()),
        _ => None,
    });
    cfgs.collect()
}

struct Walk<'w, 'a> {
    file: &'w Parsed<'a>,
    at: usize,
    levels: Vec<Level>,
}

impl Walk<'_, '_> {
    fn holds(&self, node: &impl syn::spanned::Spanned) -> bool {
        self.file.range(node).contains(&self.at)
    }

    fn cfgs(&mut self, attributes: &[Attribute], of: &Range<usize>) {
        let cfgs = attributes.iter().filter_map(|it| cfg(self.file, it));
        self.hold(cfgs.collect(), of);
    }

    fn hold(&mut self, cfgs: Vec<String>, of: &Range<usize>) {
        let levels = cfgs.into_iter().map(|holds| {
            let of = of.clone();
            Level::Cfg { holds, of }
        });
        self.levels.extend(levels);
    }

    fn branch(&mut self, expression: &Expr) {
        if self.holds(expression) {
            self.levels.push(Level::Branch(self.file.range(expression)));
            self.visit_expr(expression);
        }
    }

    fn moves(&mut self, moves: bool, expression: &Expr) {
        if moves {
            self.levels.push(Level::Moves(self.file.range(expression)));
        }
        visit::visit_expr(self, expression);
    }
}

impl<'ast> Visit<'ast> for Walk<'_, '_> {
    fn visit_item(&mut self, item: &'ast Item) {
        if self.holds(item) {
            self.cfgs(attributes(item), &self.file.range(item));
            visit::visit_item(self, item);
        }
    }

    fn visit_impl_item(&mut self, item: &'ast ImplItem) {
        if self.holds(item) {
            if let ImplItem::Fn(function) = item {
                self.cfgs(&function.attrs, &self.file.range(item));
            }
            visit::visit_impl_item(self, item);
        }
    }

    fn visit_block(&mut self, block: &'ast Block) {
        if !self.holds(block) {
            return;
        }
        for statement in &block.stmts {
            let range = self.file.range(statement);
            if range.contains(&self.at) {
                self.levels.push(Level::Block {
                    block: self.file.range(block),
                    statement: range.start,
                });
                if !matches!(statement, Stmt::Item(_)) {
                    self.hold(leading_cfgs(self.file, statement), &range);
                }
                visit::visit_stmt(self, statement);
            }
        }
    }

    fn visit_expr(&mut self, expression: &'ast Expr) {
        if !self.holds(expression) {
            return;
        }
        match expression {
            Expr::If(it) => {
                self.visit_expr(&it.cond);
                if self.holds(&it.then_branch) {
                    let branch = self.file.range(&it.then_branch);
                    self.levels.push(Level::Branch(branch));
                    self.visit_block(&it.then_branch);
                }
                if let Some((_, otherwise)) = &it.else_branch {
                    self.branch(otherwise);
                }
            }
            Expr::Match(it) => {
                self.visit_expr(&it.expr);
                for arm in &it.arms {
                    if self.holds(&arm.body) {
                        self.cfgs(&arm.attrs, &self.file.range(arm));
                    }
                    self.branch(&arm.body);
                }
            }
            Expr::Closure(it) => self.moves(it.capture.is_some(), expression),
            Expr::Async(it) => self.moves(it.capture.is_some(), expression),
            _ => visit::visit_expr(self, expression),
        }
    }

    fn visit_macro(&mut self, mac: &'ast Macro) {
        for expression in macro_bodies::expressions(mac) {
            self.visit_expr(&expression);
        }
    }
}

/// The conditions on a statement: its attributes before the first other token. Those of an expression statement belong
/// to a part of it.
fn leading_cfgs(file: &Parsed<'_>, statement: &Stmt) -> Vec<String> {
    let mut all = Attributes {
        file,
        found: Vec::new(),
    };
    all.visit_stmt(statement);
    let mut end = file.range(statement).start;
    let mut leading = Vec::new();
    for (range, cfg) in all.found {
        let between = file.text().get(end..range.start).unwrap_or("?").trim();
        if !between.is_empty() && !between.starts_with("//") && !between.starts_with("/*") {
            break;
        }
        end = range.end;
        leading.extend(cfg);
    }
    leading
}

struct Attributes<'s, 'a> {
    file: &'s Parsed<'a>,
    found: Vec<(Range<usize>, Option<String>)>,
}

impl<'ast> Visit<'ast> for Attributes<'_, '_> {
    fn visit_attribute(&mut self, attribute: &'ast Attribute) {
        let cfg = cfg(self.file, attribute);
        self.found.push((self.file.range(attribute), cfg));
    }
}

/// What stands inside `#[cfg(...)]`.
fn cfg(file: &Parsed<'_>, attribute: &Attribute) -> Option<String> {
    let Meta::List(list) = &attribute.meta else {
        return None;
    };
    let MacroDelimiter::Paren(paren) = &list.delimiter else {
        return None;
    };
    let inside = file.span(paren.span.open()).end..file.span(paren.span.close()).start;
    let inside = file.text().get(inside)?.trim();
    list.path.is_ident("cfg").then(|| inside.to_owned())
}
