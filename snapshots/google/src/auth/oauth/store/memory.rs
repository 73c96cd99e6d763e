//! Records in memory: gone with the process, for trying out and for tests. Bounded, and whoever begins logins
//! without end only pushes out other logins that are under way.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{Mutex, PoisonError},
    time::Duration,
};

use futures_util::future::{FutureExt, ready};
use tokio::time::Instant;

use super::{Answer, Backend, Key, Outage};

/// How much is kept.
const MAX_BYTES: usize = 64 * 1024 * 1024;
/// From here on, what has ended is removed; below, it costs too little.
const SWEPT_BYTES: usize = 4 * 1024 * 1024;
/// What a record costs besides its value.
const RECORD_BYTES: usize = 256;
/// Records that live shorter make room for others: strangers can begin logins, but not finish them.
const SHORT: Duration = Duration::from_secs(60 * 60);

/// The store `memory:`.
#[derive(Default)]
pub struct Memory(Mutex<Records>);

#[derive(Default)]
struct Records {
    by_key: HashMap<Key, Record>,
    /// Of the records that live shortly, which end first.
    short: BTreeSet<(Instant, Key)>,
    /// Of the others.
    long: BTreeSet<(Instant, Key)>,
    bytes: usize,
}

struct Record {
    value: Vec<u8>,
    ends: Instant,
}

impl Records {
    fn get(&mut self, key: &Key) -> Option<&Record> {
        let has_ended = self.by_key.get(key)?.ends <= Instant::now();
        if has_ended {
            self.remove(key);
        }
        self.by_key.get(key)
    }

    fn remove(&mut self, key: &Key) -> Option<Record> {
        let record = self.by_key.remove(key)?;
        self.bytes -= size(&record.value);
        // It is in one of them.
        self.short.remove(&(record.ends, *key));
        self.long.remove(&(record.ends, *key));
        Some(record)
    }

    fn put(&mut self, key: Key, value: Vec<u8>, lifetime: Duration) -> Result<(), Outage> {
        self.make_room(size(&value))?;
        self.remove(&key);
        let ends = Instant::now() + lifetime;
        let order = match lifetime < SHORT {
            true => &mut self.short,
            false => &mut self.long,
        };
        order.insert((ends, key));
        self.bytes += size(&value);
        self.by_key.insert(key, Record { value, ends });
        Ok(())
    }

    /// Removes what has ended; if that is not enough, the logins under way that end soonest.
    fn make_room(&mut self, bytes: usize) -> Result<(), Outage> {
        let now = Instant::now();
        while self.bytes + bytes > SWEPT_BYTES {
            let short = self.short.first().copied();
            let ended = [short, self.long.first().copied()]
                .into_iter()
                .flatten()
                .find(|(ends, _)| *ends <= now);
            let is_full = self.bytes + bytes > MAX_BYTES;
            match ended.or(short.filter(|_| is_full)) {
                Some((_, key)) => drop(self.remove(&key)),
                None if is_full => return Err(Outage("the memory for logins is full".to_owned())),
                None => break,
            }
        }
        Ok(())
    }
}

fn size(value: &[u8]) -> usize {
    value.len() + RECORD_BYTES
}

impl Memory {
    fn with<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Records) -> Result<T, Outage>,
    ) -> Answer<'_, T> {
        let mut records = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        ready(work(&mut records)).boxed()
    }
}

impl Backend for Memory {
    fn get(&self, key: Key) -> Answer<'_, Option<Vec<u8>>> {
        self.with(|records| Ok(records.get(&key).map(|record| record.value.clone())))
    }

    fn insert(&self, key: Key, value: Vec<u8>, lifetime: Duration) -> Answer<'_, bool> {
        self.with(|records| match records.get(&key) {
            Some(_) => Ok(false),
            None => records.put(key, value, lifetime).map(|()| true),
        })
    }

    fn replace(&self, key: Key, value: Vec<u8>, lifetime: Duration) -> Answer<'_, bool> {
        self.with(|records| match records.get(&key) {
            Some(_) => records.put(key, value, lifetime).map(|()| true),
            None => Ok(false),
        })
    }

    fn take(&self, key: Key) -> Answer<'_, Option<Vec<u8>>> {
        self.with(|records| {
            // Removes it if it has ended.
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
        let mut named = NAMED.lock().unwrap_or_else(PoisonError::into_inner);
        named.entry(name.to_owned()).or_default().clone()
    }

    /// How much is kept now.
    pub fn bytes(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).bytes
    }
}
