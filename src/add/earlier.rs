//! What an earlier run has added: its answers hold, and only what is new is left to be done.

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
    state::{self, Recorded},
};

/// What `mcp-auth.toml` of the package says, if it is there.
///
/// # Errors
/// A `Refusal` if something else was typed.
pub fn recorded(
    typed: &cli::Add,
    site: &Site,
    project: &Project,
    catalog: &Catalog,
) -> Result<Option<Recorded>> {
    let Some(text) = project.files.read(&file(site)?)? else {
        return Ok(None);
    };
    let recorded = state::read(&text)?;
    ensure_same(typed, &recorded, catalog)?;
    Ok(Some(recorded))
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
fn ensure_same(typed: &cli::Add, recorded: &Recorded, catalog: &Catalog) -> Result<()> {
    let there = recorded.answers(catalog)?;
    let differs = typed.auth.is_some_and(|auth| auth != there.auth)
        || typed
            .preset
            .as_ref()
            .is_some_and(|preset| preset != there.preset.as_str());
    if !differs {
        return Ok(());
    }
    let (auth, preset) = (there.auth.name(), there.preset.as_str());
    let which = match preset == catalog.auth(there.auth)?.default_preset {
        true => format!("`{auth}`"),
        false => format!("`{auth}` with the preset `{preset}`"),
    };
    let hint = match recorded.added {
        Some(_) => "take it back first: `mcp-auth add --undo`",
        None => "`mcp-auth new` makes a project with another one",
    };
    Err(Refusal::failed(format!(
        "this project has the authentication {which} already"
    ))
    .hint(hint)
    .into())
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
        auth: Some(answers.auth),
        preset: Some(answers.preset.as_str().to_owned()),
        scopes: Some(scopes.join(" ")),
        port: Some(answers.port.get().to_string()),
        without: Extra::ALL.to_vec(),
        ..cli::New::default()
    })
}
