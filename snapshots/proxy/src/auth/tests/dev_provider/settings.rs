//! What the provider for trials plays here, and the settings that point a server at it.

/// Whom it stands in for.
pub const PLAYED: &str = "your provider";
/// What access tokens begin with.
pub const PREFIX: &str = "";
/// The scopes that its metadata names.
pub const SCOPES: [&str; 4] = ["openid", "profile", "email", "offline_access"];

/// The settings, with a rule that lets alice in, but not bob.
pub fn of(base: &str) -> Vec<(&'static str, String)> {
    vec![
        ("AUTH_ISSUER", base.to_owned()),
        ("AUTH_ALLOWED_CLAIMS", "groups=staff".to_owned()),
    ]
}

/// A rule that lets neither of them in.
#[cfg(test)]
pub const NEITHER: (&str, &str) = ("AUTH_ALLOWED_CLAIMS", "groups=carol");
