//! A path inside a project: `/` between its parts, no way to leave the root, no way into `.git`.
//! Pure.

use std::{fmt, path::PathBuf, str::FromStr};

use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(try_from = "String")]
pub struct RelativePath(String);

impl RelativePath {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The same path as the operating system writes it.
    pub fn native(&self) -> PathBuf {
        self.0.split('/').collect()
    }

    /// The folders above it, outermost first: `a/b/c` has `a` and `a/b`.
    pub fn parents(&self) -> impl Iterator<Item = Self> {
        self.0
            .match_indices('/')
            .map(|(at, _)| Self(self.0[..at].to_owned()))
    }
}

impl FromStr for RelativePath {
    type Err = String;

    fn from_str(path: &str) -> Result<Self, String> {
        let odd = |c: char| c.is_control() || matches!(c, '\\' | ':');
        let escapes =
            |part: &str| matches!(part, "" | "." | "..") || part.eq_ignore_ascii_case(".git");
        if path.contains(odd) || path.split('/').any(escapes) {
            return Err(format!(
                "`{}` is not a path inside a project",
                path.escape_debug()
            ));
        }
        Ok(Self(path.to_owned()))
    }
}

impl TryFrom<String> for RelativePath {
    type Error = String;

    fn try_from(path: String) -> Result<Self, String> {
        path.parse()
    }
}

impl fmt::Display for RelativePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cannot_leave_the_project() {
        for bad in [
            "",
            "/etc/passwd",
            "..",
            "a/../b",
            "./a",
            "a//b",
            "a/",
            "C:\\x",
            "a\\b",
            ".git/hooks/x",
            "a\0",
            ".GIT/x",
        ] {
            assert!(bad.parse::<RelativePath>().is_err(), "{bad:?}");
        }
    }

    #[test]
    fn knows_the_folders_above_it() {
        let path: RelativePath = ".github/workflows/ci.yml".parse().unwrap();
        let parents: Vec<String> = path.parents().map(|parent| parent.to_string()).collect();
        assert_eq!(parents, [".github", ".github/workflows"]);
    }
}
