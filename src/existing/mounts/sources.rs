//! The files of a crate with their trees.
//! Pure.

use std::ops::Range;

use syn::spanned::Spanned;

use crate::existing::{
    modules::{CrateSources, SourceFile},
    syntax,
};

/// A file and its tree.
pub struct Parsed<'a> {
    pub source: &'a SourceFile,
    tree: syntax::Parsed,
}

impl Parsed<'_> {
    pub fn text(&self) -> &str {
        &self.source.text
    }

    pub fn items(&self) -> &[syn::Item] {
        &self.tree.file.items
    }

    pub fn range(&self, node: &impl Spanned) -> Range<usize> {
        self.tree.range(node)
    }

    pub fn span(&self, span: proc_macro2::Span) -> Range<usize> {
        self.tree.span(span)
    }

    pub fn slice(&self, node: &impl Spanned) -> &str {
        self.text().get(self.range(node)).unwrap_or_default()
    }

    /// From 1.
    pub fn line(&self, at: usize) -> usize {
        syntax::line(self.text(), at)
    }
}

/// The files that can be parsed, and those that cannot.
pub fn parse_all(sources: &CrateSources) -> (Vec<Parsed<'_>>, Vec<&SourceFile>) {
    let mut parsed = Vec::with_capacity(sources.files.len());
    let mut broken = Vec::new();
    for source in &sources.files {
        match syntax::parse(&source.text) {
            Ok(tree) => parsed.push(Parsed { source, tree }),
            Err(_) => broken.push(source),
        }
    }
    (parsed, broken)
}
