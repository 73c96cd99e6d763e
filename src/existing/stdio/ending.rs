//! How `main` ends: what it returns decides what is done with an error.
//! Pure.

use syn::{GenericArgument, Item, PathArguments, ReturnType, Type, TypePath};

use crate::existing::mounts::sources::Parsed;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ending {
    /// `?` turns an `io::Error` into the error of `main`.
    pub converts: bool,
    pub leave: &'static str,
}

/// The crates whose errors are made from any other.
const CONVERTING: [&str; 4] = ["anyhow", "color_eyre", "eyre", "io"];

/// `None` where nothing is known about what is returned.
pub fn of(output: &ReturnType, root: &Parsed<'_>) -> Option<Ending> {
    let ReturnType::Type(_, output) = output else {
        return Some(unit());
    };
    match &**output {
        Type::Tuple(tuple) if tuple.elems.is_empty() => Some(unit()),
        Type::Path(path) => result(path, root),
        _ => None,
    }
}

fn unit() -> Ending {
    Ending {
        converts: false,
        leave: "return;",
    }
}

/// `Result<()>` of some crate, or `Result<(), Error>`.
fn result(path: &TypePath, root: &Parsed<'_>) -> Option<Ending> {
    let last = path.path.segments.last()?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else {
        return None;
    };
    let mut types = arguments.args.iter().filter_map(|argument| match argument {
        GenericArgument::Type(argument) => Some(argument),
        _ => None,
    });
    let is_result = last.ident == "Result"
        && matches!(types.next()?, Type::Tuple(tuple) if tuple.elems.is_empty());
    let converts = match types.next() {
        Some(error) => is_converting(error),
        None => names_crate(path) || imports_result(root),
    };
    is_result.then_some(Ending {
        converts,
        leave: "return Ok(());",
    })
}

/// `Box<dyn Error>`, `anyhow::Error`, `io::Error`, `eyre::Report`.
fn is_converting(error: &Type) -> bool {
    let Type::Path(path) = error else {
        return false;
    };
    let Some(last) = path.path.segments.last() else {
        return false;
    };
    match &last.arguments {
        PathArguments::AngleBracketed(boxed) if last.ident == "Box" => boxed
            .args
            .iter()
            .any(|of| matches!(of, GenericArgument::Type(Type::TraitObject(_)))),
        _ => names_crate(path),
    }
}

fn names_crate(path: &TypePath) -> bool {
    let mut segments = path.path.segments.iter();
    segments.any(|segment| CONVERTING.iter().any(|name| segment.ident == name))
}

/// `use anyhow::{Context, Result};`
fn imports_result(root: &Parsed<'_>) -> bool {
    let uses = root
        .items()
        .iter()
        .filter(|item| matches!(item, Item::Use(_)));
    let mut texts = uses.map(|item| root.slice(item));
    texts.any(|text| {
        let mut words = text.split(|c: char| !c.is_alphanumeric() && c != '_');
        words.clone().any(|word| word == "Result") && words.any(|word| CONVERTING.contains(&word))
    })
}
