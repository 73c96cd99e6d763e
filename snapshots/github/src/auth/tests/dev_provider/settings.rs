//! What the provider for trials plays here, and the settings that point a server at it.

/// Whom it stands in for.
pub const PLAYED: &str = "GitHub";

/// The settings, with a rule that lets alice in, but not bob.
pub fn of(base: &str) -> Vec<(&'static str, String)> {
    vec![
        ("GITHUB_URL", base.to_owned()),
        ("GITHUB_API_URL", base.to_owned()),
        ("GITHUB_ALLOWED_USERS", "alice".to_owned()),
    ]
}

/// A rule that lets neither of them in.
#[cfg(test)]
pub const NEITHER: (&str, &str) = ("GITHUB_ALLOWED_USERS", "carol");
