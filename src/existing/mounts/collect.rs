//! Fills the index from the items of a crate, without those of its tests.
//! Pure.

use syn::{
    Expr, ImplItem, Item, Type,
    visit::{self, Visit},
};

use super::{
    attributes::{attributes, is_test},
    functions::{Function, Index, Placed, text_of},
    imports::Imports,
    names::{Path, absolute, segments},
};

/// Adds what the file with this number has.
pub fn collect<'a>(index: &mut Index<'a>, file: usize) {
    let parsed = &index.files[file];
    let mut collector = Collector {
        index,
        file,
        module: parsed.source.module.clone(),
        self_type: None,
        owner: None,
        around: Vec::new(),
    };
    collector.module(parsed.items());
}

struct Collector<'i, 'a> {
    index: &'i mut Index<'a>,
    file: usize,
    module: Path,
    self_type: Option<&'a Type>,
    owner: Option<String>,
    around: Vec<Imports>,
}

impl<'a> Collector<'_, 'a> {
    fn module(&mut self, items: &'a [Item]) {
        self.index.modules.add(&self.module, items);
        for item in items {
            self.visit_item(item);
        }
    }

    fn function(&mut self, signature: &'a syn::Signature, block: &'a syn::Block) {
        self.index.functions.push(Function {
            file: self.file,
            module: self.module.clone(),
            owner: self.owner.clone(),
            self_type: self.self_type,
            signature,
            block,
            around: self.around.clone(),
        });
        self.around.push(Imports::of_block(block));
        visit::visit_block(self, block);
        self.around.pop();
    }

    fn with_owner(&mut self, owner: Option<String>, visit: impl FnOnce(&mut Self)) {
        let before = std::mem::replace(&mut self.owner, owner);
        visit(self);
        self.owner = before;
    }

    fn implementation(&mut self, item: &'a syn::ItemImpl) {
        let owner = match &*item.self_ty {
            Type::Path(path) => segments(&path.path).pop(),
            _ => None,
        };
        self.self_type = Some(&item.self_ty);
        self.with_owner(owner, |it| visit::visit_item_impl(it, item));
        self.self_type = None;
    }

    fn placed<T>(&self, it: T) -> Placed<T> {
        Placed {
            module: self.module.clone(),
            it,
        }
    }

    fn path_of(&self, name: &syn::Ident) -> Path {
        absolute(&self.module, &[name.to_string()])
    }

    fn constant(&mut self, name: &syn::Ident, value: &Expr) {
        if let Some(text) = text_of(value) {
            self.index.constants.insert(self.path_of(name), text);
        }
    }
}

impl<'a> Visit<'a> for Collector<'_, 'a> {
    fn visit_item(&mut self, item: &'a Item) {
        if is_test(attributes(item)) {
            return;
        }
        match item {
            Item::Mod(item) => {
                if let Some((_, items)) = &item.content {
                    self.module.push(item.ident.to_string());
                    self.module(items);
                    self.module.pop();
                }
            }
            Item::Fn(item) => {
                self.with_owner(None, |it| it.function(&item.sig, &item.block));
            }
            Item::Impl(item) => self.implementation(item),
            Item::Trait(item) => {
                let owner = Some(item.ident.to_string());
                self.with_owner(owner, |it| visit::visit_item_trait(it, item));
            }
            Item::Type(item) => {
                let (path, alias) = (self.path_of(&item.ident), self.placed(&*item.ty));
                self.index.aliases.insert(path, alias);
            }
            Item::Struct(item) => {
                let placed = self.placed(item);
                self.index.structs.insert(item.ident.to_string(), placed);
            }
            Item::Const(item) => self.constant(&item.ident, &item.expr),
            Item::Static(item) => self.constant(&item.ident, &item.expr),
            Item::Macro(item) => match item.ident {
                None => self.index.macros.push((self.file, item)),
                Some(_) => self.index.macro_rules.push((self.file, item)),
            },
            _ => {}
        }
    }

    fn visit_impl_item(&mut self, item: &'a ImplItem) {
        match item {
            ImplItem::Fn(item) if !is_test(&item.attrs) => self.function(&item.sig, &item.block),
            ImplItem::Const(item) => self.constant(&item.ident, &item.expr),
            _ => {}
        }
    }

    fn visit_trait_item_fn(&mut self, item: &'a syn::TraitItemFn) {
        if let Some(block) = &item.default {
            self.function(&item.sig, block);
        }
    }
}
