//! Records in one file of this machine: an embedded database whose every write is on the disk before it counts,
//! so that logins survive a restart and a kill. For one process; several need a common store.

use std::{
    fs::{self, OpenOptions},
    path::Path,
    sync::Arc,
    time::Duration,
};

use futures_util::{FutureExt, future::BoxFuture};
use redb::{Database, DatabaseError, ReadableTable, TableDefinition};
use tokio::task::spawn_blocking;

use super::{Backend, Key, Outage};
use crate::auth::token_cache::now;

type Records = TableDefinition<'static, &'static [u8; 32], &'static [u8]>;

/// Values, each behind the second in which it ends (8 bytes, big endian).
const RECORDS: Records = TableDefinition::new("records");
/// The keys by that second, for removing what has ended.
const ENDS: TableDefinition<(u64, &[u8; 32]), ()> = TableDefinition::new("ends");
/// How many ended records each write removes at most: more than it adds.
const SWEEP: usize = 8;

/// The store `file:PATH`.
pub struct File(Arc<Database>);

impl File {
    /// Opens the file, or makes it, readable for its owner alone.
    ///
    /// # Errors
    /// What is wrong with it, in words that follow its name.
    pub fn open(path: &Path) -> Result<Self, String> {
        let folder = path
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty());
        if let Some(folder) = folder {
            fs::create_dir_all(folder).map_err(|error| format!("cannot be made: {error}"))?;
        }
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options
            .open(path)
            .map_err(|error| format!("cannot be opened: {error}"))?;
        let database = Database::create(path).map_err(|error| match error {
            DatabaseError::DatabaseAlreadyOpen => {
                "is used by another process; several servers need one store, redis://".to_owned()
            }
            error => format!("is not a store that can be used: {error}"),
        })?;
        let file = Self(Arc::new(database));
        // Both tables exist from now on, so that reading finds them.
        write(&file.0, |_, _| Ok(())).map_err(|error| format!("cannot be written: {error}"))?;
        Ok(file)
    }

    fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Table<'_>, &mut Ends<'_>) -> Result<T, redb::Error> + Send + 'static,
    ) -> BoxFuture<'_, Result<T, Outage>> {
        let database = self.0.clone();
        blocking(move || write(&database, work))
    }
}

type Table<'t> = redb::Table<'t, &'static [u8; 32], &'static [u8]>;
type Ends<'t> = redb::Table<'t, (u64, &'static [u8; 32]), ()>;

/// Does some work in a transaction, which is on the disk when this returns.
fn write<T>(
    database: &Database,
    work: impl FnOnce(&mut Table<'_>, &mut Ends<'_>) -> Result<T, redb::Error>,
) -> Result<T, redb::Error> {
    let transaction = database.begin_write()?;
    let result = {
        let mut records = transaction.open_table(RECORDS)?;
        let mut ends = transaction.open_table(ENDS)?;
        sweep(&mut records, &mut ends)?;
        work(&mut records, &mut ends)?
    };
    transaction.commit()?;
    Ok(result)
}

fn sweep(records: &mut Table<'_>, ends: &mut Ends<'_>) -> Result<(), redb::Error> {
    for _ in 0..SWEEP {
        let first = ends.first()?.map(|(entry, _)| {
            let (second, key) = entry.value();
            (second, *key)
        });
        match first {
            Some((second, key)) if second <= now() => {
                ends.remove((second, &key))?;
                records.remove(&key)?;
            }
            _ => break,
        }
    }
    Ok(())
}

fn read(
    records: &impl ReadableTable<&'static [u8; 32], &'static [u8]>,
    key: &Key,
) -> Result<Option<(u64, Vec<u8>)>, redb::Error> {
    let Some(found) = records.get(key)? else {
        return Ok(None);
    };
    let Some((ends, value)) = found.value().split_first_chunk::<8>() else {
        return Ok(None);
    };
    Ok(Some((u64::from_be_bytes(*ends), value.to_vec())))
}

fn put(
    records: &mut Table<'_>,
    ends: &mut Ends<'_>,
    key: &Key,
    value: &[u8],
    lifetime: Duration,
) -> Result<(), redb::Error> {
    remove(records, ends, key)?;
    let end = now().saturating_add(lifetime.as_secs().max(1));
    let record = [&end.to_be_bytes(), value].concat();
    records.insert(key, record.as_slice())?;
    ends.insert((end, key), ())?;
    Ok(())
}

/// The value that was there, unless it had ended.
fn remove(
    records: &mut Table<'_>,
    ends: &mut Ends<'_>,
    key: &Key,
) -> Result<Option<Vec<u8>>, redb::Error> {
    let Some((end, value)) = read(records, key)? else {
        return Ok(None);
    };
    records.remove(key)?;
    ends.remove((end, key))?;
    Ok((now() < end).then_some(value))
}

fn is_there(records: &Table<'_>, key: &Key) -> Result<bool, redb::Error> {
    Ok(read(records, key)?.is_some_and(|(end, _)| now() < end))
}

/// The disk is slow: it must not hold up other requests.
fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, redb::Error> + Send + 'static,
) -> BoxFuture<'static, Result<T, Outage>> {
    async {
        match spawn_blocking(work).await {
            Ok(result) => result.map_err(|error| Outage(error.to_string())),
            Err(error) => Err(Outage(error.to_string())),
        }
    }
    .boxed()
}

impl Backend for File {
    fn get(&self, key: Key) -> BoxFuture<'_, Result<Option<Vec<u8>>, Outage>> {
        let database = self.0.clone();
        blocking(move || {
            let records = database.begin_read()?.open_table(RECORDS)?;
            let found = read(&records, &key)?;
            Ok(found.and_then(|(end, value)| (now() < end).then_some(value)))
        })
    }

    fn insert(
        &self,
        key: Key,
        value: Vec<u8>,
        lifetime: Duration,
    ) -> BoxFuture<'_, Result<bool, Outage>> {
        self.write(move |records, ends| {
            if is_there(records, &key)? {
                return Ok(false);
            }
            put(records, ends, &key, &value, lifetime).map(|()| true)
        })
    }

    fn replace(
        &self,
        key: Key,
        value: Vec<u8>,
        lifetime: Duration,
    ) -> BoxFuture<'_, Result<bool, Outage>> {
        self.write(move |records, ends| {
            if !is_there(records, &key)? {
                return Ok(false);
            }
            put(records, ends, &key, &value, lifetime).map(|()| true)
        })
    }

    fn take(&self, key: Key) -> BoxFuture<'_, Result<Option<Vec<u8>>, Outage>> {
        self.write(move |records, ends| remove(records, ends, &key))
    }
}
