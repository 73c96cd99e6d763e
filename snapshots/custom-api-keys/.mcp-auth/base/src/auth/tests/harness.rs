//! What the shared tests need to know of this option: its settings, and how to get a good token.

use aws_lc_rs::digest::{SHA256, digest};

/// The callers of the shared tests.
const CALLERS: [(&str, &str); 5] = [
    ("alice", ""),
    ("alice", "mcp:tools"),
    ("alice", "mcp:admin"),
    ("alice", "mcp:tools mcp:admin"),
    ("bob", "mcp:tools"),
];

/// Settings under which `token` makes good tokens.
pub async fn settings() -> Vec<(String, String)> {
    let keys: Vec<_> = CALLERS
        .iter()
        .map(|(subject, scopes)| entry(subject, &token(subject, scopes), scopes))
        .collect();
    vec![("API_KEYS".to_owned(), keys.join(" "))]
}

/// A good token for one of the callers.
pub fn token(subject: &str, scopes: &str) -> String {
    assert!(
        CALLERS.contains(&(subject, scopes)),
        "add this caller to CALLERS"
    );
    format!("key-of-{subject}-for-{}", scopes.replace([' ', ':'], "-"))
}

/// One entry of `API_KEYS`.
pub fn entry(owner: &str, key: &str, scopes: &str) -> String {
    let hash = digest(&SHA256, key.as_bytes());
    let hash: String = hash
        .as_ref()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    format!("{owner}:{hash}:{}", scopes.replace(' ', ","))
}

/// What this server calls the person with this name in a token.
pub fn subject(name: &str) -> String {
    name.to_owned()
}
