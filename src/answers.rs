//! What is meant: every answer is a closed enum or a newtype that cannot hold a wrong value.
//! Pure: knows neither the terminal nor the disk.

mod name;
mod text;

pub use name::ProjectName;
pub use text::{Description, Port, Scope, parse_scopes};

use std::collections::BTreeSet;

use serde::Deserialize;

use crate::catalog::{AuthName, PresetName};

/// Everything `plan` needs to know; nothing is left open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answers {
    pub name: ProjectName,
    pub description: Description,
    pub auth: AuthName,
    pub preset: PresetName,
    pub scopes: Vec<Scope>,
    pub port: Port,
    pub extras: BTreeSet<Extra>,
}

/// The ways of authentication that the program brings; templates of a person's own may have others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, clap::ValueEnum)]
pub enum Auth {
    /// Verify the tokens of an existing authorization server
    Jwt,
    /// Log people in with GitHub
    Github,
    /// Log people in with Google
    Google,
    /// Log people in with any OAuth 2 or OpenID Connect provider
    Proxy,
    /// Verify tokens with a function of your own
    Custom,
}

impl Auth {
    pub const ALL: [Self; 5] = [
        Self::Jwt,
        Self::Github,
        Self::Google,
        Self::Proxy,
        Self::Custom,
    ];

    /// The one name: flag value, catalog entry, `templates/rust/auth-<name>`, `snapshots/<name>`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Jwt => "jwt",
            Self::Github => "github",
            Self::Google => "google",
            Self::Proxy => "proxy",
            Self::Custom => "custom",
        }
    }
}

/// What a project may have besides the server itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Extra {
    /// A GitHub workflow that formats, lints and tests
    Ci,
    /// A Dockerfile for a small image that does not run as root
    Docker,
    /// `git init` in the new project
    Git,
}

impl Extra {
    pub const ALL: [Self; 3] = [Self::Ci, Self::Docker, Self::Git];

    pub fn name(self) -> &'static str {
        match self {
            Self::Ci => "ci",
            Self::Docker => "docker",
            Self::Git => "git",
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::ValueEnum;

    use super::*;

    #[test]
    fn the_flag_value_is_the_one_name_everywhere() {
        for auth in Auth::ALL {
            assert_eq!(auth.to_possible_value().unwrap().get_name(), auth.name());
        }
        for extra in Extra::ALL {
            assert_eq!(extra.to_possible_value().unwrap().get_name(), extra.name());
        }
        assert_eq!(Auth::value_variants(), Auth::ALL);
        assert_eq!(Extra::value_variants(), Extra::ALL);
    }
}
