//! Expressions: what they give, and everything in them on the way.
//! Pure; calls are in `calls` and `methods`, macros in `macro_bodies`.

use syn::{
    Block, Expr, ExprClosure, Pat,
    visit::{self, Visit},
};

use super::{flow::Flow, functions::text_of, imports::Imports, trace::Origin, values::Value};

impl Flow<'_, '_> {
    /// What the expression gives; everything in it is followed on the way.
    pub fn value(&mut self, expression: &Expr) -> Value {
        match expression {
            Expr::Path(path) => self.path(&path.path),
            Expr::Lit(_) => text_of(expression).map_or(Value::Unknown, Value::Text),
            Expr::Paren(it) => self.value(&it.expr),
            Expr::Group(it) => self.value(&it.expr),
            Expr::Reference(it) => self.value(&it.expr),
            Expr::Unary(it) => self.value(&it.expr),
            Expr::Await(it) => self.value(&it.base),
            Expr::Try(it) => self.value(&it.expr),
            Expr::Cast(it) => self.value(&it.expr),
            Expr::Block(it) => self.block(&it.block),
            Expr::Unsafe(it) => self.block(&it.block),
            Expr::Async(it) => self.apart(|flow| flow.block(&it.block)),
            Expr::Closure(it) => self.closure(it),
            Expr::Tuple(it) => Value::Tuple(it.elems.iter().map(|part| self.value(part)).collect()),
            Expr::Field(it) => match self.value(&it.base) {
                Value::Struct(name) => {
                    let value = self.index.field(&name, &it.member);
                    self.rooted(value, Origin::Elsewhere, Some(self.range(it).end))
                }
                Value::Tuple(parts) => match &it.member {
                    syn::Member::Unnamed(index) => parts
                        .into_iter()
                        .nth(index.index as usize)
                        .unwrap_or_default(),
                    syn::Member::Named(_) => Value::Unknown,
                },
                _ => Value::Unknown,
            },
            Expr::MethodCall(it) => self.method_call(it),
            Expr::Call(it) => self.call(it),
            Expr::Macro(it) => self.macro_call(&it.mac),
            _ => self.branches(expression),
        }
    }

    fn branches(&mut self, expression: &Expr) -> Value {
        match expression {
            Expr::If(it) => {
                let value = self.scope(Imports::default(), |flow| {
                    flow.value(&it.cond);
                    flow.block(&it.then_branch)
                });
                match &it.else_branch {
                    Some((_, otherwise)) => value.or(self.value(otherwise)),
                    None => value,
                }
            }
            Expr::Let(it) => {
                let value = self.value(&it.expr);
                self.bind(&it.pat, value);
                Value::Unknown
            }
            Expr::Match(it) => self.arms(it),
            Expr::Assign(it) => {
                self.assignment(it);
                Value::Unknown
            }
            Expr::Return(it) => {
                let value = it
                    .expr
                    .as_ref()
                    .map(|it| self.value(it))
                    .unwrap_or_default();
                self.give_back(value);
                Value::Unknown
            }
            Expr::Struct(it) => self.literal(it),
            _ => {
                self.scope(Imports::default(), |flow| {
                    visit::visit_expr(&mut Children(flow), expression);
                });
                Value::Unknown
            }
        }
    }

    /// A service that goes into a field is followed from there, if the field's type tells.
    fn assignment(&mut self, it: &syn::ExprAssign) {
        let value = self.value(&it.right);
        let name = match &*it.left {
            Expr::Path(path) => path.path.get_ident(),
            _ => None,
        };
        match name {
            Some(name) => self.assign(&name.to_string(), value),
            None => {
                if self.value(&it.left).has_service() {
                    self.settle(&value.leads());
                }
            }
        }
    }

    fn arms(&mut self, it: &syn::ExprMatch) -> Value {
        let subject = self.value(&it.expr);
        let mut value: Option<Value> = None;
        for arm in &it.arms {
            let body = self.scope(Imports::default(), |flow| {
                flow.bind(&arm.pat, subject.clone());
                flow.value(&arm.body)
            });
            value = Some(match value {
                Some(before) => before.or(body),
                None => body,
            });
        }
        value.unwrap_or_default()
    }

    /// A field whose declared type is the service's is followed from there.
    fn literal(&mut self, it: &syn::ExprStruct) -> Value {
        let Value::Struct(name) = self.index.value_of_path(&it.path, self.here()) else {
            visit::visit_expr_struct(&mut Children(self), it);
            return Value::Unknown;
        };
        for field in &it.fields {
            let value = self.value(&field.expr);
            if self.index.field(&name, &field.member).has_service() {
                self.settle(&value.leads());
            }
        }
        if let Some(rest) = &it.rest {
            self.value(rest);
        }
        Value::Struct(name)
    }

    fn closure(&mut self, it: &ExprClosure) -> Value {
        let value = self.apart(|flow| {
            flow.scope(Imports::default(), |flow| {
                for input in &it.inputs {
                    flow.bind(input, Value::Unknown);
                }
                flow.value(&it.body)
            })
        });
        Value::Closure(Box::new(value))
    }

    fn path(&mut self, path: &syn::Path) -> Value {
        if let Some(name) = path.get_ident()
            && let Some(value) = self.get(&name.to_string())
        {
            return value.clone();
        }
        let resolved = self.index.resolve(path, self.here());
        match self.index.constants.get(&resolved) {
            Some(text) => Value::Text(text.clone()),
            None => Value::Unknown,
        }
    }
}

/// Follows the parts of an expression that has no value of interest itself.
struct Children<'f, 'i, 'a>(&'f mut Flow<'i, 'a>);

impl<'ast> Visit<'ast> for Children<'_, '_, '_> {
    fn visit_expr(&mut self, expression: &'ast Expr) {
        self.0.value(expression);
    }

    fn visit_block(&mut self, block: &'ast Block) {
        self.0.block(block);
    }

    fn visit_pat(&mut self, pattern: &'ast Pat) {
        self.0.bind(pattern, Value::Unknown);
    }

    fn visit_item(&mut self, _: &'ast syn::Item) {}
}
