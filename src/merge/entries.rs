//! Files that are lists: `.env.example` by its variables, `.gitignore` by its patterns. An entry is its line and the
//! comment above it, which are merged each for itself; the order is the owner's. Pure.

use super::{parts::Parts, place};

type Key = fn(&str) -> Option<&str>;

/// A base that holds only what was ours of a longer file will do.
pub fn merge(texts: [&str; 3], key: Key) -> Parts {
    let [base, user, new] = texts.map(|text| List::read(text, key));
    let mut kept: Vec<(Name, Parts)> = Vec::new();
    for entry in &user.entries {
        let (before, now) = (base.get(entry.name), new.get(entry.name));
        let is_untouched = before.is_some_and(|before| before.is_like(entry));
        if now.is_some() || !is_untouched {
            kept.push((entry.name, entry.merge(before, now)));
        }
    }
    let order: Vec<Name> = new.entries.iter().map(|entry| entry.name).collect();
    for entry in &new.entries {
        if user.get(entry.name).is_none() && base.get(entry.name).is_none() {
            let names: Vec<Name> = kept.iter().map(|(name, _)| *name).collect();
            let at = place::among(&names, &order, &entry.name);
            kept.insert(at, (entry.name, entry.whole(at)));
        }
    }
    let mut parts = Parts::default();
    for (_, entry) in kept {
        parts.append(entry);
    }
    choose(&mut parts, Some(base.tail), user.tail, Some(new.tail));
    parts
}

/// The line itself, unless it is blank or a comment.
pub fn pattern(line: &str) -> Option<&str> {
    let line = line.trim_end();
    (!line.is_empty() && !line.starts_with('#')).then_some(line)
}

/// A key, and how often it was there before.
type Name<'a> = (&'a str, usize);

struct List<'a> {
    entries: Vec<Entry<'a>>,
    /// What comes after the last entry.
    tail: &'a str,
}

#[derive(Clone, Copy)]
struct Entry<'a> {
    name: Name<'a>,
    /// The blank lines and comments before the line.
    doc: &'a str,
    line: &'a str,
}

impl<'a> List<'a> {
    fn read(text: &'a str, key: Key) -> Self {
        let mut entries: Vec<Entry<'_>> = Vec::new();
        let (mut start, mut at) = (0, 0);
        for line in text.split_inclusive('\n') {
            if let Some(key) = key(line) {
                let earlier = entries.iter().filter(|entry| entry.name.0 == key).count();
                entries.push(Entry {
                    name: (key, earlier),
                    doc: &text[start..at],
                    line,
                });
                start = at + line.len();
            }
            at += line.len();
        }
        let tail = &text[start..];
        Self { entries, tail }
    }

    fn get(&self, name: Name<'_>) -> Option<&Entry<'a>> {
        self.entries.iter().find(|entry| entry.name == name)
    }
}

impl<'a> Entry<'a> {
    fn is_like(&self, other: &Self) -> bool {
        is_like(self.doc, other.doc) && self.line == other.line
    }

    /// The owner's entry.
    fn merge(&self, base: Option<&Self>, new: Option<&Self>) -> Parts {
        let mut parts = Parts::default();
        let (doc, line) = (
            |entry: &Self| -> &'a str { entry.doc },
            |entry: &Self| -> &'a str { entry.line },
        );
        choose(&mut parts, base.map(doc), self.doc, new.map(doc));
        choose(&mut parts, base.map(line), self.line, new.map(line));
        parts
    }

    /// A new entry at this place: a blank line keeps its comment apart from what is above.
    fn whole(&self, at: usize) -> Parts {
        let mut parts = Parts::default();
        let comment = self.doc.trim_start_matches('\n');
        match at {
            0 => parts.settle(comment),
            _ if comment.len() == self.doc.len() && !comment.is_empty() => {
                parts.settle(&format!("\n{comment}"));
            }
            _ => parts.settle(self.doc),
        }
        parts.settle(self.line);
        parts
    }
}

/// Blank lines at the top say nothing: they depend on what is above.
fn is_like(one: &str, other: &str) -> bool {
    one.trim_start_matches('\n') == other.trim_start_matches('\n')
}

fn choose(parts: &mut Parts, base: Option<&str>, user: &str, new: Option<&str>) {
    let comment = user.trim_start_matches('\n');
    let blank = &user[..user.len() - comment.len()];
    match (base, new) {
        (_, None) => parts.settle(user),
        (Some(base), Some(new)) if base == user => parts.settle(new),
        (_, Some(new)) if is_like(user, new) => parts.settle(user),
        (Some(base), Some(new)) if is_like(base, new) => parts.settle(user),
        (Some(base), Some(new)) if is_like(base, user) => {
            parts.settle(blank);
            parts.settle(new.trim_start_matches('\n'));
        }
        (_, Some(new)) => parts.dispute(user, new),
    }
}
