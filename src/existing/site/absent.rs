//! Why there is no place for authentication, and what to do instead: each reason with where it was seen.
//! Pure.

mod reasons;

pub use reasons::MOUNT;

use anyhow::Result;

use crate::{
    existing::{
        Files, modules,
        mounts::ByHand,
        package::{CrateRoot, DependencyKind, Package, Workspace},
    },
    refusal::{Exit, Problem, Refusal},
};

use super::{choice, look::Look, module, requirement};

/// Other ways to write MCP servers.
const OTHER_KITS: [&str; 7] = [
    "rust-mcp-sdk",
    "turbomcp",
    "pmcp",
    "tower-mcp",
    "mcp-attr",
    "mcp-server",
    "poem-mcpserver",
];
const MOVE: &str = "only servers made with rmcp can be edited; `mcp-auth new NAME` makes one with authentication, \
                    to which the tools can move";

/// All reasons, the most useful first.
pub fn refusal(
    workspace: &Workspace,
    packages: &[&Package],
    looks: &[Look<'_>],
    files: &dyn Files,
) -> Result<Refusal> {
    let mut problems = served_by_hand(looks);
    for look in looks {
        problems.extend(reasons::reasons(look, problems.is_empty()));
    }
    problems.extend(packages.iter().filter_map(|package| other_kit(package)));
    problems.extend(packages.iter().filter_map(|package| dev_only(package)));
    if looks.is_empty() {
        problems.extend(test_members(workspace, packages));
    }
    if problems.is_empty() {
        problems.push(match route_by_hand(packages, files)? {
            Some(at) => reasons::hand_written_at(&at),
            None => no_rmcp(packages),
        });
    }
    Ok(Refusal::many(Exit::Failed, problems))
}

/// What cannot be edited, with the text to paste, and how to get what that text needs.
fn served_by_hand(looks: &[Look<'_>]) -> Vec<Problem> {
    let mut problems = Vec::new();
    for look in looks {
        for it in &look.crates {
            problems.extend(it.by_hand.iter().map(by_hand));
            if !it.by_hand.is_empty() {
                problems.extend(requirement::axum(look.package));
                problems.push(module_by_hand(&it.sources.root));
            }
        }
    }
    problems
}

fn module_by_hand(root: &CrateRoot) -> Problem {
    Problem::new("nothing was changed, so that `crate::auth` is not there yet").hint(format!(
        "`mcp-auth new NAME` writes the same src/auth.rs and src/auth/: copy them to {}, with what its Cargo.toml and \
         .env.example have for them, and declare `mod auth;` in {}",
        module::folder(root),
        root.file
    ))
}

/// `file:line` of a route `/mcp` in a package without rmcp.
fn route_by_hand(packages: &[&Package], files: &dyn Files) -> Result<Option<String>> {
    for package in packages.iter().filter(|package| package.depends_on("axum")) {
        for root in &package.crates {
            let sources = modules::sources(root, files)?;
            if let Some(at) = reasons::first_route(&sources.files) {
                return Ok(Some(at));
            }
        }
    }
    Ok(None)
}

/// What a person has to do, with the text to paste.
fn by_hand(it: &ByHand) -> Problem {
    Problem::new(format!("{}:{} {}", it.file, it.line, it.why)).hint(it.steps.join("\n"))
}

fn other_kit(package: &Package) -> Option<Problem> {
    let kit = OTHER_KITS.iter().find(|kit| package.depends_on(kit))?;
    Some(Problem::new(format!("{} has {kit}, not rmcp", package.manifest)).hint(MOVE))
}

fn dev_only(package: &Package) -> Option<Problem> {
    let mut rmcp = package
        .dependencies
        .iter()
        .filter(|it| it.package == "rmcp");
    let is_dev = !package.depends_on("rmcp") && rmcp.any(|it| it.kind == DependencyKind::Dev);
    is_dev.then(|| {
        Problem::new(format!("{} has rmcp for its tests only", package.manifest))
            .hint("authentication goes into a server; if this is one, move rmcp to [dependencies]")
    })
}

fn test_members(workspace: &Workspace, packages: &[&Package]) -> Vec<Problem> {
    let left_out = workspace.packages.iter().filter(|package| {
        let mut dependencies = package.dependencies.iter();
        dependencies.any(|it| it.package == "rmcp")
            && choice::is_for_tests(package, workspace)
            && !packages.iter().any(|it| it.name == package.name)
    });
    left_out
        .map(|package| {
            Problem::new(format!(
                "{} has rmcp, but is there for tests or as an example",
                package.manifest
            ))
            .hint(format!(
                "if it is the server that is meant: --package {}",
                package.name
            ))
        })
        .collect()
}

fn no_rmcp(packages: &[&Package]) -> Problem {
    let what = match packages {
        [only] => format!("{} does not depend on rmcp", only.manifest),
        _ => "no package here depends on rmcp".to_owned(),
    };
    Problem::new(what).hint(MOVE)
}
