//! Remembers verified tokens for a short time, so that a client's second request costs a hash and a look-up.
//! Keeps only hashes of tokens, and only good ones: refusals are never remembered.

use std::{
    collections::HashMap,
    sync::{PoisonError, RwLock},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use aws_lc_rs::digest;

use super::identity::Identity;

/// How much text about tokens is remembered. In memory it takes several times as much, because
/// claims are kept as values: some twenty megabytes at most.
const MAX_BYTES: usize = 4 * 1024 * 1024;
/// What an entry costs besides its text.
const ENTRY_BYTES: usize = 256;

/// An era, and the SHA-256 of a token.
pub type Hash = (u64, [u8; 32]);

/// Verified tokens, by their hash.
pub struct TokenCache {
    longest: Duration,
    entries: RwLock<Entries>,
}

#[derive(Default)]
struct Entries {
    by_token: HashMap<Hash, Entry>,
    bytes: usize,
}

struct Entry {
    caller: Identity,
    until: u64,
    bytes: usize,
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
        let entry = entries.by_token.get(token)?;
        (now() < entry.until).then(|| entry.caller.clone())
    }

    /// Remembers a verified token until `expiry` (Unix seconds), or for the longest time. `size` is
    /// the length of the text that says who the caller is.
    pub fn put(&self, token: Hash, caller: &Identity, expiry: u64, size: usize) {
        let now = now();
        let entry = Entry {
            caller: caller.clone(),
            until: expiry.min(now + self.longest.as_secs()),
            bytes: size + ENTRY_BYTES,
        };
        let mut entries = self.entries.write().unwrap_or_else(PoisonError::into_inner);
        if entries.bytes + entry.bytes > MAX_BYTES {
            entries.make_room(entry.bytes, now);
        }
        entries.bytes += entry.bytes;
        if let Some(older) = entries.by_token.insert(token, entry) {
            entries.bytes -= older.bytes;
        }
    }
}

impl Entries {
    /// Forgets what has expired, and if that is not enough, everything.
    fn make_room(&mut self, bytes: usize, now: u64) {
        self.by_token.retain(|_, entry| now < entry.until);
        self.bytes = self.by_token.values().map(|entry| entry.bytes).sum();
        if self.bytes + bytes > MAX_BYTES {
            *self = Self::default();
        }
    }
}

/// The hash of a token, valid for one `era`: what was remembered in another is not found again.
pub fn hash(token: &str, era: u64) -> Hash {
    let mut hash = [0; 32];
    hash.copy_from_slice(digest::digest(&digest::SHA256, token.as_bytes()).as_ref());
    (era, hash)
}

/// Seconds since 1970.
pub fn now() -> u64 {
    since_1970().as_secs()
}

/// The time since 1970.
pub fn since_1970() -> Duration {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    #[cfg(test)]
    let now = now.map(|now| now + moved());
    now.unwrap_or_default()
}

/// How far a test has moved the clock of tokio.
#[cfg(test)]
fn moved() -> Duration {
    let moved = tokio::time::Instant::now().into_std();
    moved.saturating_duration_since(std::time::Instant::now())
}
