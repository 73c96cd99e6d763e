//! What the shared tests need to know of this option: settings, and tokens that are good under them.

use super::tokens;

pub use super::tokens::{subject, token};

/// Settings under which `token` makes good tokens.
pub async fn settings() -> Vec<(String, String)> {
    let own = [
        ("AUTH_CLIENT_ID", "dev-client"),
        ("AUTH_CLIENT_SECRET", "dev-secret"),
        ("GOOGLE_ISSUER", "http://127.0.0.1:9"), ("GOOGLE_ALLOWED_DOMAINS", "example.com"),
    ];
    let mut settings = tokens::settings();
    settings.extend(own.map(|(name, value)| (name.to_owned(), value.to_owned())));
    settings
}
