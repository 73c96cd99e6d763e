//! Statements and patterns: what variables are bound to.
//! Pure.

use syn::{Block, Pat, Stmt, visit::Visit};

use super::{flow::Flow, imports::Imports, trace::Origin, values::Value};

impl Flow<'_, '_> {
    pub fn block(&mut self, block: &Block) -> Value {
        self.scope(Imports::of_block(block), |flow| {
            let values = block
                .stmts
                .iter()
                .map(|statement| flow.statement(statement));
            values.last().unwrap_or_default()
        })
    }

    fn statement(&mut self, statement: &Stmt) -> Value {
        match statement {
            Stmt::Local(local) => {
                let value = match &local.init {
                    Some(init) => {
                        if let Some((_, otherwise)) = &init.diverge {
                            self.value(otherwise);
                        }
                        self.value(&init.expr)
                    }
                    None => Value::Unknown,
                };
                self.bind(&local.pat, value);
                Value::Unknown
            }
            Stmt::Expr(expression, semicolon) => {
                let value = self.value(expression);
                match semicolon {
                    Some(_) => Value::Unknown,
                    None => value,
                }
            }
            Stmt::Macro(statement) => self.macro_call(&statement.mac),
            Stmt::Item(_) => Value::Unknown,
        }
    }

    pub fn bind(&mut self, pattern: &Pat, value: Value) {
        match (pattern, value) {
            (Pat::Ident(pattern), value) => {
                let keeps = pattern.mutability.is_none() || !matches!(value, Value::Text(_));
                let name = pattern.ident.to_string();
                self.set(&name, if keeps { value } else { Value::Unknown });
            }
            (Pat::Type(pattern), value) => {
                let declared = self.index.value_of(&pattern.ty, self.here());
                let value = if value.is_known() { value } else { declared };
                let value = self.rooted(value, Origin::Elsewhere, None);
                self.bind(&pattern.pat, value);
            }
            (Pat::Paren(pattern), value) => self.bind(&pattern.pat, value),
            (Pat::Reference(pattern), value) => self.bind(&pattern.pat, value),
            (Pat::Tuple(pattern), Value::Tuple(values)) => {
                for (part, value) in pattern.elems.iter().zip(values) {
                    self.bind(part, value);
                }
            }
            (Pat::TupleStruct(pattern), value)
                if pattern.elems.len() == 1 && !pattern.path.is_ident("Err") =>
            {
                self.bind(&pattern.elems[0], value);
            }
            (Pat::Struct(pattern), Value::Struct(name)) => {
                for field in &pattern.fields {
                    let value = self.index.field(&name, &field.member);
                    self.bind(&field.pat, value);
                }
            }
            (pattern, _) => Hidden(self).visit_pat(pattern),
        }
    }
}

/// Names that a pattern binds to nothing of interest: they hide those outside.
struct Hidden<'f, 'i, 'a>(&'f mut Flow<'i, 'a>);

impl<'ast> Visit<'ast> for Hidden<'_, '_, '_> {
    fn visit_pat_ident(&mut self, pattern: &'ast syn::PatIdent) {
        self.0.set(&pattern.ident.to_string(), Value::Unknown);
    }
}
