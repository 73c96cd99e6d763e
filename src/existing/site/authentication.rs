//! Authentication that is there already: layers that sound like it, headers that are read, metadata that is served.
//! Pure. The rule was tried on real servers; layers and metadata count in any file, the header only beside a mount.

mod sign;

use std::ops::Range;

use proc_macro2::{Delimiter, Group, Ident, Literal, Span, TokenStream, TokenTree};

use crate::{
    existing::{code, modules::SourceFile, mounts::Mount, syntax},
    refusal::Problem,
};

use super::look::{self, Crate};
use sign::Sign;

/// Calls whose arguments are layers.
const LAYERS: [&str; 6] = [
    "layer",
    "route_layer",
    "option_layer",
    "from_fn",
    "from_fn_with_state",
    "from_extractor",
];
/// Calls that name the header without reading it: CORS lists, requests to others, what logs leave out.
const HARMLESS: [&str; 8] = [
    "allow_headers",
    "expose_headers",
    "header",
    "insert",
    "insert_header",
    "append",
    "bearer_auth",
    "basic_auth",
];
/// Enough to see what it is about.
const MOST: usize = 3;
const METADATA: &str = "oauth-protected-resource";

/// Services that somebody else's `protect` has around them.
pub fn foreign(krate: &Crate) -> Vec<Problem> {
    if krate.own_module.is_some() {
        return Vec::new();
    }
    let files = &krate.sources.files;
    let signs = krate.wired.iter().filter_map(|wired| {
        let file = files.iter().find(|file| file.path == wired.file)?;
        let sign = Sign {
            line: wired.line,
            uncovered: None,
        };
        Some(sign.problem(file))
    });
    signs.collect()
}

/// What speaks for authentication, the files with mounts first: with `--force` that is no obstacle.
pub fn problems<'a>(files: impl Iterator<Item = &'a SourceFile>, mounts: &[Mount]) -> Vec<Problem> {
    let mut files = look::without_own(files);
    files.sort_by_key(|file| !mounts.iter().any(|mount| mount.file == file.path));
    files
        .into_iter()
        .flat_map(|file| signs(file, mounts))
        .collect()
}

fn signs(file: &SourceFile, mounts: &[Mount]) -> Vec<Problem> {
    let mounts: Vec<&Mount> = mounts
        .iter()
        .filter(|mount| mount.file == file.path)
        .collect();
    let has_layer = || LAYERS.iter().any(|call| file.text.contains(call));
    if mounts.is_empty() && !file.text.contains(METADATA) && !has_layer() {
        return Vec::new();
    }
    let mut search = Search {
        file,
        mounts: &mounts,
        signs: Vec::new(),
    };
    search.walk(code::tokens(&file.text).unwrap_or_default(), false);
    let mut signs = search.signs;
    signs.dedup_by_key(|sign| sign.line);
    signs
        .iter()
        .take(MOST)
        .map(|sign| sign.problem(file))
        .collect()
}

struct Search<'a> {
    file: &'a SourceFile,
    /// Those in this file.
    mounts: &'a [&'a Mount],
    signs: Vec<Sign>,
}

impl Search<'_> {
    fn walk(&mut self, tokens: TokenStream, in_layer: bool) {
        let mut last: [Option<TokenTree>; 2] = [None, None];
        let mut is_import = false;
        let mut is_harmless = false;
        // signs in layers of the current chain
        let mut chain = 0..0;
        for token in tokens {
            match &token {
                TokenTree::Punct(punct) if punct.as_char() == ';' => {
                    is_import = false;
                    chain = 0..0;
                }
                TokenTree::Punct(punct) if matches!(punct.as_char(), ',' | '=') => chain = 0..0,
                TokenTree::Ident(name) if name == "use" => is_import = true,
                _ if is_import => {}
                TokenTree::Ident(name) => {
                    is_harmless |= name.to_string().starts_with("SetSensitive");
                    self.name(name, in_layer);
                }
                TokenTree::Literal(literal) => self.literal(literal),
                TokenTree::Group(_) if is_attribute(&last) => {}
                TokenTree::Group(_) if is_harmless => is_harmless = false,
                TokenTree::Group(group) => {
                    let call = called(&last, group);
                    chain = self.group(call.as_deref(), group, in_layer, chain);
                }
                TokenTree::Punct(_) => {}
            }
            last = [last[1].take(), Some(token)];
        }
    }

    /// Tells the signs in layers of the chain so far.
    fn group(
        &mut self,
        call: Option<&str>,
        group: &Group,
        in_layer: bool,
        chain: Range<usize>,
    ) -> Range<usize> {
        let first = self.signs.len();
        match call {
            Some(name) if HARMLESS.contains(&name) => chain,
            Some(name) if LAYERS.contains(&name) => {
                self.walk(group.stream(), true);
                let start = if chain.is_empty() { first } else { chain.start };
                start..self.signs.len()
            }
            _ => {
                self.around(call, group, chain.clone());
                self.walk(group.stream(), in_layer);
                chain
            }
        }
    }

    fn name(&mut self, name: &Ident, in_layer: bool) {
        let is_header = name == "AUTHORIZATION" && !self.mounts.is_empty();
        if is_header || in_layer && sounds_like_authentication(&name.to_string()) {
            self.sign(name.span());
        }
    }

    fn literal(&mut self, literal: &Literal) {
        let text = literal.to_string();
        let is_header = text.eq_ignore_ascii_case("\"authorization\"") && !self.mounts.is_empty();
        if is_header || text.contains(METADATA) {
            self.sign(literal.span());
        }
    }

    fn sign(&mut self, span: Span) {
        self.signs.push(Sign {
            line: syntax::line_of(&self.file.text, span),
            uncovered: None,
        });
    }

    /// A mount inside the call comes too late for the layers before the call; the call itself may be
    /// `with_auth(router)`.
    fn around(&mut self, call: Option<&str>, group: &Group, layers: Range<usize>) {
        let start = syntax::offset(&self.file.text, group.span_open());
        let end = syntax::offset(&self.file.text, group.span_close());
        let inside = |mount: &&&Mount| start < mount.service.start && mount.service.end <= end;
        let Some(mount) = self.mounts.iter().find(inside) else {
            return;
        };
        for sign in &mut self.signs[layers] {
            sign.uncovered = Some(mount.line);
        }
        if call.is_some_and(sounds_like_authentication) {
            self.sign(group.span_open());
        }
    }
}

/// Doc comments are attributes, too.
fn is_attribute(last: &[Option<TokenTree>; 2]) -> bool {
    let mark = |index: usize, mark: char| code::is_mark(last[index].as_ref(), mark);
    mark(1, '#') || mark(0, '#') && mark(1, '!')
}

/// The name in `name(...)` and `name!(...)`.
fn called(last: &[Option<TokenTree>; 2], group: &Group) -> Option<String> {
    if group.delimiter() != Delimiter::Parenthesis {
        return None;
    }
    match last {
        [_, Some(TokenTree::Ident(name))] => Some(name.to_string()),
        [Some(TokenTree::Ident(name)), Some(mark)] if code::is_mark(Some(mark), '!') => {
            Some(name.to_string())
        }
        _ => None,
    }
}

fn sounds_like_authentication(name: &str) -> bool {
    let name = name.to_lowercase().replace('_', "");
    let other_words = ["authority", "authored"];
    let name = other_words
        .iter()
        .fold(name, |name, word| name.replace(word, ""));
    let is_author = name.contains("author") && !name.contains("authoriz");
    ["bearer", "tokenstore", "apikey", "jwt"]
        .iter()
        .any(|word| name.contains(word))
        || name.contains("auth") && !is_author
}
