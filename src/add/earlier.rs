//! What an earlier run has added: its answers hold, and only what is new is left to be done.

use std::path::Path;

use anyhow::Result;

use super::look::Project;
use crate::{
    adding::{Beside, Presence},
    answers::Extra,
    catalog::Catalog,
    cli,
    existing::{Files, site::Site},
    refusal::Refusal,
    relative::RelativePath,
    sets,
    state::{self, Recorded},
    templates::{EMBEDDED, TemplateSet},
    text::quoted,
};

/// What `mcp-auth.toml` of the package says, if it is there.
pub fn recorded(site: &Site, project: &Project) -> Result<Option<Recorded>> {
    let text = project.files.read(&file(site)?)?;
    text.map(|text| state::read(&text)).transpose()
}

/// Those that were typed, else those of before.
pub fn templates(
    typed: &cli::Add,
    recorded: Option<&Recorded>,
    site: &Site,
    project: &Project,
) -> Result<TemplateSet> {
    let set = recorded.map_or(EMBEDDED, |recorded| &recorded.templates.set);
    let folder = project.root().join(&site.package.folder);
    sets::of_project(&folder, set, typed.templates.as_deref())
}

fn file(site: &Site) -> Result<RelativePath> {
    let path = format!("{}{}", site.package.folder, state::FILE);
    path.parse().map_err(anyhow::Error::msg)
}

/// Whether the module of this site is there already. `find` gives no other one's name to a site.
pub fn presence(site: &Site, beside: Option<&Beside>, project: &Project) -> Result<Presence> {
    if beside.is_some() {
        return Ok(Presence::Absent);
    }
    let stem = format!("{}{}", site.module_folder, site.module);
    for path in [format!("{stem}.rs"), format!("{stem}/mod.rs")] {
        if project
            .files
            .is_there(&path.parse().map_err(anyhow::Error::msg)?)?
        {
            return Ok(Presence::Present);
        }
    }
    Ok(Presence::Absent)
}

/// What was typed must not ask for another authentication than there is.
///
/// # Errors
/// A `Refusal` if it does. `folder` is that of the package, from where the person is.
pub fn ensure_same(
    typed: &cli::Add,
    recorded: Option<&Recorded>,
    folder: &Path,
    catalog: &Catalog,
) -> Result<()> {
    let Some(recorded) = recorded else {
        return Ok(());
    };
    let there = recorded.answers(catalog)?;
    let differs = typed
        .auth
        .as_ref()
        .is_some_and(|auth| auth != there.auth.as_str())
        || typed
            .preset
            .as_ref()
            .is_some_and(|preset| preset != there.preset.as_str());
    if !differs {
        return Ok(());
    }
    let (auth, preset) = (there.auth.as_str(), there.preset.as_str());
    let which = match preset == catalog.auth(&there.auth)?.default_preset {
        true => format!("`{auth}`"),
        false => format!("`{auth}` with the preset `{preset}`"),
    };
    Err(Refusal::failed(format!(
        "this project has the authentication {which} already"
    ))
    .hint(format!("to have another one: {}", switch(typed, folder)))
    .into())
}

/// The command that goes on from here.
fn switch(typed: &cli::Add, folder: &Path) -> String {
    let mut command = "mcp-auth regenerate".to_owned();
    let folder = folder.to_string_lossy();
    if !folder.is_empty() {
        command.push_str(&format!(" {}", quoted(&folder)));
    }
    if let Some(auth) = &typed.auth {
        command.push_str(&format!(" --auth {auth}"));
    }
    if let Some(preset) = &typed.preset {
        command.push_str(&format!(" --set preset={}", quoted(preset)));
    }
    command
}

/// # Errors
/// A `Refusal` if the record is not there.
pub fn needed(recorded: Option<Recorded>, site: &Site) -> Result<Recorded> {
    let Some(recorded) = recorded else {
        let path = file(site)?;
        return Err(Refusal::failed(format!(
            "{path} is not there, so that nobody knows which authentication this is"
        ))
        .hint("take it back from version control")
        .into());
    };
    Ok(recorded)
}

/// The flags that give the answers of before, so that nothing is asked.
pub fn flags(recorded: Option<Recorded>, site: &Site, catalog: &Catalog) -> Result<cli::New> {
    let answers = needed(recorded, site)?.answers(catalog)?;
    let scopes: Vec<&str> = answers.scopes.iter().map(|scope| scope.as_str()).collect();
    Ok(cli::New {
        name: Some(answers.name.to_string()),
        description: Some(answers.description.as_str().to_owned()),
        auth: Some(answers.auth.as_str().to_owned()),
        preset: Some(answers.preset.as_str().to_owned()),
        scopes: Some(scopes.join(" ")),
        port: Some(answers.port.get().to_string()),
        without: Extra::ALL.to_vec(),
        ..cli::New::default()
    })
}
