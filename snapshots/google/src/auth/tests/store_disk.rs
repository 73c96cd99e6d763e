//! A disk that is full for a while, under the store in a file.

use std::{
    fs::OpenOptions,
    io,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use redb::{Builder, StorageBackend, backends::FileBackend};

use super::store::{Folder, keys};
use crate::auth::oauth::store::{Embedded, Kind, Store};

const HOUR: Duration = Duration::from_secs(60 * 60);

/// A file on such a disk.
#[derive(Debug)]
struct Disk {
    file: FileBackend,
    is_full: Arc<AtomicBool>,
}

impl Disk {
    fn ensure_room(&self) -> io::Result<()> {
        match self.is_full.load(Ordering::Relaxed) {
            true => Err(io::ErrorKind::StorageFull.into()),
            false => Ok(()),
        }
    }
}

impl StorageBackend for Disk {
    fn len(&self) -> io::Result<u64> {
        self.file.len()
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        self.file.read(offset, out)
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.ensure_room()?;
        self.file.set_len(len)
    }

    fn sync_data(&self) -> io::Result<()> {
        self.ensure_room()?;
        self.file.sync_data()
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        self.ensure_room()?;
        self.file.write(offset, data)
    }

    fn close(&self) -> io::Result<()> {
        self.file.close()
    }
}

#[tokio::test]
async fn after_the_disk_was_full_the_store_works_again_and_holds_what_it_held() {
    let (folder, is_full) = (Folder::new(), Arc::new(AtomicBool::new(false)));
    // With the folder and an empty database in it.
    drop(Embedded::in_file(&folder.file()).unwrap());
    let mut options = OpenOptions::new();
    let file = options.read(true).write(true).open(folder.file()).unwrap();
    let file = FileBackend::new(file).unwrap();
    let disk = Disk {
        file,
        is_full: is_full.clone(),
    };
    let database = Builder::new().create_with_backend(disk).unwrap();
    let embedded = Embedded::new(database, Some(folder.file())).unwrap();
    let store = Store::new(Arc::new(embedded), keys());
    assert!(store.insert(Kind::Grant, "before", &1, HOUR).await.unwrap());

    is_full.store(true, Ordering::Relaxed);
    let outage = store.insert(Kind::Grant, "lost", &1, HOUR).await;
    assert!(outage.is_err(), "nobody is told that it is kept");

    assert_eq!(store.get(Kind::Grant, "before").await.unwrap(), Some(1));
    assert_eq!(store.get::<u8>(Kind::Grant, "lost").await.unwrap(), None);
    assert!(store.insert(Kind::Grant, "after", &1, HOUR).await.unwrap());
}
