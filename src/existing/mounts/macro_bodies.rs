//! Bodies of macro calls: read where they are expressions, or `select!`; else a service in one is a lead.
//! Pure.

use proc_macro2::{TokenStream, TokenTree};
use syn::{
    Expr, Macro, Pat, Token,
    parse::{ParseStream, Parser},
    punctuated::Punctuated,
};

use super::{flow::Flow, trace::LeadKind, values::Value};

/// `pattern = future, if condition => handler`
struct Branch {
    pattern: Option<Pat>,
    parts: Vec<Expr>,
}

impl Flow<'_, '_> {
    pub fn macro_call(&mut self, mac: &Macro) -> Value {
        let expressions = Punctuated::<Expr, Token![,]>::parse_terminated;
        if let Ok(expressions) = expressions.parse2(mac.tokens.clone()) {
            let values: Vec<Value> = expressions.iter().map(|it| self.value(it)).collect();
            return match values.as_slice() {
                [value] => value.clone(),
                _ => Value::Tuple(values),
            };
        }
        if let Ok(branches) = select.parse2(mac.tokens.clone()) {
            for branch in &branches {
                self.branch(branch);
            }
            return Value::Unknown;
        }
        self.opaque(mac);
        Value::Unknown
    }

    fn branch(&mut self, branch: &Branch) {
        let mut parts = branch.parts.iter();
        let value = parts.next().map(|it| self.value(it)).unwrap_or_default();
        if let Some(pattern) = &branch.pattern {
            self.bind(pattern, value);
        }
        for part in parts {
            self.value(part);
        }
    }

    fn opaque(&mut self, mac: &Macro) {
        let mut from = Vec::new();
        let mut found = false;
        each_name(mac.tokens.clone(), &mut |name| {
            if let Some(value @ Value::Service(_)) = self.get(name) {
                from.extend(value.leads());
                found = true;
            }
            found |= name == "StreamableHttpService";
        });
        if found {
            let name = mac.path.segments.last().map(|last| last.ident.to_string());
            let kind = LeadKind::Macro {
                name: name.unwrap_or_default(),
            };
            self.settle(&from);
            self.lead(self.range(&mac.path).start, kind, Vec::new());
        }
    }
}

/// The expressions of a body that can be read.
pub fn expressions(mac: &Macro) -> Vec<Expr> {
    let expressions = Punctuated::<Expr, Token![,]>::parse_terminated;
    if let Ok(expressions) = expressions.parse2(mac.tokens.clone()) {
        return expressions.into_iter().collect();
    }
    let branches = select.parse2(mac.tokens.clone()).unwrap_or_default();
    branches
        .into_iter()
        .flat_map(|branch| branch.parts)
        .collect()
}

/// Names anywhere in the tokens.
pub fn each_name(tokens: TokenStream, visit: &mut impl FnMut(&str)) {
    for token in tokens {
        match token {
            TokenTree::Ident(name) => visit(&name.to_string()),
            TokenTree::Group(group) => each_name(group.stream(), visit),
            _ => {}
        }
    }
}

/// The body of `tokio::select!`.
fn select(input: ParseStream<'_>) -> syn::Result<Vec<Branch>> {
    if input.peek(syn::Ident) && input.peek2(Token![;]) {
        input.parse::<syn::Ident>()?;
        input.parse::<Token![;]>()?;
    }
    let mut branches = Vec::new();
    while !input.is_empty() {
        let mut branch = Branch {
            pattern: None,
            parts: Vec::new(),
        };
        if input.peek(Token![else]) {
            input.parse::<Token![else]>()?;
        } else {
            branch.pattern = Some(Pat::parse_single(input)?);
            input.parse::<Token![=]>()?;
            branch.parts.push(input.parse()?);
            if input.peek(Token![,]) {
                input.parse::<Token![,]>()?;
                input.parse::<Token![if]>()?;
                branch.parts.push(input.parse()?);
            }
        }
        input.parse::<Token![=>]>()?;
        branch
            .parts
            .push(Expr::parse_with_earlier_boundary_rule(input)?);
        if input.peek(Token![,]) {
            input.parse::<Token![,]>()?;
        }
        branches.push(branch);
    }
    match branches.is_empty() {
        true => Err(input.error("no branches")),
        false => Ok(branches),
    }
}
