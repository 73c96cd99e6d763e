//! Renders templates. They can read nothing but what they are given: the engine has no function for the environment,
//! the disk, the time or chance, and an `include` finds only files of the same set. What they print is bounded; a loop
//! that prints nothing is not, but nothing is written before all is rendered, so that Ctrl-C ends it. Pure.

use std::{
    collections::BTreeSet,
    io::{self, Write},
};

use anyhow::Result;
use tera::{Context, ErrorKind, Tera};

use super::{PARTIALS, TemplateSet};

/// A file that is longer is a loop that got out of hand.
const LONGEST: usize = 16 << 20;

pub struct Renderer<'a> {
    set: &'a TemplateSet,
    tera: Tera,
}

impl TemplateSet {
    /// Parses the given templates and the partials: no others, since starting fast matters.
    pub fn renderer<'a>(&self, names: impl IntoIterator<Item = &'a str>) -> Result<Renderer<'_>> {
        let mut tera = engine();
        let chosen = names
            .into_iter()
            .filter_map(|name| self.files.get_key_value(name));
        let partials = self.below(PARTIALS);
        let sources = partials
            .chain(chosen)
            .map(|(name, text)| (name.as_str(), text.as_ref()));
        let parsed = tera.add_raw_templates(sources);
        parsed.map_err(|error| self.mistake(self.words(&error)))?;
        Ok(Renderer { set: self, tera })
    }

    /// What the engine says, with the place in front.
    fn words(&self, error: &tera::Error) -> String {
        match error.kind() {
            ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => {
                let (line, column) = (report.span().start_line, report.span().start_col + 1);
                let file = self.shown(report.filename());
                let message = report.message();
                format!("{file}, line {line}, column {column}: {message}")
            }
            other => self.several(&other.to_string()),
        }
    }

    /// The engine draws several mistakes below each other: `error: what`, then ` --> file:line:column`.
    fn several(&self, drawn: &str) -> String {
        let mut words = Vec::new();
        let mut lines = drawn.lines();
        while let Some(line) = lines.next() {
            let what = line.strip_prefix("error: ").unwrap_or(line);
            let place = lines
                .next()
                .and_then(|line| line.trim().strip_prefix("--> "));
            let place: Option<Vec<&str>> = place.map(|place| place.rsplitn(3, ':').collect());
            let Some([column, line, file]) = place.as_deref() else {
                return drawn.to_owned();
            };
            let file = self.shown(file);
            words.push(format!("{file}, line {line}, column {column}: {what}"));
            lines.by_ref().find(|line| line.is_empty());
        }
        words.join("; ")
    }
}

impl Renderer<'_> {
    pub fn render(&self, name: &str, context: &Context) -> Result<String> {
        let mut text = Bounded(Vec::new());
        match self.tera.render_to(name, context, &mut text) {
            Ok(()) => Ok(String::from_utf8(text.0)?),
            Err(error) => {
                let words = match error.kind() {
                    ErrorKind::Io(_) => {
                        format!("{}: it gives more than 16 MiB", self.set.shown(name))
                    }
                    _ => self.set.words(&error),
                };
                Err(self.set.mistake(words))
            }
        }
    }

    pub fn has(&self, name: &str) -> bool {
        self.tera.contains_template(name)
    }

    /// What a template says, with all that it includes, in all its branches.
    pub fn variables(&self, name: &str) -> Result<BTreeSet<&str>> {
        let variables = self.tera.get_template_variables(name)?;
        Ok(variables.into_iter().collect())
    }
}

/// The first mistake in the syntax of one file, whatever the others are.
pub fn syntax_problem(set: &TemplateSet, name: &str, text: &str) -> Option<String> {
    let error = engine().add_raw_template(name, text).err()?;
    matches!(error.kind(), ErrorKind::SyntaxError(_)).then(|| set.words(&error))
}

/// Nothing is HTML to us.
fn engine() -> Tera {
    let mut tera = Tera::new();
    tera.autoescape_on([""; 0]);
    tera
}

struct Bounded(Vec<u8>);

impl Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0.len() + bytes.len() > LONGEST {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
