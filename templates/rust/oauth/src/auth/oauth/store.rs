//! What this server remembers: records that end by themselves, under hashed keys, sealed. Whoever reads the place
//! where they are kept learns nothing, and can forge nothing.

mod file;
mod memory;

use std::{sync::Arc, time::Duration};

use futures_util::future::BoxFuture;
use serde::{Serialize, de::DeserializeOwned};

use self::{file::File, memory::Memory};
use super::secrets::{Keys, Purpose, sha256};
use crate::auth::Env;

/// SHA-256 of what a record is called.
pub type Key = [u8; 32];

/// A place for records. Every operation is atomic, and whoever waits for it knows that it is done.
pub trait Backend: Send + Sync {
    /// The value, if it is there and has not ended.
    fn get(&self, key: Key) -> BoxFuture<'_, Result<Option<Vec<u8>>, Outage>>;
    /// Adds a value unless there is one; tells whether it did.
    fn insert(
        &self,
        key: Key,
        value: Vec<u8>,
        lifetime: Duration,
    ) -> BoxFuture<'_, Result<bool, Outage>>;
    /// Changes a value if there is one; tells whether it did.
    fn replace(
        &self,
        key: Key,
        value: Vec<u8>,
        lifetime: Duration,
    ) -> BoxFuture<'_, Result<bool, Outage>>;
    /// Removes the value and gives it. Of many at once, one gets it.
    fn take(&self, key: Key) -> BoxFuture<'_, Result<Option<Vec<u8>>, Outage>>;
}

/// The store does not answer; why, for the log.
#[derive(Debug)]
pub struct Outage(pub String);

/// The kinds of records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A login that is under way at the provider.
    Transaction,
    /// That a consent page was answered.
    Answered,
    /// An authorization code.
    Code,
    /// That a code was used.
    Spent,
    /// A login that counts.
    Grant,
    /// A refresh token.
    Refresh,
    /// That a refresh token was used, and what followed it.
    Consumed,
    /// That somebody is asking the provider about a grant.
    Lock,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::Transaction => "transaction",
            Self::Answered => "answered",
            Self::Code => "code",
            Self::Spent => "spent",
            Self::Grant => "grant",
            Self::Refresh => "refresh",
            Self::Consumed => "consumed",
            Self::Lock => "lock",
        }
    }
}

/// Records of any type in a backend. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    backend: Arc<dyn Backend>,
    keys: Arc<Keys>,
}

impl Store {
    /// Reads `STORE_URL` and opens the store; `None` after recording a problem.
    pub fn read(env: &mut Env, keys: Arc<Keys>) -> Option<Self> {
        let url = env.secret("STORE_URL");
        let url = url
            .as_ref()
            .map_or("file:./data/auth.db", |url| url.reveal());
        let backend: Arc<dyn Backend> = match url.split_once(':') {
            Some(("memory", "")) => Arc::new(Memory::default()),
            #[cfg(test)]
            Some(("memory", name)) => Memory::shared(name),
            Some(("file", path)) if !path.is_empty() => match File::open(path.as_ref()) {
                Ok(file) => Arc::new(file),
                Err(why) => {
                    env.problem(format!("STORE_URL: `{path}` {why}"));
                    return None;
                }
            },
            // The value is not repeated: it may hold a password.
            _ => {
                env.problem("STORE_URL must be memory: or file:PATH, for example STORE_URL=file:./data/auth.db");
                return None;
            }
        };
        Some(Self::new(backend, keys))
    }

    /// Records in this backend, sealed with these keys.
    pub fn new(backend: Arc<dyn Backend>, keys: Arc<Keys>) -> Self {
        Self { backend, keys }
    }

    /// The record, if it is there. One that these keys did not seal does not exist.
    pub async fn get<T: DeserializeOwned>(
        &self,
        kind: Kind,
        id: &str,
    ) -> Result<Option<T>, Outage> {
        let key = key(kind, id);
        let found = self.backend.get(key).await?;
        Ok(found.and_then(|sealed| self.open(kind, &key, &sealed)))
    }

    /// Adds a record unless there is one; tells whether it did.
    pub async fn insert<T: Serialize>(
        &self,
        kind: Kind,
        id: &str,
        value: &T,
        lifetime: Duration,
    ) -> Result<bool, Outage> {
        let key = key(kind, id);
        let sealed = self.seal(&key, value)?;
        self.backend.insert(key, sealed, lifetime).await
    }

    /// Changes a record if there is one; tells whether it did. What was taken stays gone.
    pub async fn replace<T: Serialize>(
        &self,
        kind: Kind,
        id: &str,
        value: &T,
        lifetime: Duration,
    ) -> Result<bool, Outage> {
        let key = key(kind, id);
        let sealed = self.seal(&key, value)?;
        self.backend.replace(key, sealed, lifetime).await
    }

    /// Removes the record and gives it. Of many at once, one gets it.
    pub async fn take<T: DeserializeOwned>(
        &self,
        kind: Kind,
        id: &str,
    ) -> Result<Option<T>, Outage> {
        let key = key(kind, id);
        let found = self.backend.take(key).await?;
        Ok(found.and_then(|sealed| self.open(kind, &key, &sealed)))
    }

    fn seal<T: Serialize>(&self, key: &Key, value: &T) -> Result<Vec<u8>, Outage> {
        let plain = serde_json::to_vec(value).map_err(|error| Outage(error.to_string()))?;
        let sealed = self.keys.seal(Purpose::Store, key, &plain);
        sealed.ok_or_else(|| Outage("the system gives no random numbers".to_owned()))
    }

    fn open<T: DeserializeOwned>(&self, kind: Kind, key: &Key, sealed: &[u8]) -> Option<T> {
        let plain = self.keys.open(Purpose::Store, key, sealed);
        let record = plain.and_then(|plain| serde_json::from_slice(&plain).ok());
        if record.is_none() {
            tracing::warn!(
                kind = kind.name(),
                "a record cannot be read: another key, or damaged"
            );
        }
        record
    }
}

/// The kind keeps a code from being found as a refresh token.
fn key(kind: Kind, id: &str) -> Key {
    sha256(format!("{}\0{id}", kind.name()).as_bytes())
}
