//! Calls that serve stdio: `handler.serve(stdio())`, `serve_server(handler, stdio())`. Tests are passed over.
//! Pure.

use std::collections::BTreeSet;

use syn::{
    Attribute, Expr, ExprPath, ImplItemFn, ItemFn, ItemMod, Local, Meta, Pat,
    visit::{self, Visit},
};

use crate::existing::{modules::is_test_only, mounts::sources::Parsed};

#[derive(Clone, Copy)]
pub struct Call<'a> {
    pub expression: &'a Expr,
    pub handler: &'a Expr,
}

pub fn of<'a>(file: &'a Parsed<'_>) -> Vec<Call<'a>> {
    let mut calls = Calls::default();
    for item in file.items() {
        calls.visit_item(item);
    }
    calls.found
}

/// The call that an expression is, if it serves stdio. `transports` are variables that hold stdio.
fn serving<'a>(expression: &'a Expr, transports: &BTreeSet<String>) -> Option<Call<'a>> {
    let (handler, transport) = match expression {
        Expr::MethodCall(call) if call.method == "serve" && call.args.len() == 1 => {
            (&*call.receiver, call.args.first()?)
        }
        Expr::Call(call) if is_named(&call.func, "serve_server") && call.args.len() == 2 => {
            (call.args.first()?, call.args.last()?)
        }
        _ => return None,
    };
    is_stdio(transport, transports).then_some(Call {
        expression,
        handler,
    })
}

/// `stdio()`, `(stdin(), stdout())`, or a variable that holds one of them.
fn is_stdio(expression: &Expr, transports: &BTreeSet<String>) -> bool {
    let calls = |expression: &Expr, name| match expression {
        Expr::Call(call) => call.args.is_empty() && is_named(&call.func, name),
        _ => false,
    };
    match expression {
        Expr::Tuple(pair) if pair.elems.len() == 2 => {
            calls(&pair.elems[0], "stdin") && calls(&pair.elems[1], "stdout")
        }
        Expr::Path(path) => path
            .path
            .get_ident()
            .is_some_and(|name| transports.contains(&name.to_string())),
        other => calls(other, "stdio"),
    }
}

fn is_named(function: &Expr, name: &str) -> bool {
    let Expr::Path(ExprPath { path, .. }) = function else {
        return false;
    };
    path.segments.last().is_some_and(|last| last.ident == name)
}

#[derive(Default)]
struct Calls<'a> {
    found: Vec<Call<'a>>,
    transports: BTreeSet<String>,
}

impl<'a> Visit<'a> for Calls<'a> {
    fn visit_expr(&mut self, expression: &'a Expr) {
        self.found.extend(serving(expression, &self.transports));
        visit::visit_expr(self, expression);
    }

    fn visit_local(&mut self, local: &'a Local) {
        if let (Pat::Ident(name), Some(init)) = (&local.pat, &local.init)
            && is_stdio(&init.expr, &self.transports)
        {
            self.transports.insert(name.ident.to_string());
        }
        visit::visit_local(self, local);
    }

    fn visit_item_mod(&mut self, item: &'a ItemMod) {
        if !is_for_tests(&item.attrs) {
            visit::visit_item_mod(self, item);
        }
    }

    fn visit_item_fn(&mut self, item: &'a ItemFn) {
        if !is_for_tests(&item.attrs) {
            visit::visit_item_fn(self, item);
        }
    }

    fn visit_impl_item_fn(&mut self, item: &'a ImplItemFn) {
        if !is_for_tests(&item.attrs) {
            visit::visit_impl_item_fn(self, item);
        }
    }
}

/// `#[test]`, `#[tokio::test]`, `#[cfg(test)]`.
fn is_for_tests(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| match &attribute.meta {
        Meta::List(list) if list.path.is_ident("cfg") => is_test_only(list.tokens.clone()),
        meta => meta
            .path()
            .segments
            .last()
            .is_some_and(|last| last.ident == "test"),
    })
}
