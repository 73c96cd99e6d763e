//! The variable `auth`: a name that is free in its function, and the line that makes it.
//! Pure.

use std::collections::BTreeMap;

use syn::{
    Pat,
    visit::{self, Visit},
};

use super::{functions::Function, layout, macro_bodies::each_name, sources::Parsed};

/// rustfmt breaks longer lines.
const LONGEST_LINE: usize = 100;

/// The names in a function: where they are bound, and which are used.
pub struct Variables {
    bound: BTreeMap<String, Vec<usize>>,
    used: Vec<String>,
}

impl Variables {
    pub fn of(file: &Parsed<'_>, function: &Function<'_>) -> Self {
        let mut names = Names {
            file,
            variables: Self {
                bound: BTreeMap::new(),
                used: Vec::new(),
            },
        };
        names.visit_signature(function.signature);
        names.visit_block(function.block);
        names.variables
    }

    /// `auth`, or another name where that is in use.
    pub fn free(&self) -> &'static str {
        let names = ["auth", "mcp_auth", "server_auth", "mcp_server_auth"];
        let is_free = |name: &&&str| !self.used.iter().any(|used| used == **name);
        names
            .iter()
            .find(is_free)
            .copied()
            .unwrap_or("mcp_auth_of_server")
    }

    /// Whether one of the names in this expression is bound between two places.
    pub fn changes(&self, expression: &str, between: std::ops::Range<usize>) -> bool {
        let Ok(tokens) = expression.parse() else {
            return true;
        };
        let mut changes = false;
        each_name(tokens, &mut |name| {
            let places = self.bound.get(name).into_iter().flatten();
            changes |= places.into_iter().any(|at| between.contains(at));
        });
        changes
    }
}

struct Names<'n, 'a> {
    file: &'n Parsed<'a>,
    variables: Variables,
}

impl<'ast> Visit<'ast> for Names<'_, '_> {
    fn visit_pat(&mut self, pattern: &'ast Pat) {
        if let Pat::Ident(it) = pattern {
            let at = self.file.range(&it.ident).start;
            self.variables
                .bound
                .entry(it.ident.to_string())
                .or_default()
                .push(at);
        }
        visit::visit_pat(self, pattern);
    }

    fn visit_ident(&mut self, name: &'ast proc_macro2::Ident) {
        let range = self.file.span(name.span());
        let text = self.file.text();
        let is_member = text[..range.start].trim_end().ends_with('.');
        let is_module = text[range.end..].trim_start().starts_with("::");
        if !is_member && !is_module {
            self.variables.used.push(name.to_string());
        }
    }

    fn visit_macro(&mut self, mac: &'ast syn::Macro) {
        each_name(mac.tokens.clone(), &mut |name| {
            self.variables.used.push(name.to_owned())
        });
        for inlined in mac.tokens.to_string().split('{').skip(1) {
            let name = inlined
                .split(|c: char| !c.is_alphanumeric() && c != '_')
                .next();
            self.variables.used.extend(name.map(str::to_owned));
        }
    }
}

/// The line, with everything up to the statement at `at` that follows it.
pub fn line(
    text: &str,
    at: usize,
    name: &str,
    module: &str,
    path: &str,
    cfg: Option<&str>,
) -> String {
    let read = format!("crate::{module}::Auth::from_env_or_exit");
    let value = format!("{read}({path})");
    if !layout::before(text, at).trim().is_empty() {
        let cfg = cfg.map(|cfg| format!("#[cfg({cfg})] ")).unwrap_or_default();
        return format!("{cfg}let {name} = {value}; ");
    }
    let (newline, indentation) = (layout::newline(text), layout::indentation(text, at));
    let next = format!("{newline}{indentation}");
    let cfg = cfg
        .map(|cfg| format!("#[cfg({cfg})]{next}"))
        .unwrap_or_default();
    let width = layout::width(indentation);
    let step = layout::step(text);
    let whole = format!("let {name} = {value};");
    let line = if width + whole.len() <= LONGEST_LINE {
        whole
    } else if width + layout::width(step) + value.len() < LONGEST_LINE {
        format!("let {name} ={next}{step}{value};")
    } else {
        format!("let {name} = {read}({next}{step}{path},{next});")
    };
    format!("{cfg}{line}{next}")
}
