//! The attributes that matter to modules, read from tokens: `#[cfg(...)]` and `#[path = "..."]`.
//! Pure.

use proc_macro2::{Group, TokenStream, TokenTree};
use syn::LitStr;

#[derive(Clone, Debug)]
pub enum Attribute {
    Cfg(Cfg),
    Path(String),
}

#[derive(Clone, Debug)]
pub struct Cfg {
    /// As it is written.
    pub text: String,
    pub is_test_only: bool,
}

impl Attribute {
    /// From what stands between the brackets; `None` for any other attribute.
    pub fn read(tokens: TokenStream) -> Option<Self> {
        let mut tokens = tokens.into_iter();
        match (tokens.next()?, tokens.next()?, tokens.next()) {
            (TokenTree::Ident(name), TokenTree::Group(predicate), None) if name == "cfg" => {
                Some(Self::Cfg(Cfg {
                    text: inner_text(&predicate),
                    is_test_only: is_test_only(predicate.stream()),
                }))
            }
            (TokenTree::Ident(name), TokenTree::Punct(_), Some(value)) if name == "path" => {
                let value: LitStr = syn::parse2(value.into()).ok()?;
                Some(Self::Path(value.value()))
            }
            _ => None,
        }
    }
}

/// Whether a predicate can only hold in tests: `test`, `all(test, unix)`, `any(test, all(test, unix))`.
pub fn is_test_only(predicate: TokenStream) -> bool {
    let mut tokens = predicate.into_iter();
    match (tokens.next(), tokens.next()) {
        (Some(TokenTree::Ident(word)), None | Some(TokenTree::Punct(_))) => word == "test",
        (Some(TokenTree::Ident(word)), Some(TokenTree::Group(parts))) => {
            let mut parts = parts_of(parts.stream()).into_iter().map(is_test_only);
            match word.to_string().as_str() {
                "all" => parts.any(|is_test| is_test),
                "any" => parts.len() > 0 && parts.all(|is_test| is_test),
                _ => false,
            }
        }
        _ => false,
    }
}

/// What stands between the commas.
fn parts_of(tokens: TokenStream) -> Vec<TokenStream> {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    tokens
        .split(|token| matches!(token, TokenTree::Punct(punct) if punct.as_char() == ','))
        .filter(|part| !part.is_empty())
        .map(|part| part.iter().cloned().collect())
        .collect()
}

/// The text between the parentheses, on one line.
fn inner_text(group: &Group) -> String {
    let text = group.span().source_text().unwrap_or_default();
    let inner = text
        .get(1..text.len().saturating_sub(1))
        .unwrap_or_default();
    inner.split_whitespace().collect::<Vec<_>>().join(" ")
}
