//! Checks flags one by one and gathers what is wrong with them.
//! Pure.

use std::collections::BTreeSet;

use anyhow::Result;

use crate::{
    answers::{Extra, ProjectName},
    catalog::{AuthName, Catalog, PresetName},
    cli,
    refusal::Problem,
    text,
};

pub(super) struct Check<'a> {
    pub(super) problems: &'a mut Vec<Problem>,
}

/// Where a name was found: a folder may keep its own.
pub(super) enum NameFrom {
    Flag,
    Folder,
}

impl Check<'_> {
    pub(super) fn name(&mut self, typed: &str, from: NameFrom) -> Option<ProjectName> {
        let why = match typed.parse() {
            Ok(name) => return Some(name),
            Err(why) => why,
        };
        let problem = Problem::new(format!(
            "`{}` cannot be the project's name: {why}",
            typed.escape_debug()
        ));
        let suggestion = ProjectName::suggestion(typed)
            .map_or_else(|| "my-mcp-server".to_owned(), |name| name.to_string());
        self.problems.push(match from {
            NameFrom::Flag => problem.hint(format!("try --name {suggestion}")),
            NameFrom::Folder => problem.hint(format!(
                "try `mcp-auth new {suggestion}`, or keep the folder and add --name {suggestion}"
            )),
        });
        None
    }

    pub(super) fn flag<T>(
        &mut self,
        flag: &str,
        typed: Option<&str>,
        parse: impl FnOnce(&str) -> Result<T, String>,
    ) -> Option<T> {
        let typed = typed?;
        match parse(typed) {
            Ok(value) => Some(value),
            Err(why) => {
                let shown = shortened(typed);
                self.problems.push(Problem::new(format!(
                    "{flag} {shown} cannot be used: {why}"
                )));
                None
            }
        }
    }

    pub(super) fn auth(&mut self, typed: &cli::New, catalog: &Catalog) -> Option<AuthName> {
        let typed = typed.auth.as_deref()?;
        let name = catalog.auth_name(typed);
        if name.is_none() {
            let known: Vec<&str> = catalog.auth_names().collect();
            let problem = Problem::new(format!("there is no option {}", shortened(typed)));
            self.problems
                .push(problem.hint(format!("--auth is one of: {}", known.join(", "))));
        }
        name
    }

    pub(super) fn preset(
        &mut self,
        typed: &cli::New,
        auth: Option<&AuthName>,
        catalog: &Catalog,
    ) -> Result<Option<PresetName>> {
        let (Some(auth), Some(preset)) = (auth, &typed.preset) else {
            return Ok(None);
        };
        let entry = catalog.auth(auth)?;
        let name = entry.preset_name(preset);
        if name.is_none() {
            let known: Vec<&str> = entry
                .presets
                .iter()
                .map(|preset| preset.name.as_str())
                .collect();
            let problem = Problem::new(format!(
                "--auth {} has no preset {}",
                entry.name,
                shortened(preset)
            ));
            self.problems
                .push(problem.hint(format!("one of: {}", known.join(", "))));
        }
        Ok(name)
    }

    pub(super) fn extras(&mut self, typed: &cli::New, catalog: &Catalog) -> BTreeSet<Extra> {
        let mut extras = catalog.default_extras();
        extras.extend(&typed.with);
        for extra in typed
            .with
            .iter()
            .filter(|extra| catalog.extra(**extra).is_err())
        {
            self.problems.push(Problem::new(format!(
                "the templates have no extra `{}`",
                extra.name()
            )));
        }
        for extra in &typed.without {
            extras.remove(extra);
            if typed.with.contains(extra) {
                let name = extra.name();
                self.problems.push(Problem::new(format!(
                    "--with {name} and --without {name} exclude each other"
                )));
            }
        }
        extras
    }
}

/// What was typed, in one line that fits.
fn shortened(typed: &str) -> String {
    let quoted = text::quoted(&typed.escape_debug().to_string());
    match quoted.char_indices().nth(60) {
        Some((end, _)) => format!("{}...", &quoted[..end]),
        None => quoted,
    }
}
