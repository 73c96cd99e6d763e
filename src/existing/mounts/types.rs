//! What a type says about the values of it.
//! Pure.

use syn::{GenericArgument, PathArguments, ReturnType, Type, TypeParamBound};

use super::{
    functions::{Function, Index},
    imports::Imports,
    names::{Path, segments},
    values::Value,
};

/// Types that only wrap the one that matters.
const WRAPPERS: [&str; 13] = [
    "Arc",
    "Extension",
    "State",
    "BoxFuture",
    "Box",
    "Cow",
    "LazyLock",
    "OnceLock",
    "Option",
    "OnceCell",
    "Pin",
    "Rc",
    "Result",
];

/// Where a type is written: what its names mean depends on it.
#[derive(Clone, Copy)]
pub struct Here<'h> {
    pub module: &'h [String],
    pub blocks: &'h [Imports],
    /// What `Self` is.
    pub owner: Option<&'h str>,
    pub self_type: Option<&'h Type>,
}

impl<'h> Here<'h> {
    /// In a module, outside of functions and `impl`s.
    pub fn module(module: &'h [String]) -> Self {
        Self {
            module,
            blocks: &[],
            owner: None,
            self_type: None,
        }
    }

    /// In a function, inside blocks with these imports.
    pub fn function(function: &'h Function<'_>, blocks: &'h [Imports]) -> Self {
        Self {
            module: &function.module,
            blocks,
            owner: function.owner.as_deref(),
            self_type: function.self_type,
        }
    }
}

impl Index<'_> {
    pub fn resolve(&self, path: &syn::Path, here: Here<'_>) -> Path {
        self.modules
            .resolve(&segments(path), here.module, here.blocks, self.names)
    }

    /// A value of this type. Routers and services in it have no roots and leads yet.
    pub fn value_of(&self, ty: &Type, here: Here<'_>) -> Value {
        match ty {
            Type::Reference(inner) => self.value_of(&inner.elem, here),
            Type::Paren(inner) => self.value_of(&inner.elem, here),
            Type::Group(inner) => self.value_of(&inner.elem, here),
            Type::Tuple(tuple) => Value::Tuple(
                tuple
                    .elems
                    .iter()
                    .map(|it| self.value_of(it, here))
                    .collect(),
            ),
            Type::ImplTrait(it) => self.value_of_bounds(it.bounds.iter(), here),
            Type::TraitObject(it) => self.value_of_bounds(it.bounds.iter(), here),
            Type::Path(path) => self.value_of_path(&path.path, here),
            _ => Value::Unknown,
        }
    }

    pub fn value_of_return(&self, output: &ReturnType, here: Here<'_>) -> Value {
        match output {
            ReturnType::Type(_, ty) => self.value_of(ty, here),
            ReturnType::Default => Value::Unknown,
        }
    }

    /// `impl Future<Output = X>` gives an X once it is awaited.
    fn value_of_bounds<'b>(
        &self,
        bounds: impl Iterator<Item = &'b TypeParamBound>,
        here: Here<'_>,
    ) -> Value {
        let arguments = bounds.filter_map(|bound| match bound {
            TypeParamBound::Trait(bound) => bound.path.segments.last(),
            _ => None,
        });
        let outputs = arguments.filter_map(|last| match &last.arguments {
            PathArguments::AngleBracketed(arguments) => Some(&arguments.args),
            _ => None,
        });
        let types = outputs.flatten().filter_map(|argument| match argument {
            GenericArgument::AssocType(output) if output.ident == "Output" => Some(&output.ty),
            _ => None,
        });
        types
            .map(|ty| self.value_of(ty, here))
            .next()
            .unwrap_or_default()
    }

    pub fn value_of_path(&self, path: &syn::Path, here: Here<'_>) -> Value {
        let Some(last) = path.segments.last() else {
            return Value::Unknown;
        };
        if path.is_ident("Self") {
            return self.itself(here);
        }
        let resolved = self.resolve(path, here);
        if self.names.is_service(&resolved) {
            return Value::Service(Vec::new());
        }
        if self.names.is_router(&resolved) {
            return Value::Router(Vec::new());
        }
        if let Some(alias) = self.aliases.get(&resolved) {
            let there = Here::module(&alias.module);
            return self.value_of(alias.it, there);
        }
        let name = last.ident.to_string();
        if let PathArguments::AngleBracketed(arguments) = &last.arguments
            && WRAPPERS.contains(&name.as_str())
        {
            let mut types = arguments.args.iter().filter_map(|argument| match argument {
                GenericArgument::Type(ty) => Some(ty),
                _ => None,
            });
            return types
                .next()
                .map_or(Value::Unknown, |ty| self.value_of(ty, here));
        }
        match self.structs.contains_key(&name) {
            true => Value::Struct(name),
            false => Value::Unknown,
        }
    }

    /// A value of the type that `Self` is.
    pub fn itself(&self, here: Here<'_>) -> Value {
        let value = here
            .self_type
            .map_or(Value::Unknown, |ty| self.value_of(ty, here));
        match (value, here.owner) {
            (Value::Unknown, Some(owner)) => Value::Struct(owner.to_owned()),
            (value, _) => value,
        }
    }

    /// The field of a struct of this crate.
    pub fn field(&self, of: &str, field: &syn::Member) -> Value {
        let Some(found) = self.structs.get(of) else {
            return Value::Unknown;
        };
        let declared = found.it.fields.members().zip(&found.it.fields);
        let there = Here::module(&found.module);
        declared
            .into_iter()
            .find(|(member, _)| member == field)
            .map_or(Value::Unknown, |(_, declared)| {
                self.value_of(&declared.ty, there)
            })
    }
}
