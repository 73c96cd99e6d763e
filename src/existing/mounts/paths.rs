//! The path under which a mount is reached, from the parts that the source gives.
//! Pure.

use syn::Expr;

use super::{MountPath, trace::Part};

/// Methods that only look.
const LOOKS: [&str; 6] = [
    "as_deref",
    "as_ref",
    "as_str",
    "clone",
    "to_owned",
    "to_string",
];

pub fn path(parts: &[Part]) -> MountPath {
    let parts = joined(parts);
    match parts.as_slice() {
        [] => MountPath::Root,
        [Part::Text(text)] => known(text),
        [Part::Code(code)] => MountPath::Expression(code.clone()),
        parts => MountPath::Expression(format!("&format!({})", arguments(parts))),
    }
}

/// Whether an expression can be evaluated twice, and gives the same both times.
pub fn is_plain(code: &str) -> bool {
    fn plain(expression: &Expr) -> bool {
        match expression {
            Expr::Lit(_) | Expr::Path(_) => true,
            Expr::Field(it) => plain(&it.base),
            Expr::Paren(it) => plain(&it.expr),
            Expr::Reference(it) => plain(&it.expr),
            Expr::MethodCall(it) => {
                it.args.is_empty()
                    && LOOKS.iter().any(|name| it.method == name)
                    && plain(&it.receiver)
            }
            Expr::Macro(it) => {
                let is_text = ["concat", "env", "format"]
                    .iter()
                    .any(|name| it.mac.path.is_ident(name));
                is_text && super::macro_bodies::expressions(&it.mac).iter().all(plain)
            }
            _ => false,
        }
    }
    syn::parse_str(code).is_ok_and(|expression: Expr| plain(&expression))
}

/// `/mcp/` and `/mcp/{*rest}` are one resource with `/mcp`.
fn known(text: &str) -> MountPath {
    let open = [text.find("/{*"), text.find("/*")];
    let end = open.into_iter().flatten().min().unwrap_or(text.len());
    match text[..end].trim_end_matches('/') {
        "" => MountPath::Root,
        path => MountPath::Known(path.to_owned()),
    }
}

/// Texts that follow each other are one, with one `/` between them.
fn joined(parts: &[Part]) -> Vec<Part> {
    let mut joined: Vec<Part> = Vec::new();
    for part in parts {
        match (joined.last_mut(), part) {
            (Some(Part::Text(before)), Part::Text(text)) => {
                before.truncate(before.trim_end_matches('/').len());
                before.push_str(text);
            }
            _ => joined.push(part.clone()),
        }
    }
    joined
}

/// `"/api{}", path`
fn arguments(parts: &[Part]) -> String {
    let mut pattern = String::new();
    let mut values = String::new();
    for part in parts {
        match part {
            Part::Text(text) => {
                let text = text.trim_end_matches('/').escape_default().to_string();
                pattern.push_str(&text.replace('{', "{{").replace('}', "}}"));
            }
            Part::Code(code) => {
                pattern.push_str("{}");
                values.push_str(", ");
                values.push_str(code);
            }
        }
    }
    format!("\"{pattern}\"{values}")
}
