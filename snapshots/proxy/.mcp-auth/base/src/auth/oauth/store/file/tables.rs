//! The two tables in the file: what is remembered, and in which order it ends. Knows transactions, but not who waits.

use std::time::{SystemTime, UNIX_EPOCH};

use redb::{Database, ReadableTable, Table, TableDefinition};

use super::{Change, Key, Outage};

/// When each value ends (milliseconds since 1970), and the value.
const RECORDS: TableDefinition<'_, &Key, (u64, &[u8])> = TableDefinition::new("records");
/// The keys in the order in which they end.
const ENDS: TableDefinition<'_, (u64, &Key), ()> = TableDefinition::new("ends");

/// What to do with a record; the number says when the new one ends.
pub(super) enum What {
    Insert(u64, Vec<u8>),
    Replace(u64, Vec<u8>),
    Take,
}

/// Makes some changes in one transaction, which is on the disk when this returns, and tells for each what it
/// replaced or removed; `None` if it was not to be made.
pub(super) fn commit(
    database: &Database,
    batch: &[Change],
) -> Result<Vec<Option<Vec<u8>>>, Outage> {
    let transaction = database.begin_write()?;
    let made = {
        let mut records = transaction.open_table(RECORDS)?;
        let mut ends = transaction.open_table(ENDS)?;
        let mut tables = Tables {
            records: &mut records,
            ends: &mut ends,
            now: now(),
        };
        // More than the changes can add, so that the file does not grow.
        tables.sweep(2 * batch.len())?;
        let made = batch.iter().map(|change| tables.make(change));
        made.collect::<Result<_, Outage>>()?
    };
    transaction.commit()?;
    Ok(made)
}

struct Tables<'a, 't> {
    records: &'a mut Table<'t, &'static Key, (u64, &'static [u8])>,
    ends: &'a mut Table<'t, (u64, &'static Key), ()>,
    now: u64,
}

impl Tables<'_, '_> {
    /// Removes some records that have ended.
    fn sweep(&mut self, most: usize) -> Result<(), Outage> {
        for _ in 0..most {
            let first = self.ends.first()?.map(|(entry, _)| {
                let (end, key) = entry.value();
                (end, *key)
            });
            match first {
                Some((end, key)) if end <= self.now => self.remove(end, &key)?,
                _ => break,
            }
        }
        Ok(())
    }

    fn remove(&mut self, end: u64, key: &Key) -> Result<(), Outage> {
        self.records.remove(key)?;
        self.ends.remove((end, key))?;
        Ok(())
    }

    fn make(&mut self, change: &Change) -> Result<Option<Vec<u8>>, Outage> {
        let key = &change.key;
        let found = self.records.get(key)?.map(|found| {
            let (end, value) = found.value();
            (end, value.to_vec())
        });
        let is_there = found.as_ref().is_some_and(|(end, _)| self.now < *end);
        let (is_wanted, new) = match &change.what {
            What::Insert(end, value) => (!is_there, Some((*end, value))),
            What::Replace(end, value) => (is_there, Some((*end, value))),
            What::Take => (is_there, None),
        };
        if !is_wanted {
            return Ok(None);
        }
        if let Some((end, _)) = found {
            self.remove(end, key)?;
        }
        if let Some((end, value)) = new {
            self.records.insert(key, (end, value.as_slice()))?;
            self.ends.insert((end, key), ())?;
        }
        Ok(Some(found.map(|(_, value)| value).unwrap_or_default()))
    }
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

impl<E: Into<redb::Error>> From<E> for Outage {
    fn from(error: E) -> Self {
        Self(error.into().to_string())
    }
}

/// Milliseconds since 1970.
pub(super) fn now() -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    u64::try_from(now.unwrap_or_default().as_millis()).unwrap_or(u64::MAX)
}
