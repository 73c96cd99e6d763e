//! What a person should know or do, whatever is edited.
//! Pure.

use crate::existing::{
    code,
    mounts::{ByHand, Mount},
    package::{CrateKind, Dependency, Package, Workspace},
};

use super::{choice::Choice, look, requirement};

/// Steps for a person.
pub fn steps(choice: &Choice<'_>) -> Vec<ByHand> {
    hosts(choice).into_iter().collect()
}

/// Since 1.4 rmcp answers 403 where the request names another host than localhost, unless it is told the hosts.
fn hosts(choice: &Choice<'_>) -> Option<ByHand> {
    let files = &choice.krate.sources.files;
    let others = look::without_own(choice.look.files());
    let is_decided = others
        .iter()
        .any(|file| file.text.contains("allowed_hosts"));
    if is_decided || !requirement::is_at_least(choice.look.rmcp, 1, 4) {
        return None;
    }
    let at = |word: &'static str| {
        files.iter().find_map(|file| {
            let line = *code::lines_with(&file.text, &[word]).first()?;
            Some((file.path.clone(), line))
        })
    };
    let (file, line, what) = match at("StreamableHttpServerConfig") {
        Some((file, line)) => (file, line, "and have the configuration say"),
        None => {
            let (file, line) = at("StreamableHttpService")?;
            (file, line, "and give it as its last argument")
        }
    };
    Some(ByHand {
        file,
        line,
        why: "rmcp refuses requests to other hosts than localhost unless it is told the server's"
            .into(),
        steps: vec![
            format!(
                "move the line with `from_env_or_exit` above this, {what} (`auth` is that line's variable):"
            ),
            "StreamableHttpServerConfig::default().with_allowed_hosts(auth.allowed_hosts())".into(),
        ],
    })
}

/// Sentences.
pub fn notes(workspace: &Workspace, choice: &Choice<'_>) -> Vec<String> {
    let mut notes = Vec::new();
    notes.extend(programs(workspace, choice));
    notes.extend(choice.mounts.iter().filter_map(leaving));
    notes.extend(left_open(choice));
    notes.extend(cors(choice));
    notes.dedup();
    notes
}

/// A library's mounts are those of every program that uses it.
fn programs(workspace: &Workspace, choice: &Choice<'_>) -> Option<String> {
    let root = &choice.krate.sources.root;
    if root.kind != CrateKind::Library {
        return None;
    }
    let own = choice.look.crates.iter().filter(|it| {
        it.sources.root.kind == CrateKind::Binary
            && it
                .sources
                .files
                .iter()
                .any(|file| file.text.contains(&root.name))
    });
    let own = own.map(|it| it.sources.root.name.clone());
    let others = workspace.packages.iter().filter(|package| {
        let mut uses = package.normal(&choice.look.package.name);
        uses.any(|dependency: &Dependency| !dependency.is_published)
    });
    let others = others.flat_map(binaries);
    let mut names: Vec<String> = own.chain(others).collect();
    names.dedup();
    (names.len() > 1).then(|| {
        format!(
            "the mount is in the library {}: every program that serves it gets authentication: {}",
            root.file,
            names.join(", ")
        )
    })
}

fn binaries(package: &Package) -> impl Iterator<Item = String> {
    let binaries = package
        .crates
        .iter()
        .filter(|root| root.kind == CrateKind::Binary);
    binaries.map(|root| root.name.clone())
}

fn leaving(mount: &Mount) -> Option<String> {
    mount.leaves_function.then(|| {
        format!(
            "{}:{} the router leaves `{}`: if it is nested under a path elsewhere, merge `auth.routes()` into the \
             outermost router instead, so that `/.well-known/oauth-protected-resource` is at the root",
            mount.file, mount.line, mount.function
        )
    })
}

/// Our checks come first.
fn cors(choice: &Choice<'_>) -> Option<String> {
    let files = look::without_own(choice.krate.sources.files.iter());
    files.into_iter().find_map(|file| {
        let line = *code::lines_with(&file.text, &["CorsLayer"]).first()?;
        Some(format!(
            "{}:{line} web pages of other origins are refused until ALLOWED_ORIGINS names them, whatever the `CorsLayer` allows",
            file.path
        ))
    })
}

/// Mounts that `--at` did not name.
fn left_open(choice: &Choice<'_>) -> Vec<String> {
    let all = choice.krate.mounts.iter();
    all.filter(|mount| !choice.mounts.contains(mount))
        .map(|mount| {
            format!(
                "{}:{} stays open, as `--at` does not name it",
                mount.file, mount.line
            )
        })
        .collect()
}
