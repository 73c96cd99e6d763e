//! `AUTH_CLIENTS_FILE`: the clients that the owner of this server enters, in TOML. Reads that file, once, and tells all
//! that is wrong with it.

use std::fs;

use serde::Deserialize;

use super::{Client, Origin};
use crate::auth::oauth::redirects;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    client: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    id: String,
    name: String,
    redirect_uris: Vec<String>,
    secret_sha256: Option<String>,
    scopes: Option<Vec<String>>,
}

/// The clients of the file.
///
/// # Errors
/// Everything that is wrong with it, each as the end of a sentence that begins with its path.
pub fn read(path: &str, own: &str) -> Result<Vec<Client>, Vec<String>> {
    let text =
        fs::read_to_string(path).map_err(|error| vec![format!("cannot be read: {error}")])?;
    // The whole message would quote the line, which may hold a secret.
    let file: File = toml::from_str(&text).map_err(|error| {
        let before = error.span().and_then(|span| text.get(..span.start));
        let line = before.unwrap_or_default().matches('\n').count() + 1;
        vec![format!("is not right in line {line}: {}", error.message())]
    })?;
    let (mut clients, mut problems) = (Vec::<Client>::new(), Vec::new());
    for entry in file.client {
        let mut wrong = wrong_with(&entry, own);
        if clients.iter().any(|client| client.id == entry.id) {
            wrong.push("id stands in it twice".to_owned());
        }
        let id = &entry.id;
        problems.extend(
            wrong
                .iter()
                .map(|why| format!("has a client `{id}` whose {why}")),
        );
        clients.push(entry.into());
    }
    if problems.is_empty() {
        Ok(clients)
    } else {
        Err(problems)
    }
}

fn wrong_with(entry: &Entry, own: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    if entry.id.trim().is_empty() {
        wrong.push("id is missing".to_owned());
    }
    if entry.name.trim().is_empty() {
        wrong.push("name is missing".to_owned());
    }
    if entry.redirect_uris.is_empty() {
        wrong.push("redirect_uris are missing".to_owned());
    }
    for uri in &entry.redirect_uris {
        if let Err(why) = redirects::ensure_acceptable(uri, own) {
            wrong.push(format!("redirect URI `{uri}` {why}"));
        }
    }
    if matches!(entry.secret_sha256.as_deref().map(from_hex), Some(None)) {
        wrong.push("secret_sha256 is not 64 hexadecimal digits".to_owned());
    }
    wrong
}

impl From<Entry> for Client {
    fn from(entry: Entry) -> Self {
        Self {
            id: entry.id,
            name: entry.name,
            redirect_uris: entry.redirect_uris,
            origin: Origin::File,
            secret: entry.secret_sha256.as_deref().and_then(from_hex),
            scopes: entry.scopes.map(|scopes| scopes.into_iter().collect()),
        }
    }
}

fn from_hex(text: &str) -> Option<[u8; 32]> {
    let mut hash = [0; 32];
    if text.len() != 64 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    for (index, byte) in hash.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(2 * index..2 * index + 2)?, 16).ok()?;
    }
    Some(hash)
}
