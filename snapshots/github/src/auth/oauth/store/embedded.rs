//! Records in an embedded database: in one file of this machine, where every write is on the disk before it counts,
//! so that logins survive a restart and a kill; or in memory, gone with the process. For one process; several need
//! a common store.

mod opening;
mod records;

use std::{
    mem,
    ops::Range,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use futures_util::future::FutureExt;
use redb::{Database, backends::InMemoryBackend};
use tokio::{
    sync::{Mutex as Turn, oneshot},
    task::spawn_blocking,
};

use self::records::{Change, What, commit, count, find, now};
use super::{Answer, Backend, Key, Outage, When};

/// From so many records on, memory takes no more logins that are under way: strangers can begin them.
const MAX_IN_MEMORY: u64 = if cfg!(test) { 1_000 } else { 100_000 };
/// How long those live. A lock lives shorter; what is left of a login that was finished lives longer.
const UNDER_WAY: Range<Duration> = Duration::from_secs(120)..Duration::from_secs(3600);

/// The stores `file:PATH` and `memory:`.
pub struct Embedded {
    place: Arc<Place>,
    /// One writes at a time, for all that wait.
    turn: Turn<()>,
}

struct Place {
    /// `None` in memory.
    path: Option<PathBuf>,
    /// `None` after a failure of the disk, until the file is opened again.
    database: Mutex<Option<Arc<Database>>>,
    waiting: Mutex<Vec<Change>>,
}

impl Embedded {
    /// Opens the file, or makes it, readable for its owner alone.
    ///
    /// # Errors
    /// What is wrong with it, in words that follow its name.
    pub fn in_file(path: &Path) -> Result<Self, String> {
        Self::new(opening::open_or_make(path)?, Some(path.to_owned()))
    }

    /// An empty store.
    ///
    /// # Errors
    /// None: memory can be written.
    pub fn in_memory() -> Result<Self, String> {
        let database = opening::builder().create_with_backend(InMemoryBackend::new());
        Self::new(database.map_err(opening::in_words)?, None)
    }

    /// A store in this database, which is opened again at `path` when it does not work any more.
    pub fn new(database: Database, path: Option<PathBuf>) -> Result<Self, String> {
        // The table exists from now on, so that reading finds it.
        commit(&database, &[]).map_err(|Outage(why)| format!("cannot be written: {why}"))?;
        let place = Place {
            path,
            database: Mutex::new(Some(Arc::new(database))),
            waiting: Mutex::default(),
        };
        Ok(Self {
            place: Arc::new(place),
            turn: Turn::default(),
        })
    }

    /// Works where it may take long: the disk must not hold up other requests.
    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Place) -> Result<T, Outage> + Send + 'static,
    ) -> Result<T, Outage> {
        if self.place.path.is_none() {
            return work(&self.place);
        }
        let place = self.place.clone();
        let done = spawn_blocking(move || work(&place)).await;
        done.unwrap_or_else(|error| Err(Outage(error.to_string())))
    }

    /// Makes a change and gives what was there before. Changes that come while the disk is busy share one write.
    async fn change(&self, key: Key, what: What) -> Result<Option<Vec<u8>>, Outage> {
        let (done, mut made) = oneshot::channel();
        lock(&self.place.waiting).push(Change { key, what, done });
        let _turn = self.turn.lock().await;
        if let Ok(made) = made.try_recv() {
            return made;
        }
        self.run(Place::write).await?;
        made.await
            .unwrap_or_else(|_| Err(Outage("the write broke off".to_owned())))
    }
}

impl Backend for Embedded {
    fn get(&self, key: Key) -> Answer<'_, Option<Vec<u8>>> {
        self.run(move |place| find(&*place.open()?, &key)).boxed()
    }

    fn put(&self, key: Key, value: Vec<u8>, lifetime: Duration, when: When) -> Answer<'_, bool> {
        async move {
            if when == When::Absent && UNDER_WAY.contains(&lifetime) && self.place.is_full()? {
                // While it is full this may be the only one who writes, and thus removes what has ended.
                self.change(key, What::Nothing).await?;
                if self.place.is_full()? {
                    return Err(Outage("the memory for logins is full".to_owned()));
                }
            }
            let lifetime = u64::try_from(lifetime.as_millis()).unwrap_or(u64::MAX);
            let end = now().saturating_add(lifetime);
            let before = self.change(key, What::Put(when, end, value)).await?;
            Ok(before.is_some() == (when == When::Present))
        }
        .boxed()
    }

    fn take(&self, key: Key) -> Answer<'_, Option<Vec<u8>>> {
        self.change(key, What::Take).boxed()
    }
}

impl Place {
    /// The database, opened again if it has to be.
    fn open(&self) -> Result<Arc<Database>, Outage> {
        let mut database = lock(&self.database);
        if let (None, Some(path)) = (&*database, &self.path) {
            let opened = opening::open(path).map_err(|why| Outage(format!("the file {why}")))?;
            *database = Some(Arc::new(opened));
        }
        let closed = || Outage("the store is closed".to_owned());
        database.clone().ok_or_else(closed)
    }

    /// Makes all changes that wait.
    fn write(&self) -> Result<(), Outage> {
        let database = self.open()?;
        let batch = mem::take(&mut *lock(&self.waiting));
        let mut made = commit(&database, &batch).map(Vec::into_iter);
        if made.is_err() {
            // After a failure of the disk (it was full, say) a database works only when it is opened anew.
            *lock(&self.database) = None;
        }
        for change in batch {
            let answer = match &mut made {
                Ok(made) => Ok(made.next().flatten()),
                Err(Outage(why)) => Err(Outage(why.clone())),
            };
            // Nobody waits for it if the request has ended meanwhile.
            drop(change.done.send(answer));
        }
        Ok(())
    }

    fn is_full(&self) -> Result<bool, Outage> {
        Ok(self.path.is_none() && count(&*self.open()?)? >= MAX_IN_MEMORY)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Stores by name, for tests with several servers in one process.
#[cfg(test)]
impl Embedded {
    pub fn shared(name: &str) -> Result<Arc<Self>, String> {
        use std::{collections::HashMap, sync::LazyLock};
        static NAMED: LazyLock<Mutex<HashMap<String, Arc<Embedded>>>> =
            LazyLock::new(Mutex::default);
        let mut named = lock(&NAMED);
        if let Some(store) = named.get(name) {
            return Ok(store.clone());
        }
        let store = Arc::new(Self::in_memory()?);
        named.insert(name.to_owned(), store.clone());
        Ok(store)
    }
}
