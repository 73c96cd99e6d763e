//! What the package needs for it: axum 0.8 of its own, and an rmcp as it was published.
//! Pure.

use semver::{Version, VersionReq};

use crate::{
    existing::package::{Dependency, Package},
    refusal::Problem,
};

/// Older ones lack what the added files are written in.
pub fn edition(package: &Package) -> Option<Problem> {
    let Package {
        manifest, edition, ..
    } = package;
    matches!(edition.as_str(), "2015" | "2018").then(|| {
        Problem::new(format!(
            "{manifest} has edition {edition}, and 2021 is needed"
        ))
        .hint(format!("cargo fix --edition --package {}", package.name))
    })
}

/// axum must be shared, as its types are: 0.8, declared by the package itself.
pub fn axum(package: &Package) -> Option<Problem> {
    let Package { name, manifest, .. } = package;
    let own: Vec<&Dependency> = package.normal("axum").collect();
    if own.is_empty() {
        return Some(
            Problem::new(format!("{manifest} has no axum among its dependencies"))
                .hint(format!("cargo add --package {name} axum@0.8")),
        );
    }
    if own.iter().any(|axum| is_0_8(axum)) {
        return None;
    }
    let axum = own[0];
    Some(
        Problem::new(format!("{manifest} has axum {}, and 0.8 is needed", shown(axum))).hint(format!(
            "upgrade it (https://github.com/tokio-rs/axum/blob/main/axum/CHANGELOG.md): cargo add --package {name} axum@0.8"
        )),
    )
}

fn is_0_8(axum: &Dependency) -> bool {
    match axum.locked.as_deref().map(Version::parse) {
        Some(Ok(locked)) => (locked.major, locked.minor) == (0, 8),
        _ => VersionReq::parse(&axum.requirement).is_ok_and(|requirement| {
            [0, 99]
                .iter()
                .any(|patch| requirement.matches(&Version::new(0, 8, *patch)))
        }),
    }
}

/// Somebody's own rmcp may be anything.
pub fn rmcp(package: &Package, rmcp: &Dependency) -> Option<Problem> {
    (!rmcp.is_published).then(|| {
        Problem::new(format!(
            "{} has an rmcp of its own (a path, git or `[patch]`), which may differ from the published one",
            package.manifest
        ))
        .hint(
            "`--force` goes on all the same: whether it compiles is checked, and everything is taken back if not",
        )
    })
}

/// The locked version, else the requirement.
pub fn shown(dependency: &Dependency) -> String {
    let requirement = dependency.requirement.trim_start_matches(['^', '=', '~']);
    dependency
        .locked
        .as_deref()
        .unwrap_or(requirement)
        .to_owned()
}

/// Whether the version may be `major.minor` or later; unknown means no.
pub fn is_at_least(dependency: &Dependency, major: u64, minor: u64) -> bool {
    let shown = shown(dependency);
    let mut parts = shown.split('.').map(|part| part.parse::<u64>());
    match (parts.next(), parts.next()) {
        (Some(Ok(found)), Some(Ok(part))) => (found, part) >= (major, minor),
        (Some(Ok(found)), None) => found > major,
        _ => false,
    }
}
