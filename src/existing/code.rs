//! The tokens of a file that are compiled outside of tests, and a search in them.
//! Pure. Tokens see into macros, where a syntax tree is blind.

use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};

use super::{
    modules::is_test_only,
    syntax::{self, ParseError},
};

/// The tokens of a file without what only tests have: `#[cfg(test)]` items, `#[test]` functions.
pub fn tokens(text: &str) -> Result<TokenStream, ParseError> {
    syntax::tokens(text).map(without_tests)
}

/// The lines, from 1, in which one of `words` stands as a name, outside of tests, `use`, comments and strings.
pub fn lines_with(text: &str, words: &[&str]) -> Vec<usize> {
    if !words.iter().any(|word| text.contains(word)) {
        return Vec::new();
    }
    let mut lines = Vec::new();
    each_name(tokens(text).unwrap_or_default(), &mut |name| {
        if words.iter().any(|word| name == word) {
            lines.push(syntax::line_of(text, name.span()));
        }
    });
    lines.dedup();
    lines
}

/// The lines, from 1, with a call such as `route(path, ...)` outside of tests, whose first argument is that string.
pub fn lines_with_route(text: &str, path: &str) -> Vec<usize> {
    let quoted = format!("\"{path}\"");
    if !text.contains(&quoted) {
        return Vec::new();
    }
    let mut lines = Vec::new();
    each_call(tokens(text).unwrap_or_default(), &mut |name, arguments| {
        let first = arguments.stream().into_iter().next();
        let is_path = first
            .as_ref()
            .is_some_and(|first| first.to_string() == quoted);
        if let (true, Some(first)) = (is_path && (name == "route" || name == "nest"), first) {
            lines.push(syntax::line_of(text, first.span()));
        }
    });
    lines
}

/// The text of a line, from 1, without the space around it.
pub fn line_text(text: &str, line: usize) -> &str {
    text.lines().nth(line - 1).unwrap_or_default().trim()
}

fn without_tests(tokens: TokenStream) -> TokenStream {
    let mut kept = Vec::new();
    let mut item = Vec::new();
    let mut is_test = false;
    for token in tokens {
        let mut is_end = matches!(&token, TokenTree::Punct(punct) if punct.as_char() == ';');
        match token {
            TokenTree::Group(group) if group.delimiter() == Delimiter::Bracket => {
                is_test |= is_mark(item.last(), '#') && marks_test(group.stream());
                item.push(group.into());
            }
            TokenTree::Group(group) => {
                is_end = group.delimiter() == Delimiter::Brace;
                if !is_test {
                    item.push(inner(&group).into());
                }
            }
            token => item.push(token),
        }
        if is_end {
            if !is_test {
                kept.append(&mut item);
            }
            item.clear();
            is_test = false;
        }
    }
    if !is_test {
        kept.append(&mut item);
    }
    kept.into_iter().collect()
}

fn inner(group: &Group) -> Group {
    let mut inner = Group::new(group.delimiter(), without_tests(group.stream()));
    inner.set_span(group.span());
    inner
}

/// Whether what stands in an attribute's brackets is `cfg(test)`, `test` or `tokio::test`.
fn marks_test(attribute: TokenStream) -> bool {
    let parts: Vec<TokenTree> = attribute.into_iter().collect();
    match parts.as_slice() {
        [TokenTree::Ident(name), TokenTree::Group(predicate)] if name == "cfg" => {
            is_test_only(predicate.stream())
        }
        [.., TokenTree::Ident(last)] | [.., TokenTree::Ident(last), TokenTree::Group(_)] => {
            last == "test"
        }
        _ => false,
    }
}

pub fn is_mark(token: Option<&TokenTree>, mark: char) -> bool {
    matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == mark)
}

fn each_name(tokens: TokenStream, found: &mut impl FnMut(&Ident)) {
    let mut is_import = false;
    for token in tokens {
        match token {
            TokenTree::Ident(name) if name == "use" => is_import = true,
            TokenTree::Ident(name) if !is_import => found(&name),
            TokenTree::Group(group) if !is_import => each_name(group.stream(), found),
            TokenTree::Punct(punct) if punct.as_char() == ';' => is_import = false,
            _ => {}
        }
    }
}

/// Every `name(...)`, with what stands in its parentheses.
fn each_call(tokens: TokenStream, found: &mut impl FnMut(&Ident, &Group)) {
    let mut last = None;
    for token in tokens {
        if let TokenTree::Group(group) = &token {
            if let (Some(TokenTree::Ident(name)), Delimiter::Parenthesis) =
                (&last, group.delimiter())
            {
                found(name, group);
            }
            each_call(group.stream(), found);
        }
        last = Some(token);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_only_tests_have_is_not_seen() {
        let text = "use a::stdio;\n// stdio\nfn a() { \"stdio\"; stdio(); }\n#[cfg(test)]\nmod tests { fn x() { stdio() } }\n\
                    #[tokio::test(flavor = \"x\")]\nasync fn b() { stdio() }\n#[test]\nfn c() { stdio() }\nfn d() { vec![stdio()]; }\n\
                    #[cfg(not(test))]\nfn e() { m! { stdio } }\n";
        assert_eq!(lines_with(text, &["stdio"]), [3, 10, 12]);
    }

    #[test]
    fn a_line_is_told_as_it_stands() {
        assert_eq!(line_text("a\r\n  b  \r\n", 2), "b");
    }
}
