//! The site of a server that speaks stdio alone, for `--http`.
//! Reads through `Files`.

use anyhow::Result;

use crate::{
    existing::{
        Files,
        package::Workspace,
        stdio::{self, Stdio},
    },
    refusal::{Exit, Problem, Refusal},
};

use super::{
    Site, Wish, absent, at,
    choice::{self, Choice},
    look::{self, Crate, Look},
    module, requirement, settle,
};

/// Where HTTP is to be served beside stdio.
#[derive(Clone, Debug)]
pub struct StdioSite {
    /// Without mounts.
    pub site: Site,
    pub stdio: Stdio,
    /// The name of the module that serves HTTP: `http`, or `mcp_http` where that is taken.
    pub http: String,
}

/// Finds the only place that serves stdio. If something is served over HTTP, or was made so before, that is for `find`.
pub fn find_stdio(workspace: &Workspace, wish: &Wish, files: &dyn Files) -> Result<StdioSite> {
    let packages = choice::packages(workspace, wish)?;
    let looks = look::look(&packages, files)?;
    let already = served_over_http(&looks);
    if !already.is_empty() {
        return Err(Refusal::many(Exit::Usage, already).into());
    }
    let mut found = places(&looks, wish);
    let place = match (found.pop(), found.is_empty()) {
        (Some(only), true) => only,
        (Some(last), false) => {
            found.push(last);
            return Err(several(&found).into());
        }
        (None, _) if looks.is_empty() => {
            return Err(absent::refusal(workspace, &packages, &looks, files)?.into());
        }
        (None, _) => return Err(nothing(wish).into()),
    };
    let choice = Choice {
        look: place.look,
        krate: place.krate,
        mounts: Vec::new(),
    };
    let problems = obstacles(&choice, wish);
    if !problems.is_empty() {
        return Err(Refusal::many(Exit::Failed, problems).into());
    }
    let (sources, package) = (&choice.krate.sources, choice.look.package);
    Ok(StdioSite {
        http: module::free(["http", "mcp_http"], sources, package, files)?,
        stdio: place.stdio,
        site: settle(workspace, choice, false, files)?,
    })
}

struct Place<'a> {
    look: &'a Look<'a>,
    krate: &'a Crate,
    stdio: Stdio,
}

fn served_over_http(looks: &[Look<'_>]) -> Vec<Problem> {
    let crates = looks.iter().flat_map(|look| &look.crates);
    let places = crates.flat_map(|it| {
        let mounts = it.mounts.iter().map(|mount| (&mount.file, mount.line));
        let by_hand = it.by_hand.iter().map(|place| (&place.file, place.line));
        let wired = it.wired.iter().map(|place| (&place.file, place.line));
        mounts.chain(by_hand).chain(wired)
    });
    places
        .map(|(file, line)| {
            Problem::new(format!("{file}:{line} serves MCP over HTTP already"))
                .hint("run this again without `--http`")
        })
        .collect()
}

fn places<'a>(looks: &'a [Look<'a>], wish: &Wish) -> Vec<Place<'a>> {
    let crates = looks
        .iter()
        .flat_map(|look| look.crates.iter().map(move |krate| (look, krate)));
    let all = crates.flat_map(|(look, krate)| {
        let found = stdio::find(&krate.relevant).into_iter();
        found.map(move |stdio| Place { look, krate, stdio })
    });
    let all: Vec<Place<'a>> = all.collect();
    let known = all.iter().map(|it| (&it.stdio.file, it.stdio.line));
    let known: Vec<at::Place<'_>> = known.collect();
    let (named, _) = at::named(&known, wish);
    let is_meant: Vec<bool> = known
        .iter()
        .map(|place| wish.at.is_empty() || named.contains(place))
        .collect();
    let meant = all
        .into_iter()
        .zip(is_meant)
        .filter(|(_, is_meant)| *is_meant);
    meant.map(|(place, _)| place).collect()
}

fn nothing(wish: &Wish) -> Refusal {
    let at = match wish.at.as_slice() {
        [] => String::new(),
        at => format!(" at {}", at.join(", ")),
    };
    Refusal::failed(format!("no call such as `.serve(stdio())` was found{at}")).hint(absent::MOUNT)
}

fn several(places: &[Place<'_>]) -> Refusal {
    let mut lines = vec!["choose one with `--at FILE:LINE`:".to_owned()];
    for Place { look, stdio, .. } in places {
        let name = &look.package.name;
        lines.push(format!("  {}:{}  in `{name}`", stdio.file, stdio.line));
    }
    Refusal::usage("MCP is served over stdio in several places").hint(lines.join("\n"))
}

/// axum is added where it is missing.
fn obstacles(choice: &Choice<'_>, wish: &Wish) -> Vec<Problem> {
    let Choice { look, krate, .. } = choice;
    let mut problems = Vec::new();
    if !wish.force {
        problems.extend(requirement::rmcp(look.package, look.rmcp));
    }
    if look.package.depends_on("axum") {
        problems.extend(requirement::axum(look.package));
    }
    problems.extend(requirement::edition(look.package));
    problems.extend(module::homeless(&krate.sources));
    problems
}
