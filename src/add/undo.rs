//! `mcp-auth add --undo`: takes the last addition back.

use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::{
    apply::{Deed, Kept},
    cli, project,
    refusal::{Exit, Refusal},
    report::Report,
    taking_back::take_back,
    text::quoted,
};

pub fn run(here: &Path, typed: &cli::Add, report: &mut Report) -> Result<Exit> {
    let mut roots = project::projects_around(here);
    let Some(kept) = roots
        .find_map(|root| Kept::last(root).transpose())
        .transpose()?
    else {
        return Err(Refusal::failed("there is no addition to take back here")
            .hint("only what `mcp-auth add` did in this copy of the project can be taken back: its record is not committed")
            .into());
    };
    kept.ensure_is(Deed::Addition)?;
    ensure_is_here(&kept, here)?;
    let asks = !typed.yes && !typed.json;
    take_back(&kept, typed.dry_run, asks, report, |_| {})
}

/// # Errors
/// A `Refusal` if somebody in one package would take back what was added to another.
fn ensure_is_here(kept: &Kept<'_>, here: &Path) -> Result<()> {
    let package = project::projects_around(here).next().unwrap_or(here);
    let inside = project::inside(kept.root, package).unwrap_or_default();
    if inside.is_empty() || kept.reaches(&inside) {
        return Ok(());
    }
    let place = shown(&kept.root.join(kept.package()))?;
    let what = format!(
        "the last addition is in {}, not in {}",
        place.display(),
        shown(package)?.display()
    );
    let path = quoted(&place.to_string_lossy());
    let hint = format!("to take that one back: mcp-auth add {path} --undo");
    Err(Refusal::failed(what).hint(hint).into())
}

fn shown(folder: &Path) -> Result<PathBuf> {
    let shown = project::from_here(folder)?;
    Ok(match shown.as_os_str().is_empty() {
        true => PathBuf::from("."),
        false => shown,
    })
}
