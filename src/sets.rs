//! `mcp-auth templates`: the command's table of contents; and which set the other commands use.
//! Touches nothing itself; each line is another room.

mod check;
mod export;

pub use check::Findings;

use std::path::Path;

use anyhow::Result;

use crate::{
    catalog::Catalog,
    cli,
    project::{self, folder},
    refusal::{Exit, Refusal},
    report::Report,
    templates::{CATALOG, EMBEDDED, Folder, TemplateSet},
};

pub fn run(typed: &cli::Templates, report: &mut Report) -> Result<Exit> {
    match typed {
        cli::Templates::List { templates, .. } => {
            report.template_files(&chosen(templates.as_deref())?)
        }
        cli::Templates::Show { file, templates } => {
            show(file, &chosen(templates.as_deref())?, report)
        }
        cli::Templates::Export { dir } => export::export(dir, report),
        cli::Templates::Check { dir, .. } => {
            let set = from_folder(dir)?;
            report.checked_templates(&set, &check::check(&set))
        }
    }
}

/// What `--templates` says: a folder, or the set in the program by its name.
pub fn chosen(typed: Option<&Path>) -> Result<TemplateSet> {
    match typed {
        None => TemplateSet::embedded(),
        Some(name) if name.as_os_str() == EMBEDDED => TemplateSet::embedded(),
        Some(dir) => from_folder(dir),
    }
}

/// The set that a project is regenerated from: what `--templates` says, else the one that its record names.
///
/// # Errors
/// A `Refusal` if its folder is gone.
pub fn of_project(root: &Path, recorded: &str, typed: Option<&Path>) -> Result<TemplateSet> {
    if typed.is_some() {
        let mut set = chosen(typed)?;
        set.seen_from(root);
        return Ok(set);
    }
    if recorded == EMBEDDED {
        return TemplateSet::embedded();
    }
    let (dir, is_there) = project::folder_seen_from(root, recorded)?;
    if !is_there {
        let what = format!(
            "the templates that this project was made from are not there: {}",
            dir.display()
        );
        return Err(Refusal::failed(what)
            .hint("say where they are: --templates <DIR>\nor take those of the program: --templates embedded")
            .into());
    }
    let mut set = from_folder(&dir)?;
    set.recorded_as(recorded);
    Ok(set)
}

fn from_folder(dir: &Path) -> Result<TemplateSet> {
    // the project's own folder, for whoever is in it
    let is_here = dir.as_os_str().is_empty();
    let dir = if is_here { Path::new(".") } else { dir };
    let texts = folder::read(dir)?;
    if texts.path.to_str().is_none() {
        let what = format!("{} is not UTF-8: no project could name it", dir.display());
        return Err(Refusal::failed(what).into());
    }
    let folder = Folder {
        shown: dir.to_string_lossy().into_owned(),
        path: texts.path,
        is_absolute: dir.is_absolute(),
    };
    Ok(TemplateSet::from_folder(texts.files, folder))
}

/// # Errors
/// A `Refusal` if a person's set is only for new projects.
pub fn ensure_for_add(set: &TemplateSet, catalog: &Catalog) -> Result<()> {
    if catalog.is_for_add() {
        return Ok(());
    }
    let file = set.shown(CATALOG);
    let what = format!("these templates are not made for `add`: [added] in {file} has no layers");
    Err(Refusal::failed(what)
        .hint("use others: --templates <DIR>, or --templates embedded")
        .into())
}

fn show(file: &str, set: &TemplateSet, report: &mut Report) -> Result<Exit> {
    if let Some(text) = set.files().get(file) {
        return report.template(text);
    }
    let name = file.rsplit('/').next().unwrap_or(file);
    let near = set.files().keys().filter(|path| path.contains(name));
    let near: Vec<&str> = near.map(String::as_str).take(5).collect();
    let refusal = Refusal::failed(format!(
        "the templates have no file {}",
        file.escape_debug()
    ));
    Err(match near.is_empty() || name.is_empty() {
        true => refusal.hint("see all of them: mcp-auth templates list"),
        false => refusal.hint(format!("perhaps: {}", near.join(", "))),
    }
    .into())
}
