//! Parses a source file so that spans are byte offsets of the text as it is on the disk.
//! Pure. `syn::parse_file` is no help: it drops a byte order mark and a shebang, and with them the offsets.

use std::{error::Error, ops::Range};

use proc_macro2::{LexError, Span, TokenStream};
use syn::spanned::Spanned;

/// A file's syntax tree. Its spans live in this thread alone.
pub struct Parsed {
    pub file: syn::File,
    /// How many bytes stand before what was parsed.
    base: usize,
}

/// A file that is no Rust, or a Rust that is newer than the parser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseError {
    /// From 1.
    pub line: usize,
    pub message: String,
}

pub fn parse(text: &str) -> Result<Parsed, ParseError> {
    let base = prelude(text);
    match syn::parse_str(&text[base..]) {
        Ok(file) => Ok(Parsed { file, base }),
        Err(error) => Err(ParseError::at(text, error.span(), &error)),
    }
}

/// The tokens alone: cheaper, and no stranger to macros. Their spans count from behind the prelude.
pub fn tokens(text: &str) -> Result<TokenStream, ParseError> {
    text[prelude(text)..]
        .parse()
        .map_err(|error: LexError| ParseError::at(text, error.span(), &error))
}

impl ParseError {
    fn at(text: &str, span: Span, error: &dyn Error) -> Self {
        Self {
            line: line_of(text, span),
            message: error.to_string(),
        }
    }
}

impl Parsed {
    /// The bytes of the original text that a node covers, its attributes and doc comments included.
    pub fn range(&self, node: &impl Spanned) -> Range<usize> {
        self.span(node.span())
    }

    /// The bytes of the original text behind a span of this tree.
    pub fn span(&self, span: Span) -> Range<usize> {
        let Range { start, end } = span.byte_range();
        self.base + start..self.base + end
    }
}

/// The line that a byte is in, from 1.
pub fn line(text: &str, offset: usize) -> usize {
    let before = &text.as_bytes()[..offset.min(text.len())];
    1 + before.iter().filter(|byte| **byte == b'\n').count()
}

/// The line that a span of `tokens` begins in, from 1.
pub fn line_of(text: &str, span: Span) -> usize {
    line(text, offset(text, span))
}

/// The byte that a span of `tokens` begins at.
pub fn offset(text: &str, span: Span) -> usize {
    prelude(text) + span.byte_range().start
}

/// The length of a byte order mark and a shebang line.
fn prelude(text: &str) -> usize {
    let rest = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mark = text.len() - rest.len();
    let shebang = match rest.strip_prefix("#!") {
        // an inner attribute
        Some(after) if after.trim_start().starts_with('[') => 0,
        Some(_) => rest.find('\n').unwrap_or(rest.len()),
        None => 0,
    };
    mark + shebang
}

#[cfg(test)]
mod tests {
    use syn::Item;

    use super::*;

    const BODY: &str = "// é\n/// doc\r\nfn two() {}\r\n";

    /// What the range of the first function covers.
    fn first_function(text: &str) -> &str {
        let parsed = parse(text).ok().unwrap();
        let item = parsed.file.items.first().unwrap();
        assert!(matches!(item, Item::Fn(_)));
        &text[parsed.range(item)]
    }

    #[test]
    fn ranges_are_those_of_the_text_as_it_is() {
        let found = "/// doc\r\nfn two() {}";
        assert_eq!(first_function(BODY), found);
        for before in [
            "\u{feff}",
            "#!/usr/bin/env rust\n",
            "\u{feff}#!/usr/bin/env ünd\r\n",
            "#![allow(dead_code)]\n",
            "\u{feff}#! [allow(dead_code)]\n",
        ] {
            assert_eq!(
                first_function(&format!("{before}{BODY}")),
                found,
                "{before:?}"
            );
        }
    }

    #[test]
    fn lines_count_from_one() {
        let text = "a\nb\r\nc";
        assert_eq!(
            [0, 1, 2, 5, 99].map(|offset| line(text, offset)),
            [1, 1, 2, 3, 3]
        );
    }

    #[test]
    fn an_error_names_its_line_behind_a_shebang_too() {
        let error = parse("#!/bin/x\n\nfn a() {\n    let = 1;\n}\n")
            .err()
            .unwrap();
        assert_eq!(error.line, 4);
        assert!(error.message.contains("expected"), "{}", error.message);
    }

    #[test]
    fn a_shebang_without_a_line_end_is_an_empty_file() {
        assert!(parse("#!/bin/x").is_ok_and(|parsed| parsed.file.items.is_empty()));
    }
}
