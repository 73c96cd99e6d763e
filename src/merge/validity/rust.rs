//! The names that a Rust file defines, each with where: what the compiler would not have twice.
//! Pure.

use std::{fmt::Display, ops::Range};

use syn::{Fields, ImplItem, Item, ItemImpl, TraitItem, UseTree};

use crate::existing::syntax::{self, Parsed};

pub fn names(text: &str) -> Result<Vec<String>, String> {
    let parsed = syntax::parse(text).map_err(|e| format!("line {}: {}", e.line, e.message))?;
    let mut names = Names {
        text,
        parsed: &parsed,
        found: Vec::new(),
    };
    names.items(&parsed.file.items, "");
    Ok(names.found)
}

struct Names<'a> {
    text: &'a str,
    parsed: &'a Parsed,
    found: Vec<String>,
}

impl Names<'_> {
    fn items(&mut self, items: &[Item], module: &str) {
        for item in items {
            self.item(item, module);
        }
    }

    fn item(&mut self, item: &Item, module: &str) {
        match item {
            Item::Fn(item) => self.value(module, &item.sig.ident),
            Item::Const(item) if item.ident != "_" => self.value(module, &item.ident),
            Item::Static(item) => self.value(module, &item.ident),
            Item::Type(item) => self.kind(module, &item.ident),
            Item::Union(item) => self.kind(module, &item.ident),
            Item::Struct(item) => {
                self.kind(module, &item.ident);
                self.fields(module, &item.ident, &item.fields);
            }
            Item::Enum(item) => {
                self.kind(module, &item.ident);
                for variant in &item.variants {
                    self.push(format!("`{module}{}::{}`", item.ident, variant.ident));
                }
            }
            Item::Trait(item) => {
                self.kind(module, &item.ident);
                self.trait_items(&format!("{module}{}::", item.ident), &item.items);
            }
            Item::Mod(item) => {
                self.kind(module, &item.ident);
                let items = item.content.as_ref().map(|(_, items)| items.as_slice());
                self.items(
                    items.unwrap_or_default(),
                    &format!("{module}{}::", item.ident),
                );
            }
            Item::Impl(item) => self.block(item, module),
            Item::Use(item) => self.uses(&item.tree, module, ""),
            Item::Macro(item) => {
                if let Some(ident) = &item.ident {
                    self.push(format!("`macro_rules! {module}{ident}`"));
                }
            }
            _ => {}
        }
    }

    fn value(&mut self, module: &str, name: &impl Display) {
        self.push(format!("`{module}{name}`"));
    }

    fn kind(&mut self, module: &str, name: &impl Display) {
        self.push(format!("the type or module `{module}{name}`"));
    }

    fn fields(&mut self, module: &str, name: &impl Display, fields: &Fields) {
        let idents = fields.iter().filter_map(|field| field.ident.as_ref());
        for ident in idents {
            self.push(format!("the field `{module}{name}.{ident}`"));
        }
    }

    fn trait_items(&mut self, name: &str, items: &[TraitItem]) {
        for item in items {
            match item {
                TraitItem::Fn(item) => self.value(name, &item.sig.ident),
                TraitItem::Const(item) => self.value(name, &item.ident),
                TraitItem::Type(item) => self.kind(name, &item.ident),
                _ => {}
            }
        }
    }

    /// A type may have many `impl` blocks, but one for each trait; and a method once in all of them.
    fn block(&mut self, block: &ItemImpl, module: &str) {
        let text = |range: Range<usize>| {
            let words: Vec<&str> = self.text[range].split_whitespace().collect();
            words.join(" ")
        };
        let mut name = text(self.parsed.range(&*block.self_ty));
        if let Some((path, _)) = &block.trait_ {
            name = format!("<{name} as {}>", text(self.parsed.range(path)));
            self.push(format!("`{module}{name}`"));
        }
        let name = format!("{module}{name}::");
        for item in &block.items {
            match item {
                ImplItem::Fn(item) => self.value(&name, &item.sig.ident),
                ImplItem::Const(item) => self.value(&name, &item.ident),
                ImplItem::Type(item) => self.kind(&name, &item.ident),
                _ => {}
            }
        }
    }

    fn uses(&mut self, tree: &UseTree, module: &str, parent: &str) {
        match tree {
            UseTree::Path(path) => self.uses(&path.tree, module, &path.ident.to_string()),
            UseTree::Name(name) if name.ident == "self" => self.import(module, parent),
            UseTree::Name(name) => self.import(module, &name.ident),
            UseTree::Rename(name) if name.rename != "_" => self.import(module, &name.rename),
            UseTree::Group(group) => {
                for tree in &group.items {
                    self.uses(tree, module, parent);
                }
            }
            UseTree::Rename(_) | UseTree::Glob(_) => {}
        }
    }

    fn import(&mut self, module: &str, name: &(impl Display + ?Sized)) {
        self.push(format!("the import of `{module}{name}`"));
    }

    fn push(&mut self, name: String) {
        self.found.push(name);
    }
}
