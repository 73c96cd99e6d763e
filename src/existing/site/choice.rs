//! Which of the packages and crates is meant: the only one that serves, or the one that was named.
//! Pure.

use crate::{
    existing::{
        mounts::Mount,
        package::{CrateKind, DependencyKind, Package, Workspace},
    },
    refusal::{Exit, Problem, Refusal},
};

use super::{
    Wish, at,
    look::{Crate, Look},
};

/// A crate that serves, and its mounts that are meant.
#[derive(Clone)]
pub struct Choice<'a> {
    pub look: &'a Look<'a>,
    pub krate: &'a Crate,
    pub mounts: Vec<Mount>,
}

/// The packages that may be meant: the named one, that around or those below the named folder, else all that are
/// more than tests of others.
pub fn packages<'a>(workspace: &'a Workspace, wish: &Wish) -> Result<Vec<&'a Package>, Refusal> {
    let all = &workspace.packages;
    if let Some(name) = &wish.package {
        return match all.iter().find(|package| package.name == *name) {
            Some(package) => Ok(vec![package]),
            None => Err(unknown_package(name, all)),
        };
    }
    let candidates = in_folder(all, &wish.folder);
    Ok(match candidates[..] {
        [only] => vec![only],
        _ => candidates
            .into_iter()
            .filter(|package| !is_for_tests(package, workspace))
            .collect(),
    })
}

/// The package around the folder, those below it, or the one at the root.
fn in_folder<'a>(all: &'a [Package], folder: &str) -> Vec<&'a Package> {
    let around = all
        .iter()
        .filter(|package| !package.folder.is_empty() && folder.starts_with(&package.folder))
        .max_by_key(|package| package.folder.len());
    let below = || {
        all.iter()
            .filter(|package| package.folder.starts_with(folder))
    };
    let at_root = || all.iter().filter(|package| package.folder.is_empty());
    match around {
        Some(package) => vec![package],
        None if below().next().is_some() => below().collect(),
        None if at_root().next().is_some() => at_root().collect(),
        None => all.iter().collect(),
    }
}

fn unknown_package(name: &str, all: &[Package]) -> Refusal {
    let names: Vec<&str> = all.iter().map(|package| package.name.as_str()).collect();
    Refusal::usage(format!("no package is called `{name}`"))
        .hint(format!("one of: {}", names.join(", ")))
}

/// A member that only tests others: it lies in a folder of tests, or others have it for their tests only.
pub fn is_for_tests(package: &Package, workspace: &Workspace) -> bool {
    let in_test_folder = package
        .folder
        .split('/')
        .any(|part| matches!(part, "tests" | "test" | "benches" | "examples"));
    let uses: Vec<DependencyKind> = workspace
        .packages
        .iter()
        .flat_map(|other| &other.dependencies)
        .filter(|dependency| dependency.package == package.name && !dependency.is_published)
        .map(|dependency| dependency.kind)
        .collect();
    let is_named_so = package.name.ends_with("-tests") || package.name.ends_with("_tests");
    // a program may be started by the tests of another
    let is_program = package
        .crates
        .iter()
        .any(|root| root.kind == CrateKind::Binary);
    let is_dev_only =
        !is_program && !uses.is_empty() && uses.iter().all(|kind| *kind == DependencyKind::Dev);
    in_test_folder || is_named_so || is_dev_only
}

/// The crate that is meant among those that serve; `None` if none does.
pub fn choose<'a>(looks: &'a [Look<'a>], wish: &Wish) -> Result<Option<Choice<'a>>, Refusal> {
    let all: Vec<Choice<'a>> = looks
        .iter()
        .flat_map(|look| look.crates.iter().map(move |krate| (look, krate)))
        .filter(|(_, krate)| krate.serves())
        .map(|(look, krate)| Choice {
            look,
            krate,
            mounts: krate.mounts.clone(),
        })
        .collect();
    // lines have moved where everything is protected already
    let is_open = all.iter().any(|choice| !choice.mounts.is_empty());
    let meant = match is_open && !wish.at.is_empty() {
        true => at(&all, wish)?,
        false => all,
    };
    let Some(first) = meant.first() else {
        return Ok(None);
    };
    let others = &meant[1..];
    if others.is_empty() || !is_open {
        return Ok(Some(first.clone()));
    }
    let is_elsewhere = |other: &Choice<'_>| other.look.package.name != first.look.package.name;
    if others.iter().any(is_elsewhere) {
        return Err(several_packages(&meant));
    }
    match shared_file(&meant) {
        Some(refusal) => Err(refusal),
        None => Err(several_crates(&meant)),
    }
}

/// Only the mounts that `--at` names; each must be one.
fn at<'a>(all: &[Choice<'a>], wish: &Wish) -> Result<Vec<Choice<'a>>, Refusal> {
    let krates = all.iter().map(|choice| choice.krate);
    let mounts = krates.flat_map(|krate| &krate.mounts);
    let places: Vec<at::Place<'a>> = mounts.map(|mount| (&mount.file, mount.line)).collect();
    let (named, unknown) = at::named(&places, wish);
    if !unknown.is_empty() {
        let problems = unknown
            .iter()
            .map(|at| Problem::new(format!("no mount is at {at}")))
            .collect();
        return Err(Refusal::many(Exit::Usage, problems).hint(listed("one of these:", all)));
    }
    let meant = all.iter().cloned().map(|mut choice| {
        choice
            .mounts
            .retain(|mount| named.contains(&(&mount.file, mount.line)));
        choice
    });
    Ok(meant.filter(|choice| !choice.mounts.is_empty()).collect())
}

fn several_packages(choices: &[Choice<'_>]) -> Refusal {
    Refusal::usage("several packages serve MCP")
        .hint(listed("choose one with `--package NAME`:", choices))
}

fn several_crates(choices: &[Choice<'_>]) -> Refusal {
    let name = &choices[0].look.package.name;
    Refusal::usage(format!("several programs of `{name}` serve MCP")).hint(listed(
        "choose with `--at FILE:LINE`, one program at a time:",
        choices,
    ))
}

/// One file in two crates, which would each need the module.
fn shared_file(choices: &[Choice<'_>]) -> Option<Refusal> {
    let (first, second) = (&choices[0], choices.get(1)?);
    let mount = first
        .mounts
        .iter()
        .find(|mount| second.mounts.iter().any(|other| other.file == mount.file))?;
    let (one, two) = (&first.krate.sources.root, &second.krate.sources.root);
    let file = second
        .krate
        .sources
        .files
        .iter()
        .find(|file| file.path == mount.file)?;
    let module = file.module.first()?;
    Some(
        Refusal::failed(format!(
            "{}:{} is compiled twice: {} and {} both have `mod {module};`",
            mount.file, mount.line, one.file, two.file
        ))
        .hint(format!(
            "delete `mod {module};` from {} and say `use {}::{module};` there",
            two.file, one.name
        )),
    )
}

fn listed(head: &str, choices: &[Choice<'_>]) -> String {
    let mut lines = vec![head.to_owned()];
    for choice in choices {
        let name = &choice.look.package.name;
        for mount in &choice.mounts {
            lines.push(format!(
                "  {}:{}  {} in `{name}`",
                mount.file, mount.line, mount.call
            ));
        }
        if choice.mounts.is_empty() {
            lines.push(format!(
                "  {}  protected already, in `{name}`",
                choice.krate.sources.root.file
            ));
        }
    }
    lines.join("\n")
}
