//! What the provider for trials plays here, and the settings that point a server at it.

/// Whom it stands in for.
pub const PLAYED: &str = "Google";
/// What access tokens begin with.
pub const PREFIX: &str = "ya29.";
/// The scopes that its metadata names.
pub const SCOPES: [&str; 3] = ["openid", "profile", "email"];

/// The settings, with a rule that lets alice in, but not bob.
pub fn of(base: &str) -> Vec<(&'static str, String)> {
    vec![
        ("GOOGLE_ISSUER", base.to_owned()),
        ("GOOGLE_ALLOWED_DOMAINS", "example.com".to_owned()),
    ]
}

/// A rule that lets neither of them in.
#[cfg(test)]
pub const NEITHER: (&str, &str) = ("GOOGLE_ALLOWED_DOMAINS", "carol.example");
