//! Remembers verified tokens for a short time, so that a client's second request costs a hash and a look-up.
//! Keeps only hashes of tokens, and only good ones: refusals are never remembered.

use std::{
    collections::HashMap,
    sync::{PoisonError, RwLock},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use aws_lc_rs::digest;

use super::identity::Identity;

/// About two kilobytes each, most of it claims: ten megabytes at most.
const MAX_ENTRIES: usize = 5_000;

/// The SHA-256 of an era and a token.
pub type Hash = [u8; 32];

/// Verified tokens, by their hash.
pub struct TokenCache {
    longest: Duration,
    entries: RwLock<HashMap<Hash, Entry>>,
}

struct Entry {
    caller: Identity,
    until: u64,
}

impl TokenCache {
    /// A cache that remembers a token for `longest` at most.
    pub fn new(longest: Duration) -> Self {
        Self {
            longest,
            entries: RwLock::default(),
        }
    }

    /// The caller of a token that was verified recently and has not expired.
    pub fn get(&self, token: &Hash) -> Option<Identity> {
        let entries = self.entries.read().unwrap_or_else(PoisonError::into_inner);
        let entry = entries.get(token)?;
        (now() < entry.until).then(|| entry.caller.clone())
    }

    /// Remembers a verified token until `expiry` (Unix seconds), or for the longest time.
    pub fn put(&self, token: Hash, caller: &Identity, expiry: u64) {
        let now = now();
        let until = expiry.min(now + self.longest.as_secs());
        let mut entries = self.entries.write().unwrap_or_else(PoisonError::into_inner);
        if entries.len() >= MAX_ENTRIES {
            entries.retain(|_, entry| now < entry.until);
        }
        if entries.len() >= MAX_ENTRIES {
            entries.clear();
        }
        entries.insert(
            token,
            Entry {
                caller: caller.clone(),
                until,
            },
        );
    }
}

/// The hash of a token, valid for one `era`: what was remembered in another is not found again.
pub fn hash(token: &str, era: u64) -> Hash {
    let mut context = digest::Context::new(&digest::SHA256);
    context.update(&era.to_be_bytes());
    context.update(token.as_bytes());
    let mut hash = [0; 32];
    hash.copy_from_slice(context.finish().as_ref());
    hash
}

/// Seconds since 1970.
pub fn now() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default()
        .as_secs()
}
