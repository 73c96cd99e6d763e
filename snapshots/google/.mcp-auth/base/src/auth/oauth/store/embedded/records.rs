//! The one table of the database: records by their key, each with its end. Knows transactions, but not who waits.

use redb::{
    Database, ReadableDatabase, ReadableTable, ReadableTableMetadata, Table, TableDefinition,
};
use tokio::sync::oneshot;

use super::{Key, Outage, When};
use crate::auth::token_cache::since_1970;

/// When each value ends (milliseconds since 1970), and the value.
const RECORDS: TableDefinition<'_, &Key, (u64, &[u8])> = TableDefinition::new("records");
/// How many neighbours of a record that changes are looked at, whether they have ended. Keys are hashes, so over
/// time that is everybody: one of so many that are there has ended at most.
const SWEPT: usize = 4;

/// A change that somebody waits for, with the value that was there before.
pub(super) struct Change {
    pub key: Key,
    pub what: What,
    pub done: oneshot::Sender<Result<Option<Vec<u8>>, Outage>>,
}

/// What to do with a record.
pub(super) enum What {
    /// Set the value, with its end.
    Put(When, u64, Vec<u8>),
    Take,
    /// Leave it as it is, and only remove what has ended around it.
    Nothing,
}

/// Makes some changes in one transaction, which is on the disk when this returns, and gives for each what was
/// there before.
pub(super) fn commit(
    database: &Database,
    batch: &[Change],
) -> Result<Vec<Option<Vec<u8>>>, Outage> {
    let transaction = database.begin_write()?;
    let before = {
        let mut records = transaction.open_table(RECORDS)?;
        let before = batch.iter().map(|change| make(&mut records, change));
        before.collect::<Result<_, Outage>>()?
    };
    transaction.commit()?;
    Ok(before)
}

fn make(
    records: &mut Table<'_, &'static Key, (u64, &'static [u8])>,
    change: &Change,
) -> Result<Option<Vec<u8>>, Outage> {
    let (key, now) = (&change.key, now());
    let mut ended = Vec::new();
    for neighbour in records.range::<&Key>(key..)?.take(SWEPT) {
        let (key, value) = neighbour?;
        if value.value().0 <= now {
            ended.push(*key.value());
        }
    }
    for key in ended {
        records.remove(&key)?;
    }
    let before = records.get(key)?.map(|found| found.value().1.to_vec());
    match &change.what {
        What::Put(when, end, value) => {
            if before.is_some() == (*when == When::Present) {
                records.insert(key, (*end, value.as_slice()))?;
            }
        }
        What::Take => drop(records.remove(key)?),
        What::Nothing => {}
    }
    Ok(before)
}

/// The value, if it is there and has not ended.
pub(super) fn find(database: &Database, key: &Key) -> Result<Option<Vec<u8>>, Outage> {
    let records = database.begin_read()?.open_table(RECORDS)?;
    let found = records.get(key)?.map(|found| {
        let (end, value) = found.value();
        (now() < end).then(|| value.to_vec())
    });
    Ok(found.flatten())
}

/// How many records there are.
pub(super) fn count(database: &Database) -> Result<u64, Outage> {
    Ok(database.begin_read()?.open_table(RECORDS)?.len()?)
}

impl<E: Into<redb::Error>> From<E> for Outage {
    fn from(error: E) -> Self {
        Self(error.into().to_string())
    }
}

/// Milliseconds since 1970.
pub(super) fn now() -> u64 {
    u64::try_from(since_1970().as_millis()).unwrap_or(u64::MAX)
}
