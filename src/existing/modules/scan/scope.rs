//! Walks through the tokens of a file, into every brace: a function, a macro and an inline module alike.
//! Pure.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

use super::{Declaration, Segment, attribute::Attribute};

/// The braces that the walk is in.
#[derive(Clone, Default)]
pub struct Scope {
    pub cfgs: Vec<String>,
    pub is_test_only: bool,
    inside: Vec<Segment>,
}

/// What was read of the current item.
#[derive(Default)]
struct Item {
    attributes: Vec<Attribute>,
    /// The last two tokens.
    last: [Option<TokenTree>; 2],
}

impl Scope {
    pub fn walk(&mut self, tokens: TokenStream, found: &mut Vec<Declaration>) {
        let mut item = Item::default();
        for token in tokens {
            match &token {
                TokenTree::Group(group) if group.delimiter() == Delimiter::Bracket => {
                    self.attribute(group, &mut item);
                }
                TokenTree::Group(group) => self.group(group, &mut item, found),
                TokenTree::Punct(punct) if punct.as_char() == ';' => self.end(&mut item, found),
                _ => {}
            }
            item.last = [item.last[1].take(), Some(token)];
        }
    }

    fn attribute(&mut self, group: &Group, item: &mut Item) {
        let mark = |index: usize, mark: char| matches!(&item.last[index], Some(TokenTree::Punct(punct)) if punct.as_char() == mark);
        let is_outer = mark(1, '#');
        let is_inner = mark(0, '#') && mark(1, '!');
        if let (true, Some(attribute)) = (is_outer || is_inner, Attribute::read(group.stream())) {
            match is_inner {
                true => self.narrow(&attribute),
                false => item.attributes.push(attribute),
            }
        }
    }

    fn group(&self, group: &Group, item: &mut Item, found: &mut Vec<Declaration>) {
        let mut inner = self.under(&item.attributes);
        if group.delimiter() == Delimiter::Brace {
            inner.inside.extend(item.module());
            item.attributes.clear();
        }
        if !inner.is_test_only {
            inner.walk(group.stream(), found);
        }
    }

    fn end(&self, item: &mut Item, found: &mut Vec<Declaration>) {
        let scope = self.under(&item.attributes);
        if let (false, Some(module)) = (scope.is_test_only, item.module()) {
            found.push(Declaration {
                inside: scope.inside,
                module,
                cfgs: scope.cfgs,
            });
        }
        item.attributes.clear();
    }

    fn under(&self, attributes: &[Attribute]) -> Self {
        let mut scope = self.clone();
        for attribute in attributes {
            scope.narrow(attribute);
        }
        scope
    }

    fn narrow(&mut self, attribute: &Attribute) {
        if let Attribute::Cfg(cfg) = attribute {
            self.is_test_only |= cfg.is_test_only;
            self.cfgs.push(cfg.text.clone());
        }
    }
}

impl Item {
    /// The module that the item declares, once its name was read.
    fn module(&self) -> Option<Segment> {
        let [Some(TokenTree::Ident(word)), Some(TokenTree::Ident(name))] = &self.last else {
            return None;
        };
        let path = self
            .attributes
            .iter()
            .find_map(|attribute| match attribute {
                Attribute::Path(path) => Some(path.clone()),
                Attribute::Cfg(_) => None,
            });
        (word == "mod").then(|| Segment {
            name: name.to_string().trim_start_matches("r#").to_owned(),
            path,
        })
    }
}
