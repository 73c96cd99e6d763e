//! What makes the handler, if that needs nothing but itself: `Tools::new` for `Tools::new()`, else a closure.
//! Pure.

use std::collections::BTreeSet;

use syn::{
    Block, Expr, ExprCall, Local, Macro, Pat, PatIdent, Stmt,
    visit::{self, Visit},
};

use crate::existing::mounts::sources::Parsed;

const CAPTURES: &str = "the handler is made from variables of `main`";
const WAITS: &str = "the handler is made with `?`, `.await` or a macro";

/// The expression that makes the handler, as something to be called for each session.
///
/// # Errors
/// Why it cannot be called again.
pub fn maker(file: &Parsed<'_>, block: &Block, handler: &Expr) -> Result<String, &'static str> {
    let made = followed(block, handler).unwrap_or(handler);
    let mut names = Bound::default();
    names.visit_block(block);
    let mut needs = Needs {
        bound: &names.0,
        problem: None,
    };
    needs.visit_expr(made);
    match (needs.problem, made) {
        (Some(problem), _) => Err(problem),
        (None, Expr::Call(ExprCall { func, args, .. })) if args.is_empty() => {
            Ok(file.slice(func).to_owned())
        }
        (None, _) => Ok(format!("|| {}", file.slice(made))),
    }
}

/// What a variable was set to, if it is one that cannot change.
fn followed<'a>(block: &'a Block, handler: &Expr) -> Option<&'a Expr> {
    let Expr::Path(path) = handler else {
        return None;
    };
    let name = path.path.get_ident()?;
    let binding = |statement: &'a Stmt| match statement {
        Stmt::Local(Local {
            pat: Pat::Ident(pattern),
            init: Some(init),
            ..
        }) if pattern.ident == *name && pattern.mutability.is_none() => Some(&*init.expr),
        _ => None,
    };
    block.stmts.iter().rev().find_map(binding)
}

/// Names that variables have somewhere in a block.
#[derive(Default)]
struct Bound(BTreeSet<String>);

impl<'a> Visit<'a> for Bound {
    fn visit_pat_ident(&mut self, pattern: &'a PatIdent) {
        self.0.insert(pattern.ident.to_string());
        visit::visit_pat_ident(self, pattern);
    }
}

/// What an expression needs from around it.
struct Needs<'a> {
    bound: &'a BTreeSet<String>,
    problem: Option<&'static str>,
}

impl<'a> Visit<'a> for Needs<'_> {
    fn visit_expr(&mut self, expression: &'a Expr) {
        match expression {
            Expr::Await(_) | Expr::Try(_) | Expr::Return(_) => self.problem = Some(WAITS),
            Expr::Path(path) => {
                let name = path.path.get_ident().map(ToString::to_string);
                if name.is_some_and(|name| self.bound.contains(&name)) {
                    self.problem = Some(CAPTURES);
                }
            }
            _ => {}
        }
        visit::visit_expr(self, expression);
    }

    /// Its words may mean anything.
    fn visit_macro(&mut self, _: &'a Macro) {
        self.problem = Some(WAITS);
    }
}
