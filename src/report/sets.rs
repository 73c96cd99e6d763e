//! `mcp-auth templates`: which files there are, and what is wrong with those of a person.

use std::{io::Write, path::Path};

use anyhow::Result;
use serde_json::{Value, json};

use super::{
    BOLD, DIM, GOOD, HINT, Report, json::SCHEMA, print_bytes, print_json, visible::visible,
};
use crate::{
    changes,
    refusal::{Exit, Problem, Refusal},
    sets::Findings,
    templates::{CATALOG, LAYERS, Output, PARTIALS, TemplateSet},
    text,
};

impl Report {
    pub fn template_files(&mut self, set: &TemplateSet) -> Result<Exit> {
        if self.json {
            return print_json(&document(set));
        }
        let files = set.files();
        let width = files.keys().map(String::len).max().unwrap_or(0);
        let mut out = anstream::stdout().lock();
        writeln!(
            out,
            "{BOLD}{:>7}  {:width$}  WHAT IT GIVES{BOLD:#}",
            "BYTES", "FILE"
        )?;
        for (path, text) in files {
            writeln!(
                out,
                "{:>7}  {:width$}  {}",
                text.len(),
                visible(path),
                visible(&gives(path))
            )?;
        }
        out.flush()?;
        Ok(Exit::Done)
    }

    /// As it is: a person may want it in a file.
    pub fn template(&mut self, text: &str) -> Result<Exit> {
        print_bytes(text.as_bytes())
    }

    pub fn exported_templates(&mut self, dir: &Path, count: usize) -> Result<Exit> {
        let folder = text::quoted(&dir.to_string_lossy());
        self.say(|err| {
            writeln!(
                err,
                "{GOOD}wrote{GOOD:#} {count} files into {}",
                visible(&folder)
            )?;
            writeln!(err, "\nchange what you like, then:")?;
            writeln!(err, "  {HINT}mcp-auth templates check {folder}{HINT:#}")?;
            writeln!(
                err,
                "  {HINT}mcp-auth new <DIR> --templates {folder}{HINT:#}"
            )
        });
        Ok(Exit::Done)
    }

    pub fn checked_templates(&mut self, set: &TemplateSet, findings: &Findings) -> Result<Exit> {
        for note in &findings.notes {
            self.note(note);
        }
        if !findings.problems.is_empty() {
            let problems = findings.problems.iter().map(Problem::new);
            return Err(Refusal::many(Exit::Failed, problems.collect()).into());
        }
        if self.json {
            return print_json(&checked(set, findings, &self.notes));
        }
        let mut out = anstream::stdout().lock();
        let tried = &findings.tried;
        let width = tried.iter().map(|option| option.option.len()).max();
        let width = width.unwrap_or(0);
        for each in tried {
            let presets = counted(each.presets, "preset");
            writeln!(
                out,
                "{:width$}  {presets}, {} files",
                each.option, each.files
            )?;
        }
        let (options, files) = (counted(tried.len(), "option"), set.files().len());
        let presets: usize = tried.iter().map(|option| option.presets).sum();
        let presets = counted(presets, "preset");
        writeln!(
            out,
            "{GOOD}good{GOOD:#} {DIM}{options}, {presets}, {files} templates{DIM:#}"
        )?;
        out.flush()?;
        Ok(Exit::Done)
    }
}

fn counted(count: usize, what: &str) -> String {
    match count {
        1 => format!("1 {what}"),
        _ => format!("{count} {what}s"),
    }
}

/// The layer of a file and its path inside.
fn in_layer(path: &str) -> Option<(&str, &str)> {
    path.strip_prefix(LAYERS)?
        .strip_prefix('/')?
        .split_once('/')
}

fn gives(path: &str) -> String {
    let Some((_, inner)) = in_layer(path) else {
        return match path {
            CATALOG => "the options, presets, settings and extras".to_owned(),
            changes::FILE => "what was changed, and why".to_owned(),
            _ if path.starts_with(PARTIALS) => "a part that others include".to_owned(),
            _ => "nothing".to_owned(),
        };
    };
    match Output::of(inner) {
        Ok(Output::Dependencies) => "dependencies in Cargo.toml".to_owned(),
        Ok(Output::Copied(output) | Output::Rendered(output)) => output.to_string(),
        Err(why) => why,
    }
}

fn document(set: &TemplateSet) -> Value {
    let files = set.files().iter().map(|(path, text)| {
        let mut file = json!({ "path": path, "bytes": text.len() });
        let layer = in_layer(path);
        let kind = match layer.map(|(_, inner)| Output::of(inner)) {
            Some(Ok(Output::Dependencies)) => "dependencies",
            Some(Ok(Output::Copied(output))) => {
                file["output"] = output.as_str().into();
                "copied"
            }
            Some(Ok(Output::Rendered(output))) => {
                file["output"] = output.as_str().into();
                "rendered"
            }
            Some(Err(_)) => "unusable",
            None if path.starts_with(PARTIALS) => "partial",
            None => "data",
        };
        file["kind"] = kind.into();
        if let Some((layer, _)) = layer {
            file["layer"] = layer.into();
        }
        file
    });
    let files: Vec<Value> = files.collect();
    json!({ "schema": SCHEMA, "command": "templates list", "templates": origin(set), "files": files })
}

fn checked(set: &TemplateSet, findings: &Findings, notes: &[String]) -> Value {
    let options = findings
        .tried
        .iter()
        .map(|each| json!({ "name": each.option, "presets": each.presets, "files": each.files }));
    json!({
        "schema": SCHEMA,
        "command": "templates check",
        "outcome": "good",
        "templates": origin(set),
        "options": options.collect::<Vec<_>>(),
        "notes": notes,
    })
}

fn origin(set: &TemplateSet) -> Value {
    let origin = set.origin();
    json!({ "set": origin.set, "sha256": origin.sha256 })
}
