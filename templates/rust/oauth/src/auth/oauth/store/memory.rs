//! Records in memory: gone with the process, for trying out and for tests. Bounded.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use futures_util::{
    FutureExt,
    future::{BoxFuture, ready},
};
use tokio::time::Instant;

use super::{Backend, Key, Outage};

/// How much is kept.
const MAX_BYTES: usize = 64 * 1024 * 1024;
/// What a record costs besides its value.
const RECORD_BYTES: usize = 128;
/// Records that live shorter make room first: strangers can begin logins, but not finish them.
const SHORT: Duration = Duration::from_secs(60 * 60);

/// The store `memory:`.
#[derive(Default)]
pub struct Memory(Mutex<Records>);

#[derive(Default)]
struct Records {
    by_key: HashMap<Key, Record>,
    bytes: usize,
}

struct Record {
    value: Vec<u8>,
    ends: Instant,
    is_short: bool,
}

impl Records {
    fn get(&mut self, key: &Key) -> Option<&Record> {
        let is_over = self.by_key.get(key)?.ends <= Instant::now();
        if is_over {
            self.remove(key);
        }
        self.by_key.get(key)
    }

    fn remove(&mut self, key: &Key) -> Option<Record> {
        let record = self.by_key.remove(key)?;
        self.bytes -= record.value.len() + RECORD_BYTES;
        Some(record)
    }

    fn put(&mut self, key: Key, value: Vec<u8>, lifetime: Duration) -> Result<(), Outage> {
        let bytes = value.len() + RECORD_BYTES;
        if self.bytes + bytes > MAX_BYTES {
            self.make_room(bytes);
        }
        if self.bytes + bytes > MAX_BYTES {
            return Err(Outage("the memory for logins is full".to_owned()));
        }
        self.remove(&key);
        self.bytes += bytes;
        let record = Record {
            value,
            ends: Instant::now() + lifetime,
            is_short: lifetime < SHORT,
        };
        self.by_key.insert(key, record);
        Ok(())
    }

    /// Forgets what has ended; if that is not enough, the logins that are under way.
    fn make_room(&mut self, bytes: usize) {
        let now = Instant::now();
        self.by_key.retain(|_, record| record.ends > now);
        self.count();
        if self.bytes + bytes > MAX_BYTES - MAX_BYTES / 8 {
            self.by_key.retain(|_, record| !record.is_short);
            self.count();
        }
    }

    fn count(&mut self) {
        let sizes = self.by_key.values();
        self.bytes = sizes.map(|record| record.value.len() + RECORD_BYTES).sum();
    }
}

impl Memory {
    fn with<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Records) -> Result<T, Outage>,
    ) -> BoxFuture<'_, Result<T, Outage>> {
        let mut records = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        ready(work(&mut records)).boxed()
    }
}

impl Backend for Memory {
    fn get(&self, key: Key) -> BoxFuture<'_, Result<Option<Vec<u8>>, Outage>> {
        self.with(|records| Ok(records.get(&key).map(|record| record.value.clone())))
    }

    fn insert(
        &self,
        key: Key,
        value: Vec<u8>,
        lifetime: Duration,
    ) -> BoxFuture<'_, Result<bool, Outage>> {
        self.with(|records| match records.get(&key) {
            Some(_) => Ok(false),
            None => records.put(key, value, lifetime).map(|()| true),
        })
    }

    fn replace(
        &self,
        key: Key,
        value: Vec<u8>,
        lifetime: Duration,
    ) -> BoxFuture<'_, Result<bool, Outage>> {
        self.with(|records| match records.get(&key) {
            Some(_) => records.put(key, value, lifetime).map(|()| true),
            None => Ok(false),
        })
    }

    fn take(&self, key: Key) -> BoxFuture<'_, Result<Option<Vec<u8>>, Outage>> {
        self.with(|records| {
            records.get(&key);
            Ok(records.remove(&key).map(|record| record.value))
        })
    }
}

/// Stores by name, for tests with several servers in one process.
#[cfg(test)]
impl Memory {
    pub fn shared(name: &str) -> std::sync::Arc<Self> {
        use std::sync::{Arc, LazyLock};
        static NAMED: LazyLock<Mutex<HashMap<String, Arc<Memory>>>> = LazyLock::new(Mutex::default);
        let mut named = NAMED.lock().unwrap();
        named.entry(name.to_owned()).or_default().clone()
    }
}
