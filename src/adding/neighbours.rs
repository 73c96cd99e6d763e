//! What the server has besides MCP that meets the login pages: routes of the same names, and how it is served.
//! Pure. Only where this server lets people log in itself.

use anyhow::Result;

use crate::{
    answers::Answers,
    catalog::Catalog,
    existing::{
        code::{lines_with, lines_with_route},
        modules::SourceFile,
        mounts::ByHand,
        site::Site,
    },
    refusal::{Exit, Problem, Refusal},
};

/// The layer that has them.
const LAYER: &str = "oauth";
const ROUTES: [&str; 8] = [
    "/authorize",
    "/consent",
    "/auth/callback",
    "/register",
    "/token",
    "/revoke",
    "/.well-known/oauth-authorization-server",
    "/.well-known/openid-configuration",
];
const SERVED: &str = "into_make_service_with_connect_info";

/// Whether people log in here, with these answers.
pub fn has_logins(answers: &Answers, catalog: &Catalog) -> Result<bool> {
    let layers = &catalog.auth(&answers.auth)?.layers;
    Ok(layers.iter().any(|layer| layer == LAYER))
}

/// Routes that axum would find twice when the server starts, as notes if `force` is given.
///
/// # Errors
/// A `Refusal` with all of them.
pub fn routes(site: &Site, force: bool) -> Result<Vec<String>> {
    let mut clashes = Vec::new();
    for file in others(site) {
        for path in ROUTES {
            let lines = lines_with_route(&file.text, path).into_iter();
            clashes.extend(lines.map(|line| {
                format!(
                    "{}:{line} has the route `{path}`, which the login needs",
                    file.path
                )
            }));
        }
    }
    if force || clashes.is_empty() {
        return Ok(clashes);
    }
    let problems = clashes.into_iter().map(Problem::new).collect();
    Err(Refusal::many(Exit::Failed, problems).hint(
        "axum ends a server that has a route twice: rename it and run again; `--force` goes on if it is nested under another path",
    ).into())
}

/// Callers are told apart by their addresses, which axum gives only if it is asked for them.
pub fn addresses(site: &Site) -> Option<ByHand> {
    let files: Vec<&SourceFile> = others(site).collect();
    if files.iter().any(|file| file.text.contains(SERVED)) {
        return None;
    }
    let found = |what: &dyn Fn(&SourceFile) -> Option<usize>| {
        let mut files = files.iter();
        files.find_map(|file| Some((file.path.clone(), what(file)?)))
    };
    let made = |file: &SourceFile| {
        lines_with(&file.text, &["into_make_service"])
            .into_iter()
            .next()
    };
    let served = |file: &SourceFile| {
        let text = |line: &usize| file.text.lines().nth(line - 1).unwrap_or_default();
        let mut lines = lines_with(&file.text, &["serve"]).into_iter();
        lines.find(|line| {
            text(line).contains("axum::serve(") || text(line).trim().starts_with("serve(")
        })
    };
    let mount = || {
        site.mounts
            .first()
            .map(|mount| (mount.file.clone(), mount.line))
    };
    let call = format!("{SERVED}::<std::net::SocketAddr>()");
    let ((file, line), step) = match found(&made) {
        Some(place) => (place, format!("instead of `into_make_service()`: {call}")),
        None => (
            found(&served).or_else(mount)?,
            format!("axum::serve(listener, app.{call})"),
        ),
    };
    Some(ByHand {
        file,
        line,
        why: "the limits per address need the callers' addresses: without them all callers share one limit, unless a proxy names them"
            .to_owned(),
        steps: vec![step],
    })
}

/// Without what was added.
fn others(site: &Site) -> impl Iterator<Item = &SourceFile> {
    let is_own = |file: &&SourceFile| file.module.first() == Some(&site.module);
    site.sources.files.iter().filter(move |file| !is_own(file))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::templates::TemplateSet;

    #[test]
    fn all_routes_of_the_login_are_known() {
        let templates = TemplateSet::embedded().unwrap();
        let composition = templates.compose(&[LAYER]).unwrap();
        assert!(!composition.outputs.is_empty());
        let text = include_str!("../../templates/rust/oauth/src/auth/oauth.rs");
        let quoted = text.split('"').skip(1).step_by(2);
        let routes: Vec<&str> = quoted.filter(|it| it.starts_with('/')).collect();
        assert!(routes.len() >= 6, "{routes:?}");
        for route in routes {
            assert!(ROUTES.contains(&route), "{route}");
        }
    }
}
