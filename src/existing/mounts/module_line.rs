//! `mod auth;` in a crate root: where a person would put it.
//! Pure.

use std::ops::Range;

use syn::{Item, ItemMod, Visibility};

use super::{Module, layout, sources::Parsed};
use crate::insertion::Insertion;

/// A `mod name;`
struct Declared {
    name: String,
    range: Range<usize>,
    is_private: bool,
}

/// `cfg` is what has to hold for the module to be used, if anything.
pub fn declare(root: &Parsed<'_>, module: Module<'_>, cfg: Option<&str>) -> Insertion {
    let newline = layout::newline(root.text());
    let cfg = cfg.map(|cfg| format!("cfg({cfg})"));
    let attributes = cfg.iter().map(String::as_str);
    let attributes = attributes.chain(module.attributes.iter().copied());
    let mut line: String = attributes.map(|it| format!("#[{it}]{newline}")).collect();
    line.push_str(&format!("mod {};", module.name));
    let groups = groups(root);
    let private = groups
        .iter()
        .find(|group| group.iter().any(|it| it.is_private));
    match private.or(groups.first()) {
        Some(group) => beside(root, group, module.name, &line),
        None => alone(root, &line),
    }
}

/// Among others: at its sorted place if they are sorted, else before the first.
fn beside(root: &Parsed<'_>, group: &[Declared], module: &str, line: &str) -> Insertion {
    let newline = layout::newline(root.text());
    let is_sorted = group.is_sorted_by(|a, b| a.name <= b.name);
    let smaller = group
        .iter()
        .take_while(|it| is_sorted && it.name.as_str() < module);
    match smaller.last() {
        Some(before) => Insertion {
            at: line_end(root.text(), before.range.end),
            text: format!("{newline}{line}"),
        },
        None => Insertion {
            at: above_comments(root.text(), group[0].range.start),
            text: format!("{line}{newline}"),
        },
    }
}

/// Without others: behind the `use` items that the crate begins with, else before its first item.
fn alone(root: &Parsed<'_>, line: &str) -> Insertion {
    let (text, newline) = (root.text(), layout::newline(root.text()));
    let uses = root
        .items()
        .iter()
        .take_while(|item| matches!(item, Item::Use(_) | Item::ExternCrate(_)));
    if let Some(last) = uses.last() {
        return Insertion {
            at: line_end(text, root.range(last).end),
            text: format!("{newline}{newline}{line}"),
        };
    }
    match root.items().first() {
        Some(first) => Insertion {
            at: above_comments(text, root.range(first).start),
            text: format!("{line}{newline}{newline}"),
        },
        None => Insertion {
            at: text.len(),
            text: format!("{line}{newline}"),
        },
    }
}

/// `mod` lines that follow each other without a blank line or anything else between them.
fn groups(root: &Parsed<'_>) -> Vec<Vec<Declared>> {
    let mut groups: Vec<Vec<Declared>> = Vec::new();
    let mut follows = false;
    for item in root.items() {
        let Item::Mod(item @ ItemMod { content: None, .. }) = item else {
            follows = false;
            continue;
        };
        let declared = Declared {
            name: item.ident.to_string(),
            range: root.range(item),
            is_private: matches!(item.vis, Visibility::Inherited),
        };
        let last = groups.last().and_then(|group| group.last());
        let near = last.is_some_and(|last| {
            !has_blank_line(&root.text()[last.range.end..declared.range.start])
        });
        match groups.last_mut() {
            Some(group) if follows && near => group.push(declared),
            _ => groups.push(vec![declared]),
        }
        follows = true;
    }
    groups
}

fn has_blank_line(between: &str) -> bool {
    between.lines().skip(1).any(|line| line.trim().is_empty()) && between.matches('\n').count() > 1
}

/// Behind a comment that stands in the same line; where the line goes on with code, at once.
fn line_end(text: &str, after: usize) -> usize {
    let rest = text[after..].split('\n').next().unwrap_or_default();
    let rest = rest.trim_end();
    match rest.trim_start().starts_with("//") || rest.is_empty() {
        true => after + rest.len(),
        false => after,
    }
}

/// A comment directly above an item belongs to it, unless the file begins with it.
pub fn above_comments(text: &str, item: usize) -> usize {
    let mut at = item;
    while let Some(above) = text[..at].strip_suffix('\n') {
        let start = above.rfind('\n').map_or(0, |newline| newline + 1);
        let line = above[start..].trim();
        if !line.starts_with("//") || line.starts_with("//!") {
            return at;
        }
        if start == 0 {
            return item;
        }
        at = start;
    }
    item
}
