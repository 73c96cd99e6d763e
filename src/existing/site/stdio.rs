//! The site of a server that speaks stdio alone, for `--http`.
//! Reads through `Files`.

use anyhow::Result;

use crate::{
    existing::{Files, code, modules::SourceFile, package::Workspace, syntax},
    refusal::{Exit, Problem, Refusal},
};

use super::{
    Site, Wish, absent, at,
    choice::{self, Choice},
    look::{self, Crate, Look},
    module, requirement, settle,
};

/// Where HTTP is to be served beside stdio: a site without mounts.
#[derive(Clone, Debug)]
pub struct StdioSite {
    pub site: Site,
    /// The name of the module that serves HTTP: `http`, or `mcp_http` where that is taken.
    pub http: String,
}

/// Finds the only crate that serves stdio, if nothing is served over HTTP.
pub fn find_stdio(workspace: &Workspace, wish: &Wish, files: &dyn Files) -> Result<StdioSite> {
    let packages = choice::packages(workspace, wish)?;
    let looks = look::look(&packages, files)?;
    let already = served_over_http(&looks);
    if !already.is_empty() {
        return Err(Refusal::many(Exit::Usage, already).into());
    }
    let found = places(&looks, wish);
    let choice = match &found[..] {
        [] => return Err(absent::refusal(workspace, &packages, &looks, files)?.into()),
        [first, others @ ..] if others.iter().all(|other| other.is_beside(first)) => Choice {
            look: first.look,
            krate: first.krate,
            mounts: Vec::new(),
        },
        _ => return Err(several(&found).into()),
    };
    let problems = obstacles(&choice, wish);
    if !problems.is_empty() {
        return Err(Refusal::many(Exit::Failed, problems).into());
    }
    let (sources, package) = (&choice.krate.sources, choice.look.package);
    let http = module::free(["http", "mcp_http"], sources, package, files)?;
    let site = settle(workspace, choice, false, files)?;
    Ok(StdioSite { site, http })
}

/// A line that serves stdio.
struct Place<'a> {
    look: &'a Look<'a>,
    krate: &'a Crate,
    file: &'a SourceFile,
    line: usize,
}

impl Place<'_> {
    /// In the same crate.
    fn is_beside(&self, other: &Self) -> bool {
        self.krate.sources.root == other.krate.sources.root
    }
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
    let places = crates.flat_map(|(look, krate)| {
        krate.sources.files.iter().flat_map(move |file| {
            let lines = serving_lines(&file.text).into_iter();
            lines.map(move |line| Place {
                look,
                krate,
                file,
                line,
            })
        })
    });
    let all: Vec<Place<'a>> = places.collect();
    let known: Vec<at::Place<'a>> = all.iter().map(|it| (&it.file.path, it.line)).collect();
    let (named, _) = at::named(&known, wish);
    let is_meant =
        |place: &Place<'a>| wish.at.is_empty() || named.contains(&(&place.file.path, place.line));
    all.into_iter().filter(is_meant).collect()
}

/// Lines with `serve(stdio())` and its like.
fn serving_lines(text: &str) -> Vec<usize> {
    let mut lines = Vec::new();
    if text.contains("stdio") || text.contains("stdin") {
        let tokens = code::tokens(text).unwrap_or_default();
        code::each_call(tokens, &mut |name, arguments| {
            let is_serve = name.to_string().starts_with("serve");
            if is_serve && code::has_name(arguments.stream(), &["stdio", "stdin"]) {
                lines.push(syntax::line_of(text, name.span()));
            }
        });
    }
    lines
}

fn several(places: &[Place<'_>]) -> Refusal {
    let mut lines = vec!["choose with `--at FILE:LINE`:".to_owned()];
    for place in places {
        let Place {
            look, file, line, ..
        } = place;
        lines.push(format!(
            "  {}:{line}  in `{}`",
            file.path, look.package.name
        ));
    }
    Refusal::usage("several programs serve MCP over stdio").hint(lines.join("\n"))
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
    problems.extend(module::homeless(&krate.sources));
    problems
}
