//! `Cargo.lock`: which version of a dependency a package is built with.
//! Pure.

use anyhow::{Context, Result};
use semver::{Version, VersionReq};
use serde::Deserialize;

#[derive(Debug, Default, Deserialize)]
pub struct Lock {
    #[serde(default, rename = "package")]
    packages: Vec<Locked>,
}

#[derive(Debug, Deserialize)]
pub struct Locked {
    name: String,
    pub version: Version,
    /// Absent for a path.
    source: Option<String>,
    /// `name`, or `name version` where the lock file has several of that name.
    #[serde(default)]
    dependencies: Vec<String>,
}

impl Lock {
    pub fn parse(text: &str) -> Result<Self> {
        toml_edit::de::from_str(text).context("cannot read Cargo.lock")
    }

    /// What `package` is built with as `name`: the one version that fits, or the one that the lock file lists for it.
    pub fn resolved(&self, package: &str, name: &str, requirement: &VersionReq) -> Option<&Locked> {
        let fitting: Vec<&Locked> = self
            .packages
            .iter()
            .filter(|locked| locked.name == name && requirement.matches(&locked.version))
            .collect();
        match fitting[..] {
            [only] => Some(only),
            _ => self.listed(package, &fitting),
        }
    }

    fn listed<'a>(&self, package: &str, fitting: &[&'a Locked]) -> Option<&'a Locked> {
        let own = self
            .packages
            .iter()
            .find(|locked| locked.name == package && locked.source.is_none())?;
        let is_listed = |locked: &Locked| {
            let entry = format!("{} {}", locked.name, locked.version);
            own.dependencies
                .iter()
                .any(|listed| *listed == entry || listed.starts_with(&format!("{entry} ")))
        };
        let mut listed = fitting.iter().filter(|locked| is_listed(locked));
        match (listed.next(), listed.next()) {
            (Some(only), None) => Some(only),
            _ => None,
        }
    }
}

impl Locked {
    pub fn is_published(&self) -> bool {
        is_registry(self.source.as_deref())
    }
}

/// A source as cargo writes it: `registry+https://...`, `sparse+https://...`, `git+https://...`, or none for a path.
pub fn is_registry(source: Option<&str>) -> bool {
    source.is_some_and(|source| source.starts_with("registry+") || source.starts_with("sparse+"))
}
