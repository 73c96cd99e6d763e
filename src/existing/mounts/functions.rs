//! The functions, structs, aliases and constants of a crate, without those of its tests.
//! Pure.

use std::collections::BTreeMap;

use syn::{Expr, ItemStruct, Lit, Type};

use super::{
    Names, collect,
    imports::Imports,
    names::{Modules, Path},
    sources::Parsed,
};

/// A function with a body.
pub struct Function<'a> {
    /// Which of the parsed files.
    pub file: usize,
    pub module: Path,
    /// The type whose `impl` it stands in.
    pub owner: Option<String>,
    pub self_type: Option<&'a Type>,
    pub signature: &'a syn::Signature,
    pub block: &'a syn::Block,
    /// What the functions around it bring in.
    pub around: Vec<Imports>,
}

impl Function<'_> {
    pub fn name(&self) -> String {
        self.signature.ident.to_string()
    }
}

/// A thing and the module it stands in.
pub struct Placed<T> {
    pub module: Path,
    pub it: T,
}

/// What can be looked up.
pub struct Index<'a> {
    pub names: &'a Names,
    pub files: &'a [Parsed<'a>],
    pub modules: Modules,
    pub functions: Vec<Function<'a>>,
    by_name: BTreeMap<String, Vec<usize>>,
    pub aliases: BTreeMap<Path, Placed<&'a Type>>,
    /// By their names alone.
    pub structs: BTreeMap<String, Placed<&'a ItemStruct>>,
    pub constants: BTreeMap<Path, String>,
    /// Macro calls that stand between items.
    pub macros: Vec<(usize, &'a syn::ItemMacro)>,
    pub macro_rules: Vec<(usize, &'a syn::ItemMacro)>,
}

impl<'a> Index<'a> {
    pub fn new(files: &'a [Parsed<'a>], names: &'a Names) -> Self {
        let mut index = Self {
            names,
            files,
            modules: Modules::default(),
            functions: Vec::new(),
            by_name: BTreeMap::new(),
            aliases: BTreeMap::new(),
            structs: BTreeMap::new(),
            constants: BTreeMap::new(),
            macros: Vec::new(),
            macro_rules: Vec::new(),
        };
        for file in 0..files.len() {
            collect::collect(&mut index, file);
        }
        for (id, function) in index.functions.iter().enumerate() {
            index.by_name.entry(function.name()).or_default().push(id);
        }
        index
    }

    fn named(&self, name: &str) -> impl Iterator<Item = (usize, &Function<'a>)> {
        let ids = self.by_name.get(name).into_iter().flatten();
        ids.map(|&id| (id, &self.functions[id]))
    }

    /// The function of this crate that a path means; a single name may mean one inside another function.
    pub fn function(&self, path: &[String]) -> Option<usize> {
        let (name, before) = path.split_last()?;
        let found = self.named(name).find(|(_, function)| match before {
            [] => function.owner.is_none() && !function.around.is_empty(),
            [first, module @ ..] if first == "crate" => match &function.owner {
                Some(owner) => module.last() == Some(owner),
                None => module == function.module,
            },
            _ => false,
        });
        found.map(|(id, _)| id)
    }

    /// A method, if there is only one of that name.
    pub fn method(&self, owner: Option<&str>, name: &str) -> Option<usize> {
        let mut found = self.named(name).filter(|(_, function)| {
            function.owner.is_some()
                && owner.is_none_or(|owner| function.owner.as_deref() == Some(owner))
        });
        let (id, _) = found.next()?;
        found.next().is_none().then_some(id)
    }
}

/// The text of a string literal, behind `&` or not.
pub fn text_of(expression: &Expr) -> Option<String> {
    match expression {
        Expr::Lit(literal) => match &literal.lit {
            Lit::Str(text) => Some(text.value()),
            _ => None,
        },
        Expr::Reference(reference) => text_of(&reference.expr),
        Expr::Paren(paren) => text_of(&paren.expr),
        Expr::Group(group) => text_of(&group.expr),
        _ => None,
    }
}
