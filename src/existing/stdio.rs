//! Finds where a crate serves MCP over stdio, and what has to be inserted so that `--http` serves it over HTTP instead.
//! Pure: source texts in, insertions out.

mod calls;
mod ending;
mod handler;
mod place;
#[cfg(test)]
mod tests;

use ending::Ending;
use place::Place;

use super::{
    modules::CrateSources,
    mounts::{
        ByHand, Module, Wiring, layout, module_line,
        sources::{self, Parsed},
    },
    syntax,
};
use crate::{
    insertion::{self, FileEdit, Insertion},
    relative::RelativePath,
};

/// A call such as `Tools::new().serve(stdio())`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stdio {
    pub file: RelativePath,
    /// From 1.
    pub line: usize,
    pub shape: Shape,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shape {
    /// It can be edited.
    Plain(Plain),
    /// It is not as simple: why, and the handler as it is written.
    Other { why: &'static str, handler: String },
}

/// A statement of `async fn main`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plain {
    /// Where the statement begins, with the comments above it.
    at: usize,
    /// What makes the handler: a function, or a closure.
    make: String,
    ending: Ending,
}

impl Stdio {
    /// `--http` will choose HTTP; else a person has to see to that.
    pub fn is_plain(&self) -> bool {
        matches!(self.shape, Shape::Plain(_))
    }
}

/// How the two modules are called that are added.
#[derive(Clone, Copy, Debug)]
pub struct Modules<'a> {
    pub auth: Module<'a>,
    /// `http`, or another name where that is taken.
    pub http: Module<'a>,
}

/// The layers for each kind of rmcp.
pub const LAYERS: [[&str; 2]; 2] = [
    ["added-http", "added-http-before-1.4"],
    ["added-http", "added-http-since-1.4"],
];

/// The layers that have `src/http.rs` for this version of rmcp: since 1.4 it wants to know the hosts.
pub fn layers(rmcp: &str) -> [&'static str; 2] {
    let digits = |part: &str| part.trim_matches(|c: char| !c.is_ascii_digit()).parse();
    let mut parts = rmcp.split('.').map(digits);
    let version: (u64, u64) = match (parts.next(), parts.next()) {
        (Some(Ok(major)), Some(Ok(minor))) => (major, minor),
        (Some(Ok(major)), _) => (major, 0),
        _ => (u64::MAX, 0),
    };
    let [before, since] = LAYERS;
    if version < (1, 4) { before } else { since }
}

/// Every place of the crate that serves stdio, in the order of the files.
pub fn find(sources: &CrateSources) -> Vec<Stdio> {
    let (files, _) = sources::parse_all(sources);
    let mut found = Vec::new();
    for file in &files {
        let place = file
            .source
            .module
            .is_empty()
            .then(|| Place::of(file, &files));
        for call in calls::of(file) {
            let at = file.range(call.expression).start;
            let shape = match &place {
                Some(place) => place.shape(file, &call),
                None => Err(place::NOT_IN_MAIN),
            };
            let handler = || file.slice(call.handler).to_owned();
            found.push(Stdio {
                file: file.source.path.clone(),
                line: file.line(at),
                shape: match shape {
                    Ok(plain) => Shape::Plain(plain),
                    Err(why) => Shape::Other {
                        why,
                        handler: handler(),
                    },
                },
            });
        }
    }
    found
}

/// The insertions that declare the modules, and in the plain shape let `--http` choose HTTP; else that is a step that
/// remains.
pub fn wire(sources: &CrateSources, stdio: &Stdio, modules: Modules<'_>) -> Wiring {
    let (files, _) = sources::parse_all(sources);
    let Some(root) = files.iter().find(|file| file.source.module.is_empty()) else {
        return Wiring::default();
    };
    let mut insertions = declarations(root, modules);
    let mut remaining = Vec::new();
    match &stdio.shape {
        Shape::Plain(plain) => insertions.push(branch(root.text(), plain, modules.http.name)),
        Shape::Other { why, handler } => {
            remaining.push(by_hand(stdio, why, handler, modules.http.name));
        }
    }
    insertions.sort_by_key(|insertion| insertion.at);
    if syntax::parse(&insertion::insert(root.text(), &insertions)).is_err() {
        let why = "this cannot be edited safely";
        return Wiring {
            remaining: vec![by_hand(stdio, why, "HANDLER", modules.http.name)],
            ..Wiring::default()
        };
    }
    let edit = FileEdit {
        path: root.source.path.clone(),
        insertions,
    };
    Wiring {
        edits: vec![edit],
        remaining,
        notes: Vec::new(),
    }
}

/// `mod auth;` and `mod http;`, one under the other where they meet.
fn declarations(root: &Parsed<'_>, modules: Modules<'_>) -> Vec<Insertion> {
    let newline = layout::newline(root.text());
    let mut both = [modules.auth, modules.http];
    both.sort_unstable_by_key(|module| module.name);
    let [first, second] = both.map(|module| module_line::declare(root, module, None));
    if first.at != second.at {
        return vec![first, second];
    }
    let text = match first.text.starts_with(newline) {
        true => format!("{}{newline}{}", first.text, second.text.trim_start()),
        false => format!("{}{newline}{}", first.text.trim_end(), second.text),
    };
    vec![Insertion { at: first.at, text }]
}

fn branch(text: &str, plain: &Plain, http: &str) -> Insertion {
    let (newline, step) = (layout::newline(text), layout::step(text));
    let indentation = layout::indentation(text, plain.at);
    let serve = format!("crate::{http}::serve({}).await", plain.make);
    let mut lines = vec![r#"if std::env::args_os().any(|arg| arg == "--http") {"#.to_owned()];
    if plain.ending.converts {
        lines.push(format!("{step}{serve}?;"));
    } else {
        lines.push(format!("{step}if let Err(error) = {serve} {{"));
        lines.push(format!(r#"{step}{step}eprintln!("error: {{error}}");"#));
        lines.push(format!("{step}{step}std::process::exit(1);"));
        lines.push(format!("{step}}}"));
    }
    lines.push(format!("{step}{}", plain.ending.leave));
    lines.push("}".to_owned());
    let separator = format!("{newline}{indentation}");
    Insertion {
        at: plain.at,
        text: lines.join(&separator) + &separator,
    }
}

fn by_hand(stdio: &Stdio, why: &str, handler: &str, http: &str) -> ByHand {
    ByHand {
        file: stdio.file.clone(),
        line: stdio.line,
        why: format!("HTTP has to be chosen by hand: {why}"),
        steps: vec![
            "where the command line asks for HTTP, instead of this line:".to_owned(),
            format!("    crate::{http}::serve(move || {handler}).await?;"),
            "what the closure uses must be owned by it, and cloned for each session".to_owned(),
        ],
    }
}
