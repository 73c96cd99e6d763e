//! Records in one file of this machine: an embedded database whose every write is on the disk before it counts,
//! so that logins survive a restart and a kill. For one process; several need a common store.

mod opening;
mod tables;

use std::{
    path::{Path, PathBuf},
    sync::{Arc, PoisonError, RwLock},
    thread::{self, JoinHandle},
    time::Duration,
};

use futures_util::future::FutureExt;
use redb::Database;
use tokio::{
    sync::{mpsc, oneshot},
    task::spawn_blocking,
};

use self::tables::{What, commit, find, now};
use super::{Answer, Backend, Key, Outage};

/// How many changes are written together at most.
const BATCH: usize = 128;
/// The store `file:PATH`. Fields are dropped in this order: the writer ends when no change can come.
pub struct File {
    changes: mpsc::Sender<Change>,
    _writer: Writer,
    place: Arc<Place>,
}

/// Where the records are.
struct Place {
    path: PathBuf,
    /// `None` after a failure of the disk, until the file can be opened again.
    database: RwLock<Option<Database>>,
}

/// A change that somebody waits for, with what it replaced or removed; `None` if it was not to be made.
struct Change {
    key: Key,
    what: What,
    done: oneshot::Sender<Result<Option<Vec<u8>>, Outage>>,
}

impl File {
    /// Opens the file, or makes it, readable for its owner alone.
    ///
    /// # Errors
    /// What is wrong with it, in words that follow its name.
    pub fn open(path: &Path) -> Result<Self, String> {
        let database = opening::open_or_make(path)?;
        // Both tables exist from now on, so that reading finds them.
        commit(&database, &[]).map_err(|Outage(why)| format!("cannot be written: {why}"))?;
        let place = Arc::new(Place {
            path: path.to_owned(),
            database: RwLock::new(Some(database)),
        });
        let (changes, asked) = mpsc::channel(BATCH);
        let writer = {
            let place = place.clone();
            thread::Builder::new()
                .name("store".to_owned())
                .spawn(move || write(&place, asked))
                .map_err(|error| format!("cannot be written: {error}"))?
        };
        Ok(Self {
            changes,
            _writer: Writer(Some(writer)),
            place,
        })
    }

    fn change(&self, key: Key, what: What) -> Answer<'_, Option<Vec<u8>>> {
        async move {
            let (done, made) = oneshot::channel();
            let stopped = || Outage("the writer of the store has stopped".to_owned());
            let change = Change { key, what, done };
            self.changes.send(change).await.map_err(|_| stopped())?;
            made.await.map_err(|_| stopped())?
        }
        .boxed()
    }
}

impl Backend for File {
    fn get(&self, key: Key) -> Answer<'_, Option<Vec<u8>>> {
        let place = self.place.clone();
        // The disk can be slow: it must not hold up other requests.
        spawn_blocking(move || place.with(|database| find(database, &key)))
            .map(|found| found.unwrap_or_else(|error| Err(Outage(error.to_string()))))
            .boxed()
    }

    fn insert(&self, key: Key, value: Vec<u8>, lifetime: Duration) -> Answer<'_, bool> {
        let made = self.change(key, What::Insert(end(lifetime), value));
        made.map(|made| Ok(made?.is_some())).boxed()
    }

    fn replace(&self, key: Key, value: Vec<u8>, lifetime: Duration) -> Answer<'_, bool> {
        let made = self.change(key, What::Replace(end(lifetime), value));
        made.map(|made| Ok(made?.is_some())).boxed()
    }

    fn take(&self, key: Key) -> Answer<'_, Option<Vec<u8>>> {
        self.change(key, What::Take)
    }
}

impl Place {
    fn with<T>(&self, work: impl FnOnce(&Database) -> Result<T, Outage>) -> Result<T, Outage> {
        let database = self.database.read().unwrap_or_else(PoisonError::into_inner);
        match database.as_ref() {
            Some(database) => work(database),
            None => Err(Outage("the file of the store cannot be used".to_owned())),
        }
    }

    /// After a failure of the disk (it was full, say) the database works only when it is opened anew.
    fn reopen(&self) {
        let mut database = self
            .database
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        *database = None;
        match opening::open_again(&self.path) {
            Ok(opened) => *database = Some(opened),
            Err(why) => tracing::error!("the store cannot be opened again: it {why}"),
        }
    }
}

/// The thread that writes; dropping this waits for it, so that the file is free then.
struct Writer(Option<JoinHandle<()>>);

impl Drop for Writer {
    fn drop(&mut self) {
        if let Some(thread) = self.0.take() {
            // It has ended one way or the other.
            drop(thread.join());
        }
    }
}

/// Makes changes until no more can come. Those that wait at the same time share one write to the disk, which is
/// what takes long.
fn write(place: &Place, mut changes: mpsc::Receiver<Change>) {
    while let Some(first) = changes.blocking_recv() {
        let mut batch = vec![first];
        while batch.len() < BATCH
            && let Ok(next) = changes.try_recv()
        {
            batch.push(next);
        }
        // Whoever no longer waits does not want it any more.
        batch.retain(|change| !change.done.is_closed());
        let made = place.with(|database| commit(database, &batch));
        if made.is_err() {
            place.reopen();
        }
        let mut made = made.map(Vec::into_iter);
        for change in batch {
            let answer = match &mut made {
                Ok(made) => Ok(made.next().flatten()),
                Err(Outage(why)) => Err(Outage(why.clone())),
            };
            // Nobody waits for it if the request has ended meanwhile.
            drop(change.done.send(answer));
        }
    }
}

fn end(lifetime: Duration) -> u64 {
    let lifetime = u64::try_from(lifetime.as_millis()).unwrap_or(u64::MAX);
    now().saturating_add(lifetime)
}
