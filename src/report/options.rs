//! `mcp-auth list`: what can be chosen, as a table and as a document.

use std::io::{self, Write};

use serde_json::{Value, json};

use super::{BOLD, DIM, json::SCHEMA};
use crate::catalog::Catalog;

pub(super) fn table(out: &mut dyn Write, catalog: &Catalog) -> anyhow::Result<()> {
    let mut rows = Vec::new();
    for entry in catalog.auths() {
        rows.push((entry.name.as_str(), String::new(), entry.summary.as_str()));
        for preset in &entry.presets {
            let mark = if preset.name == entry.default_preset {
                " *"
            } else {
                ""
            };
            rows.push((
                "",
                format!("{}{mark}", preset.name),
                preset.summary.as_str(),
            ));
        }
    }
    write_rows(out, &rows)?;
    if !catalog.extras().is_empty() {
        writeln!(out, "\n{BOLD}{:10}WHAT IT ADDS{BOLD:#}", "EXTRA")?;
    }
    for entry in catalog.extras() {
        let mark = if entry.default { " *" } else { "" };
        writeln!(
            out,
            "{:10}{}",
            format!("{}{mark}", entry.name.name()),
            entry.title
        )?;
    }
    writeln!(
        out,
        "\n{DIM}* is what you get without saying otherwise{DIM:#}"
    )?;
    Ok(())
}

pub(super) fn document(catalog: &Catalog) -> anyhow::Result<Value> {
    let mut options = Vec::new();
    for entry in catalog.auths() {
        let presets = entry.presets.iter().map(|preset| {
            json!({
                "name": preset.name,
                "title": preset.title,
                "summary": preset.summary,
                "default": preset.name == entry.default_preset,
                "scopes": catalog.default_scopes(preset),
            })
        });
        options.push(json!({
            "name": entry.name,
            "title": entry.title,
            "summary": entry.summary,
            "presets": presets.collect::<Vec<_>>(),
        }));
    }
    let mut extras = Vec::new();
    for entry in catalog.extras() {
        extras.push(
            json!({ "name": entry.name.name(), "title": entry.title, "default": entry.default }),
        );
    }
    Ok(json!({ "schema": SCHEMA, "command": "list", "options": options, "extras": extras }))
}

fn write_rows(out: &mut dyn Write, rows: &[(&str, String, &str)]) -> io::Result<()> {
    let longest = |lengths: &mut dyn Iterator<Item = usize>| lengths.max().unwrap_or(0);
    let first = longest(&mut rows.iter().map(|(option, ..)| option.len())).max("OPTION".len());
    let second = longest(&mut rows.iter().map(|(_, preset, _)| preset.len())).max("PRESET".len());
    let (option, preset) = ("OPTION", "PRESET");
    writeln!(
        out,
        "{BOLD}{option:first$}  {preset:second$}  WHAT IT IS FOR{BOLD:#}"
    )?;
    for (option, preset, summary) in rows {
        writeln!(out, "{option:first$}  {preset:second$}  {summary}")?;
    }
    Ok(())
}
