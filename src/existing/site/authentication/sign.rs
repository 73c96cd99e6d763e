//! A sign of authentication, and what is said about it.
//! Pure.

use crate::{
    existing::{code, modules::SourceFile},
    refusal::Problem,
};

pub struct Sign {
    pub line: usize,
    /// The line of a mount in the same chain that comes after the layer, and is not covered by it.
    pub uncovered: Option<usize>,
}

impl Sign {
    pub fn problem(&self, file: &SourceFile) -> Problem {
        let SourceFile { path, text, .. } = file;
        let line = self.line;
        let shown = shortened(code::line_text(text, line));
        match self.uncovered {
            None => Problem::new(format!("{path}:{line} has authentication already: {shown}")).hint(
                "`--force` adds this one in front of it; to replace it, take it out and run again",
            ),
            Some(mount) => Problem::new(format!(
                "{path}:{line} adds a layer that does not cover the mount in line {mount}: {shown}"
            ))
            .hint(format!(
                "a layer covers only what was added before it: if it is to protect the mount, move it behind line {mount}; \
                 to have this authentication instead, take it out and run again (`--force` leaves it as it is)"
            )),
        }
    }
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(90) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text.to_owned(),
    }
}
