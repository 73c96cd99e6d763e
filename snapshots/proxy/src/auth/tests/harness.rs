//! What the shared tests need to know of this option: a provider that logs alice in, settings that point at it, and
//! tokens that are good under them.

use super::{provider::TestProvider, tokens};

pub use super::tokens::{subject, token};

/// Settings under which `token` makes good tokens, with a provider of its own.
pub async fn settings() -> Vec<(String, String)> {
    let mut settings = tokens::settings();
    settings.extend(TestProvider::start().await.settings());
    settings
}
