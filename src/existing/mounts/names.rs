//! What a name in the code means: `use` at every level, `as`, globs, re-exports, `self`, `super`, `crate`.
//! Pure. A path that begins with `crate` is one of this crate; any other begins with the name of a crate.

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
};

use syn::Item;

use super::{Names, imports::Imports};

pub type Path = Vec<String>;

/// A module: what it defines and what it brings in.
#[derive(Debug, Default)]
pub struct Module {
    pub defines: BTreeSet<String>,
    pub imports: Imports,
}

/// All modules of the crate, by their path without `crate`.
#[derive(Debug, Default)]
pub struct Modules {
    modules: BTreeMap<Path, Module>,
    /// What was looked up before, by module and path.
    known: RefCell<BTreeMap<(Path, Path), Path>>,
}

impl Modules {
    pub fn add(&mut self, path: &[String], items: &[Item]) {
        let imports = Imports::of(items.iter().filter_map(|item| match item {
            Item::Use(item) => Some(&item.tree),
            _ => None,
        }));
        let module = self.modules.entry(path.to_vec()).or_default();
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
        let Some(first) = path.first() else {
            return path;
        };
        let mut blocks = blocks.iter().rev();
        if let Some(start) = blocks.clone().find_map(|block| block.named.get(first)) {
            path.splice(0..1, start.clone());
        } else if !self.has(module, first)
            && let Some(found) = blocks.find_map(|block| {
                let mut lookup = Lookup::new(self, names);
                lookup.in_globs(block, &path, module)
            })
        {
            return found;
        }
        let key = (module.to_vec(), path);
        if let Some(found) = self.known.borrow().get(&key) {
            return found.clone();
        }
        let found = Lookup::new(self, names).in_module(key.1.clone(), module);
        self.known.borrow_mut().insert(key, found.clone());
        found
    }

    fn has(&self, module: &[String], name: &str) -> bool {
        self.modules.get(module).is_some_and(|module| {
            module.defines.contains(name) || module.imports.named.contains_key(name)
        })
    }
}

/// One way through the modules. No name is looked up twice in one module, so that it ends.
struct Lookup<'l> {
    modules: &'l BTreeMap<Path, Module>,
    names: &'l Names,
    seen: BTreeSet<(Path, String)>,
}

impl<'l> Lookup<'l> {
    fn new(modules: &'l Modules, names: &'l Names) -> Self {
        Self {
            modules: &modules.modules,
            names,
            seen: BTreeSet::new(),
        }
    }

    fn in_module(&mut self, path: Path, module: &[String]) -> Path {
        let Some(first) = path.first() else {
            return path;
        };
        match first.as_str() {
            "crate" => return self.at_root(path),
            "self" => return self.at_root(absolute(module, &path[1..])),
            "super" => {
                let parent = &module[..module.len().saturating_sub(1)];
                return match path.get(1).map(String::as_str) {
                    Some("super") => self.in_module(path[1..].to_vec(), parent),
                    _ => self.at_root(absolute(parent, &path[1..])),
                };
            }
            _ => {}
        }
        let Some(here) = self.modules.get(module) else {
            return path;
        };
        if here.defines.contains(first) {
            return self.at_root(absolute(module, &path));
        }
        if !self.seen.insert((module.to_vec(), first.clone())) {
            return path;
        }
        match here.imports.named.get(first) {
            Some(start) => self.in_module(join(start, &path[1..]), module),
            None => self.in_globs(&here.imports, &path, module).unwrap_or(path),
        }
    }

    /// A path that begins with `crate`: through modules as far as they go, then through what the last one brings in.
    fn at_root(&mut self, path: Path) -> Path {
        let mut depth = 0;
        while depth + 1 < path.len() && self.modules.contains_key(&path[1..depth + 2]) {
            depth += 1;
        }
        let (module, rest) = (&path[1..=depth], &path[depth + 1..]);
        let Some(here) = self.modules.get(module) else {
            return path;
        };
        match rest.first() {
            Some(first) if !here.defines.contains(first) => {
                let found = self.in_module(rest.to_vec(), module);
                if found == rest { path } else { found }
            }
            _ => path,
        }
    }

    fn in_globs(&mut self, imports: &Imports, path: &[String], module: &[String]) -> Option<Path> {
        let first = path.first()?;
        for glob in &imports.globs {
            let glob = self.in_module(glob.clone(), module);
            if glob.first().is_none_or(|root| root != "crate") {
                if self.names.has(&glob, first) {
                    return Some(join(&glob, path));
                }
                continue;
            }
            let Some(here) = self.modules.get(&glob[1..]) else {
                continue;
            };
            if here.defines.contains(first) {
                return Some(join(&glob, path));
            }
            let found = self.in_module(path.to_vec(), &glob[1..]);
            if found != path {
                return Some(found);
            }
        }
        None
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
