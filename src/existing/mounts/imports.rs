//! What `use` items bring in.
//! Pure.

use std::collections::BTreeMap;

use syn::{Item, UseTree};

use super::names::Path;

/// The names that a module or a block brings in with `use`.
#[derive(Clone, Debug, Default)]
pub struct Imports {
    pub named: BTreeMap<String, Path>,
    pub globs: Vec<Path>,
}

impl Imports {
    pub fn of<'a>(uses: impl IntoIterator<Item = &'a UseTree>) -> Self {
        let mut imports = Self::default();
        for tree in uses {
            imports.add(tree, &mut Vec::new());
        }
        imports
    }

    pub fn of_block(block: &syn::Block) -> Self {
        Self::of(block.stmts.iter().filter_map(|statement| match statement {
            syn::Stmt::Item(Item::Use(item)) => Some(&item.tree),
            _ => None,
        }))
    }

    fn add(&mut self, tree: &UseTree, before: &mut Path) {
        match tree {
            UseTree::Path(path) => {
                before.push(path.ident.to_string());
                self.add(&path.tree, before);
                before.pop();
            }
            UseTree::Name(name) if name.ident == "self" => {
                if let Some(last) = before.last() {
                    self.named.insert(last.clone(), before.clone());
                }
            }
            UseTree::Name(name) => self.bind(name.ident.to_string(), before, &name.ident),
            UseTree::Rename(rename) if rename.ident == "self" => {
                self.named.insert(rename.rename.to_string(), before.clone());
            }
            UseTree::Rename(rename) => {
                self.bind(rename.rename.to_string(), before, &rename.ident);
            }
            UseTree::Glob(_) => self.globs.push(before.clone()),
            UseTree::Group(group) => {
                for tree in &group.items {
                    self.add(tree, before);
                }
            }
        }
    }

    fn bind(&mut self, name: String, before: &Path, last: &syn::Ident) {
        let mut path = before.clone();
        path.push(last.to_string());
        self.named.insert(name, path);
    }
}
