//! What a name in the code means: `use` at every level, `as`, globs, re-exports, `self`, `super`, `crate`.
//! Pure. A path that begins with `crate` is one of this crate; any other begins with the name of a crate.

use std::collections::{BTreeMap, BTreeSet};

use syn::Item;

use super::{Names, imports::Imports};

/// How often one name may lead to another before it is taken for a circle.
const LONGEST_WAY: usize = 12;

pub type Path = Vec<String>;

/// A module: what it defines and what it brings in.
#[derive(Debug, Default)]
pub struct Module {
    pub defines: BTreeSet<String>,
    pub imports: Imports,
}

/// All modules of the crate, by their path without `crate`.
#[derive(Debug, Default)]
pub struct Modules(BTreeMap<Path, Module>);

impl Modules {
    pub fn add(&mut self, path: &[String], items: &[Item]) {
        let imports = Imports::of(items.iter().filter_map(|item| match item {
            Item::Use(item) => Some(&item.tree),
            _ => None,
        }));
        let module = self.0.entry(path.to_vec()).or_default();
        module.imports.named.extend(imports.named);
        module.imports.globs.extend(imports.globs);
        module.defines.extend(items.iter().filter_map(name_of));
    }

    /// What `path`, written in `module` inside blocks with these imports, stands for.
    pub fn resolve(
        &self,
        path: &[String],
        module: &[String],
        blocks: &[Imports],
        names: &Names,
    ) -> Path {
        let mut path = path.to_vec();
        let named = path.first().and_then(|first| {
            let found = blocks.iter().rev().find_map(|block| block.named.get(first));
            found.cloned()
        });
        if let Some(start) = named {
            path.splice(0..1, start);
        } else if !self.knows(module, &path)
            && let Some(found) = self.in_globs(blocks.iter().rev(), &path, module, names, 0)
        {
            return found;
        }
        self.in_module(path, module, names, 0)
    }

    fn knows(&self, module: &[String], path: &[String]) -> bool {
        let module = self.0.get(module);
        path.first().is_some_and(|first| {
            module.is_some_and(|it| {
                it.defines.contains(first) || it.imports.named.contains_key(first)
            })
        })
    }

    fn in_module(&self, path: Path, module: &[String], names: &Names, way: usize) -> Path {
        let Some(first) = path.first().filter(|_| way < LONGEST_WAY) else {
            return path;
        };
        match first.as_str() {
            "crate" => return self.from_root(path, names, way),
            "self" => return self.from_root(absolute(module, &path[1..]), names, way),
            "super" => {
                let parent = &module[..module.len().saturating_sub(1)];
                return self.in_module(
                    join(&["self".to_owned()], &path[1..]),
                    parent,
                    names,
                    way + 1,
                );
            }
            _ => {}
        }
        let Some(here) = self.0.get(module) else {
            return path;
        };
        if here.defines.contains(first) {
            return self.from_root(absolute(module, &path), names, way);
        }
        match here.imports.named.get(first) {
            Some(start) if start.len() > 1 || start != &path[..1] => {
                self.in_module(join(start, &path[1..]), module, names, way + 1)
            }
            Some(_) => path,
            None => self
                .in_globs([&here.imports], &path, module, names, way + 1)
                .unwrap_or(path),
        }
    }

    /// A path that begins with `crate`: through modules as far as they go, then through what the last one brings in.
    fn from_root(&self, path: Path, names: &Names, way: usize) -> Path {
        let mut depth = 0;
        while depth + 1 < path.len() && self.0.contains_key(&path[1..depth + 2]) {
            depth += 1;
        }
        let (module, rest) = (&path[1..=depth], &path[depth + 1..]);
        let Some(here) = self.0.get(module).filter(|_| way < LONGEST_WAY) else {
            return path;
        };
        match rest.first() {
            Some(first) if !here.defines.contains(first) => {
                let found = self.in_module(rest.to_vec(), module, names, way + 1);
                if found == rest { path } else { found }
            }
            _ => path,
        }
    }

    fn in_globs<'a>(
        &self,
        imports: impl IntoIterator<Item = &'a Imports>,
        path: &[String],
        module: &[String],
        names: &Names,
        way: usize,
    ) -> Option<Path> {
        let first = path.first()?;
        let globs = imports.into_iter().flat_map(|imports| &imports.globs);
        globs.into_iter().find_map(|glob| {
            if way >= LONGEST_WAY {
                return None;
            }
            let glob = self.in_module(glob.clone(), module, names, way + 1);
            if glob.first().is_some_and(|root| root == "crate") {
                let here = self.0.get(&glob[1..])?;
                if here.defines.contains(first) {
                    return Some(join(&glob, path));
                }
                let found = self.in_module(path.to_vec(), &glob[1..], names, way + 1);
                return (found != path).then_some(found);
            }
            names.has(&glob, first).then(|| join(&glob, path))
        })
    }
}

impl Names {
    /// Whether a glob import of `glob` brings in `name`: known for the few names that matter.
    fn has(&self, glob: &[String], name: &str) -> bool {
        let root = glob.first();
        (root == Some(&self.rmcp) && name == "StreamableHttpService")
            || (root == Some(&self.axum) && matches!(name, "Router" | "routing"))
            || (root == Some(&self.axum) && name.ends_with("_service"))
    }

    /// rmcp's service for streamable HTTP, as a type.
    pub fn is_service(&self, path: &[String]) -> bool {
        path.len() > 1
            && path.first() == Some(&self.rmcp)
            && path
                .last()
                .is_some_and(|last| last == "StreamableHttpService")
    }

    pub fn is_router(&self, path: &[String]) -> bool {
        path.first() == Some(&self.axum) && path.last().is_some_and(|last| last == "Router")
    }
}

/// The path without its generics.
pub fn segments(path: &syn::Path) -> Path {
    let segments = path.segments.iter();
    segments.map(|segment| segment.ident.to_string()).collect()
}

pub fn absolute(module: &[String], rest: &[String]) -> Path {
    join(&join(&["crate".to_owned()], module), rest)
}

fn join(start: &[String], rest: &[String]) -> Path {
    [start, rest].concat()
}

fn name_of(item: &Item) -> Option<String> {
    let ident = match item {
        Item::Const(item) => &item.ident,
        Item::Enum(item) => &item.ident,
        Item::Fn(item) => &item.sig.ident,
        Item::Mod(item) => &item.ident,
        Item::Static(item) => &item.ident,
        Item::Struct(item) => &item.ident,
        Item::Trait(item) => &item.ident,
        Item::Type(item) => &item.ident,
        _ => return None,
    };
    Some(ident.to_string())
}
