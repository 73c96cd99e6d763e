//! Remembers verified tokens for a short time, so that a client's second request costs a hash and a look-up.
//! Keeps only hashes of tokens, and only good ones: refusals are never remembered.

use std::{
    collections::HashMap,
    sync::{PoisonError, RwLock},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use aws_lc_rs::digest;

use super::identity::Identity;

/// About 300 bytes each: three megabytes at most.
const MAX_ENTRIES: usize = 10_000;

/// The SHA-256 of a token.
pub type Hash = [u8; 32];

/// Verified tokens, by their hash.
pub struct TokenCache {
    longest: Duration,
    entries: RwLock<Entries>,
}

#[derive(Default)]
struct Entries {
    by_token: HashMap<Hash, Entry>,
    era: u64,
}

struct Entry {
    caller: Identity,
    until: u64,
}

impl TokenCache {
    /// A cache that remembers a token for `longest` at most.
    pub fn new(longest: Duration) -> Self {
        Self { longest, entries: RwLock::default() }
    }

    /// The caller of a token that was verified recently and has not expired.
    pub fn get(&self, token: &Hash) -> Option<Identity> {
        let entries = self.entries.read().unwrap_or_else(PoisonError::into_inner);
        let entry = entries.by_token.get(token)?;
        (now() < entry.until).then(|| entry.caller.clone())
    }

    /// Counts the calls of [`clear`](Self::clear). Take it before verifying a token, give it to `put`.
    pub fn era(&self) -> u64 {
        self.entries.read().unwrap_or_else(PoisonError::into_inner).era
    }

    /// Remembers a verified token until `expiry` (Unix seconds) or for the longest time.
    ///
    /// Does nothing if the cache was cleared since `era`: the token may be one that was meant.
    pub fn put(&self, token: Hash, caller: &Identity, expiry: u64, era: u64) {
        let now = now();
        let until = expiry.min(now + self.longest.as_secs());
        let mut entries = self.entries.write().unwrap_or_else(PoisonError::into_inner);
        if entries.era != era {
            return;
        }
        if entries.by_token.len() >= MAX_ENTRIES {
            entries.by_token.retain(|_, entry| now < entry.until);
        }
        if entries.by_token.len() >= MAX_ENTRIES {
            entries.by_token.clear();
        }
        entries.by_token.insert(token, Entry { caller: caller.clone(), until });
    }

    /// Forgets everything, as when a key is withdrawn.
    pub fn clear(&self) {
        let mut entries = self.entries.write().unwrap_or_else(PoisonError::into_inner);
        entries.by_token.clear();
        entries.era += 1;
    }
}

/// The SHA-256 of a token.
pub fn hash(token: &str) -> Hash {
    let mut hash = [0; 32];
    hash.copy_from_slice(digest::digest(&digest::SHA256, token.as_bytes()).as_ref());
    hash
}

/// Seconds since 1970.
pub fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}
