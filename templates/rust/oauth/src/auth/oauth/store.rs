//! What this server remembers: records that end by themselves, under hashed keys, sealed. Whoever reads the place
//! where they are kept learns nothing, and can forge nothing. The places are in the files below this one.

mod embedded;
#[cfg(feature = "redis")]
mod redis;

use std::{path::Path, sync::Arc, time::Duration};

use futures_util::future::BoxFuture;
use serde::{Serialize, de::DeserializeOwned};

pub use self::embedded::Embedded;
#[cfg(feature = "redis")]
pub use self::redis::Redis;
use super::secrets::{Keys, Purpose, sha256};
use crate::auth::Env;

/// Where records are kept unless `STORE_URL` says otherwise.
const DEFAULT: &str = "file:./data/auth.db";

/// SHA-256 of what a record is called.
pub type Key = [u8; 32];

/// What will be known when the place of the records has answered.
pub type Answer<'a, T> = BoxFuture<'a, Result<T, Outage>>;

/// A place for records. Every operation is atomic, and whoever waits for it knows that it is done.
pub trait Backend: Send + Sync {
    /// The value, if it is there and has not ended.
    fn get(&self, key: Key) -> Answer<'_, Option<Vec<u8>>>;
    /// Sets a value if that is wanted; tells whether it did.
    fn put(&self, key: Key, value: Vec<u8>, lifetime: Duration, when: When) -> Answer<'_, bool>;
    /// Removes the value and gives it. Of many at once, one gets it.
    fn take(&self, key: Key) -> Answer<'_, Option<Vec<u8>>>;
}

/// When a value is to be set.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// If there is none.
    Absent,
    /// If there is one.
    Present,
}

/// The store does not answer; why, for the log.
#[derive(Debug)]
pub struct Outage(pub String);

/// The kinds of records. Their names are part of what a record is called: they must never change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A login that is under way at the provider.
    Transaction,
    /// That a person said no.
    Denied,
    /// An authorization code.
    Code,
    /// That a code was used.
    Spent,
    /// A login that counts.
    Grant,
    /// That a refresh token was used, and what followed it.
    Use,
    /// That somebody is asking the provider about a grant.
    Lock,
}

/// Records of any type in a backend. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    backend: Arc<dyn Backend>,
    keys: Arc<Keys>,
}

impl Store {
    /// Reads `STORE_URL` and opens the store; `None` after recording a problem. Connects to nothing.
    pub fn read(env: &mut Env, keys: Arc<Keys>) -> Option<Self> {
        let url = env.secret("STORE_URL");
        match backend(url.as_ref().map_or(DEFAULT, |url| url.reveal())) {
            Ok(backend) => Some(Self::new(backend, keys)),
            Err(why) => {
                env.problem(format!("STORE_URL: {why}"));
                None
            }
        }
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
        self.put(kind, id, value, lifetime, When::Absent).await
    }

    /// Changes a record if there is one; tells whether it did. What was taken stays gone.
    pub async fn replace<T: Serialize>(
        &self,
        kind: Kind,
        id: &str,
        value: &T,
        lifetime: Duration,
    ) -> Result<bool, Outage> {
        self.put(kind, id, value, lifetime, When::Present).await
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

    async fn put<T: Serialize>(
        &self,
        kind: Kind,
        id: &str,
        value: &T,
        lifetime: Duration,
        when: When,
    ) -> Result<bool, Outage> {
        let key = key(kind, id);
        let plain = serde_json::to_vec(value).map_err(|error| Outage(error.to_string()))?;
        let sealed = self.keys.seal(Purpose::Store, &key, &plain);
        let sealed = sealed.ok_or_else(|| Outage("the system gives no random numbers".into()))?;
        self.backend.put(key, sealed, lifetime, when).await
    }

    fn open<T: DeserializeOwned>(&self, kind: Kind, key: &Key, sealed: &[u8]) -> Option<T> {
        let plain = self.keys.open(Purpose::Store, key, sealed);
        let record = plain.and_then(|plain| serde_json::from_slice(&plain).ok());
        if record.is_none() {
            tracing::warn!(
                ?kind,
                "a record cannot be read: another AUTH_SIGNING_KEY, or damaged"
            );
        }
        record
    }
}

/// The kind keeps a code from being found as something else.
pub fn key(kind: Kind, id: &str) -> Key {
    sha256(format!("{kind:?}\0{id}").as_bytes())
}

/// The place that an address names, or what is wrong with it. The address of a Redis is not repeated: it may
/// hold a password.
fn backend(url: &str) -> Result<Arc<dyn Backend>, String> {
    match url.split_once(':') {
        Some(("memory", "")) => Ok(Arc::new(Embedded::in_memory()?)),
        #[cfg(test)]
        Some(("memory", name)) => Ok(Embedded::shared(name)?),
        Some(("file", path)) if !path.trim_matches('/').is_empty() => {
            // Some write two slashes first, as in addresses of the web.
            let path = path.strip_prefix("//").unwrap_or(path);
            let file = Embedded::in_file(Path::new(path));
            Ok(Arc::new(file.map_err(|why| format!("`{path}` {why}"))?))
        }
        #[cfg(feature = "redis")]
        Some(("redis" | "rediss", _)) => Ok(Arc::new(Redis::new(url)?)),
        #[cfg(not(feature = "redis"))]
        Some(("redis" | "rediss", _)) => Err(
            "this program was built without Redis; build it with `cargo build --features redis`"
                .to_owned(),
        ),
        _ => Err(format!(
            "must be memory:, file:PATH, redis:// or rediss://, for example STORE_URL={DEFAULT}"
        )),
    }
}
