//! The store: every place for records keeps the same promises, the file survives kills, the memory stays small.

use std::{
    fs,
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::Arc,
    time::{Duration, Instant},
};

use futures_util::future::join_all;
use serde_json::{Value, json};
use tokio::time::sleep;

use super::{clock::pass, login::BASE};
use crate::auth::{
    Env,
    oauth::{
        secrets::{Keys, random, sha256},
        store::{Backend, Embedded, Kind, Store, When, key},
    },
};

const HOUR: Duration = Duration::from_secs(60 * 60);
/// How many logins that are under way memory takes in tests.
const LIMIT: u32 = 1_000;
const MONTH: Duration = Duration::from_secs(30 * 24 * 60 * 60);
/// Tells the process that is killed where its file is.
const FILE_OF_CHILD: &str = "STORE_TEST_FILE";

/// A folder that is removed at the end.
pub struct Folder(PathBuf);

impl Folder {
    pub fn new() -> Self {
        let name = format!("store-test-{}", random().unwrap());
        Self(std::env::temp_dir().join(name))
    }

    pub fn file(&self) -> PathBuf {
        self.0.join("data").join("auth.db")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.0));
    }
}

pub fn keys() -> Arc<Keys> {
    Arc::new(Keys::of(&[(0..32).collect()], BASE).unwrap())
}

/// Every place for records that this build has.
fn places(folder: &Folder) -> Vec<(&'static str, Arc<dyn Backend>)> {
    vec![
        ("memory", Arc::new(Embedded::in_memory().unwrap())),
        ("file", Arc::new(Embedded::in_file(&folder.file()).unwrap())),
        #[cfg(feature = "redis")]
        ("redis", super::store_redis::backend()),
    ]
}

/// Runs a check against every place.
async fn everywhere(check: impl AsyncFn(&str, Store, Arc<dyn Backend>)) {
    let folder = Folder::new();
    for (place, backend) in places(&folder) {
        check(place, Store::new(backend.clone(), keys()), backend).await;
    }
}

fn problems(url: &str) -> String {
    let env = Env::of([("STORE_URL".to_owned(), url.to_owned())]);
    let refused = env.read(|env| Store::read(env, keys())).err();
    refused.expect("this store must not be opened").to_string()
}

#[tokio::test]
async fn a_record_is_there_until_it_is_taken() {
    everywhere(async |place, store, _| {
        let id = random().unwrap();
        assert_eq!(
            store.get::<Value>(Kind::Code, &id).await.unwrap(),
            None,
            "{place}"
        );
        assert!(
            store
                .insert(Kind::Code, &id, &json!({"a": 1}), HOUR)
                .await
                .unwrap(),
            "{place}"
        );
        for _ in 0..2 {
            let found = store.get::<Value>(Kind::Code, &id).await.unwrap();
            assert_eq!(found, Some(json!({"a": 1})), "{place}");
        }
        let taken = store.take::<Value>(Kind::Code, &id).await.unwrap();
        assert_eq!(taken, Some(json!({"a": 1})), "{place}");
        assert_eq!(
            store.get::<Value>(Kind::Code, &id).await.unwrap(),
            None,
            "{place}"
        );
        assert_eq!(
            store.take::<Value>(Kind::Code, &id).await.unwrap(),
            None,
            "{place}"
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_fifty_that_take_one_gets_it() {
    everywhere(async |place, store, _| {
        let id = random().unwrap();
        store.insert(Kind::Code, &id, &1, HOUR).await.unwrap();
        let takers = (0..50).map(|_| {
            let (store, id) = (store.clone(), id.clone());
            tokio::spawn(async move { store.take::<u8>(Kind::Code, &id).await.unwrap() })
        });
        let taken = join_all(takers).await;
        let winners = taken
            .into_iter()
            .filter(|taken| taken.as_ref().unwrap().is_some());
        assert_eq!(winners.count(), 1, "{place}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_fifty_that_insert_one_does_and_its_value_counts() {
    everywhere(async |place, store, _| {
        let id = random().unwrap();
        let inserters = (0..50).map(|number: u8| {
            let (store, id) = (store.clone(), id.clone());
            tokio::spawn(async move {
                let inserted = store.insert(Kind::Use, &id, &number, HOUR).await.unwrap();
                inserted.then_some(number)
            })
        });
        let inserted = join_all(inserters).await;
        let winners: Vec<u8> = inserted.into_iter().filter_map(Result::unwrap).collect();
        assert_eq!(winners.len(), 1, "{place}");
        let found = store.get::<u8>(Kind::Use, &id).await.unwrap();
        assert_eq!(found, Some(winners[0]), "{place}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn replacing_never_brings_back_what_was_taken() {
    everywhere(async |place, store, _| {
        for _ in 0..20 {
            let id = random().unwrap();
            store.insert(Kind::Grant, &id, &0, MONTH).await.unwrap();
            let replacers = (0..10).map(|number| {
                let (store, id) = (store.clone(), id.clone());
                tokio::spawn(async move {
                    store
                        .replace(Kind::Grant, &id, &number, MONTH)
                        .await
                        .unwrap();
                })
            });
            let replacers = join_all(replacers);
            let (_, taken) = tokio::join!(replacers, store.take::<u8>(Kind::Grant, &id));
            assert!(taken.unwrap().is_some(), "{place}");
            assert_eq!(
                store.get::<u8>(Kind::Grant, &id).await.unwrap(),
                None,
                "{place}"
            );
            assert!(
                !store.replace(Kind::Grant, &id, &9, MONTH).await.unwrap(),
                "{place}"
            );
        }
    })
    .await;
}

#[tokio::test]
async fn a_replaced_record_has_the_new_value_and_lifetime() {
    everywhere(async |place, store, _| {
        let id = random().unwrap();
        store
            .insert(Kind::Grant, &id, &1, Duration::from_millis(300))
            .await
            .unwrap();
        assert!(
            store.replace(Kind::Grant, &id, &2, HOUR).await.unwrap(),
            "{place}"
        );
        sleep(Duration::from_millis(400)).await;
        assert_eq!(
            store.get(Kind::Grant, &id).await.unwrap(),
            Some(2),
            "{place}"
        );
    })
    .await;
}

#[tokio::test]
async fn what_has_ended_is_not_there_and_can_be_inserted_again() {
    everywhere(async |place, store, _| {
        let ids: Vec<String> = (0..4).map(|_| random().unwrap()).collect();
        for id in &ids {
            store
                .insert(Kind::Lock, id, &1, Duration::from_millis(200))
                .await
                .unwrap();
        }
        assert_eq!(
            store.get(Kind::Lock, &ids[0]).await.unwrap(),
            Some(1),
            "{place}"
        );
        sleep(Duration::from_millis(300)).await;
        assert_eq!(
            store.get::<u8>(Kind::Lock, &ids[0]).await.unwrap(),
            None,
            "{place}"
        );
        assert_eq!(
            store.take::<u8>(Kind::Lock, &ids[1]).await.unwrap(),
            None,
            "{place}"
        );
        assert!(
            !store.replace(Kind::Lock, &ids[2], &2, HOUR).await.unwrap(),
            "{place}"
        );
        assert!(
            store.insert(Kind::Lock, &ids[3], &2, HOUR).await.unwrap(),
            "{place}"
        );
        assert_eq!(
            store.get(Kind::Lock, &ids[3]).await.unwrap(),
            Some(2),
            "{place}"
        );
    })
    .await;
}

#[tokio::test]
async fn kinds_are_kept_apart() {
    everywhere(async |place, store, _| {
        let id = random().unwrap();
        store.insert(Kind::Code, &id, &1, HOUR).await.unwrap();
        assert_eq!(
            store.get::<u8>(Kind::Use, &id).await.unwrap(),
            None,
            "{place}"
        );
        assert!(
            store.insert(Kind::Spent, &id, &(), HOUR).await.unwrap(),
            "{place}"
        );
    })
    .await;
}

#[tokio::test]
async fn with_another_signing_key_nothing_is_found() {
    everywhere(async |place, store, backend| {
        let id = random().unwrap();
        store.insert(Kind::Grant, &id, &1, HOUR).await.unwrap();
        let other = Arc::new(Keys::of(&[(1..33).collect()], BASE).unwrap());
        let stranger = Store::new(backend.clone(), other);
        assert_eq!(
            stranger.get::<u8>(Kind::Grant, &id).await.unwrap(),
            None,
            "{place}"
        );
        let changed = Keys::of(&[(1..33).collect(), (0..32).collect()], BASE).unwrap();
        let rotated = Store::new(backend, Arc::new(changed));
        assert_eq!(
            rotated.get(Kind::Grant, &id).await.unwrap(),
            Some(1),
            "{place}"
        );
    })
    .await;
}

#[tokio::test]
async fn a_damaged_record_is_a_miss() {
    everywhere(async |place, store, backend| {
        let id = random().unwrap();
        store
            .insert(Kind::Grant, &id, &"value", HOUR)
            .await
            .unwrap();
        let sealed = backend.get(key(Kind::Grant, &id)).await.unwrap().unwrap();
        let mut flipped = sealed.clone();
        flipped[sealed.len() / 2] ^= 1;
        for damaged in [
            vec![],
            vec![0],
            sealed[..sealed.len() - 1].to_vec(),
            flipped,
        ] {
            backend
                .put(key(Kind::Grant, &id), damaged, HOUR, When::Present)
                .await
                .unwrap();
            assert_eq!(
                store.get::<String>(Kind::Grant, &id).await.unwrap(),
                None,
                "{place}"
            );
        }
        // Good JSON of another shape.
        store.replace(Kind::Grant, &id, &1, HOUR).await.unwrap();
        assert_eq!(
            store.get::<String>(Kind::Grant, &id).await.unwrap(),
            None,
            "{place}"
        );
        assert_eq!(
            store.take::<String>(Kind::Grant, &id).await.unwrap(),
            None,
            "{place}"
        );
    })
    .await;
}

#[tokio::test]
async fn a_record_cannot_be_moved_under_another_name() {
    everywhere(async |place, store, backend| {
        let (mine, yours) = (random().unwrap(), random().unwrap());
        store.insert(Kind::Grant, &mine, &"me", HOUR).await.unwrap();
        store
            .insert(Kind::Grant, &yours, &"you", HOUR)
            .await
            .unwrap();
        let sealed = backend
            .get(key(Kind::Grant, &yours))
            .await
            .unwrap()
            .unwrap();
        backend
            .put(key(Kind::Grant, &mine), sealed, HOUR, When::Present)
            .await
            .unwrap();
        assert_eq!(
            store.get::<String>(Kind::Grant, &mine).await.unwrap(),
            None,
            "{place}"
        );
    })
    .await;
}

#[tokio::test]
async fn two_servers_on_one_place_share_their_records() {
    everywhere(async |place, store, backend| {
        let other = Store::new(backend, keys());
        let id = random().unwrap();
        store
            .insert(Kind::Transaction, &id, &1, HOUR)
            .await
            .unwrap();
        assert_eq!(
            other.take(Kind::Transaction, &id).await.unwrap(),
            Some(1),
            "{place}"
        );
        assert_eq!(
            store.get::<u8>(Kind::Transaction, &id).await.unwrap(),
            None,
            "{place}"
        );
    })
    .await;
}

/// Sets a record of its own.
async fn put(place: &Embedded, name: &str, length: usize, lifetime: Duration) -> bool {
    let key = sha256(name.as_bytes());
    let put = place.put(key, vec![7; length], lifetime, When::Absent);
    put.await.is_ok_and(|is_new| is_new)
}

#[tokio::test]
async fn memory_full_of_begun_logins_still_takes_grants_and_then_logins_again() {
    let memory = Embedded::in_memory().unwrap();
    let login = Duration::from_secs(600);
    for number in 0..LIMIT {
        assert!(put(&memory, &format!("login {number}"), 1, login).await);
    }
    assert!(!put(&memory, "one more", 1, login).await);
    assert!(put(&memory, "grant", 1, MONTH).await);
    assert!(put(&memory, "lock", 1, Duration::from_secs(60)).await);
    let begun = memory.get(sha256(b"login 0")).await.unwrap();
    assert!(begun.is_some(), "nothing is pushed out");
    pass(login).await;
    // Those that have ended make room, even if nobody is logged in who writes anything else.
    assert!(put(&memory, "one more", 1, login).await);
}

#[tokio::test]
async fn a_restart_loses_nothing() {
    let folder = Folder::new();
    let url = format!("file:{}", folder.file().display());
    let open = || {
        let env = Env::of([("STORE_URL".to_owned(), url.clone())]);
        env.read(|env| Store::read(env, keys())).unwrap()
    };
    for round in 0..3 {
        let store = open();
        for number in 0..round * 10 {
            let found = store.get(Kind::Grant, &number.to_string()).await.unwrap();
            assert_eq!(found, Some(number));
        }
        for number in round * 10..(round + 1) * 10 {
            assert!(
                store
                    .insert(Kind::Grant, &number.to_string(), &number, MONTH)
                    .await
                    .unwrap()
            );
        }
    }
}

#[tokio::test]
async fn nothing_in_the_file_can_be_read() {
    let folder = Folder::new();
    let store = Store::new(Arc::new(Embedded::in_file(&folder.file()).unwrap()), keys());
    let secrets = [
        "id-of-a-refresh-token",
        "gho_upstream-token",
        "alice@example.com",
        "Code",
    ];
    let value = json!({"token": secrets[1], "email": secrets[2]});
    store
        .insert(Kind::Code, secrets[0], &value, MONTH)
        .await
        .unwrap();
    assert_eq!(
        store.get(Kind::Code, secrets[0]).await.unwrap(),
        Some(value)
    );
    drop(store);
    let bytes = fs::read(folder.file()).unwrap();
    let holds = |part: &[u8]| bytes.windows(part.len()).any(|window| window == part);
    assert!(
        holds(&key(Kind::Code, secrets[0])),
        "only the hash is there"
    );
    for secret in secrets {
        assert!(!holds(secret.as_bytes()), "{secret}");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn only_the_owner_may_open_the_file_and_its_folder() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new();
    let _file = Embedded::in_file(&folder.file()).unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&folder.file()), 0o600);
    assert_eq!(mode(folder.file().parent().unwrap()), 0o700);
}

#[tokio::test]
async fn the_file_does_not_grow_while_records_come_and_end() {
    let folder = Folder::new();
    let file = Embedded::in_file(&folder.file()).unwrap();
    let mut sizes = Vec::new();
    for round in 0..12 {
        let names: Vec<_> = (0..500).map(|number| format!("{round} {number}")).collect();
        let puts = names.iter().map(|name| put(&file, name, 4096, HOUR));
        assert!(join_all(puts).await.iter().all(|is_new| *is_new));
        pass(HOUR).await;
        sizes.push(fs::metadata(folder.file()).unwrap().len());
    }
    // 24 MB were written.
    assert!(sizes[11] <= sizes[3] * 2, "{sizes:?}");
}

#[tokio::test]
async fn a_file_in_use_is_a_problem_that_says_so() {
    let folder = Folder::new();
    let _in_use = Embedded::in_file(&folder.file()).unwrap();
    let text = problems(&format!("file:{}", folder.file().display()));
    assert!(
        text.contains("STORE_URL") && text.contains("another server"),
        "{text}"
    );
    assert!(text.contains("redis://"), "{text}");
}

#[tokio::test]
async fn a_damaged_file_is_a_problem_and_is_not_wiped() {
    let folder = Folder::new();
    let store = Store::new(Arc::new(Embedded::in_file(&folder.file()).unwrap()), keys());
    store.insert(Kind::Grant, "id", &1, MONTH).await.unwrap();
    drop(store);
    let good = fs::read(folder.file()).unwrap();
    let mut header = good.clone();
    header[..200].fill(0xAA);
    for damaged in [
        b"SQLite format 3\0".to_vec(),
        header,
        good[..good.len() / 3].to_vec(),
    ] {
        fs::write(folder.file(), &damaged).unwrap();
        let text = problems(&format!("file:{}", folder.file().display()));
        assert!(
            text.contains("STORE_URL") && text.contains("damaged"),
            "{text}"
        );
        assert_eq!(fs::read(folder.file()).unwrap(), damaged);
    }
}

#[tokio::test]
async fn a_file_that_was_never_finished_is_made_anew_and_kept() {
    let folder = Folder::new();
    fs::create_dir_all(folder.file().parent().unwrap()).unwrap();
    fs::write(folder.file(), vec![0; 100_000]).unwrap();
    let store = Store::new(Arc::new(Embedded::in_file(&folder.file()).unwrap()), keys());
    assert!(store.insert(Kind::Grant, "id", &1, MONTH).await.unwrap());
    let aside = folder.file().with_extension("unfinished");
    assert_eq!(fs::read(aside).unwrap(), vec![0; 100_000]);
}

#[test]
fn stores_that_cannot_be_are_problems() {
    for url in [
        "nonsense",
        "file:",
        "file://",
        "sqlite:auth.db",
        "memory",
        "/data/auth.db",
    ] {
        assert!(
            problems(url).contains("STORE_URL: must be memory:, file:PATH"),
            "{url}"
        );
    }
    let text = problems("file:/dev/null/auth.db");
    assert!(
        text.contains("`/dev/null/auth.db` is in a folder that cannot be made"),
        "{text}"
    );
}

#[test]
fn the_password_of_a_redis_is_not_shown() {
    let addresses = [
        "redis://:sesame@a b:6379",
        "rediss://x:sesame@host:99999",
        "redis:sesame",
    ];
    for url in addresses {
        let text = problems(url);
        assert!(
            text.contains("STORE_URL") && !text.contains("sesame"),
            "{text}"
        );
    }
}

#[cfg(not(feature = "redis"))]
#[test]
fn a_build_without_redis_says_how_to_get_one_with_it() {
    let text = problems("redis://:sesame@127.0.0.1:6379");
    assert!(text.contains("cargo build --features redis"), "{text}");
}

/// What the test below starts and kills. It tells of each record when its insert has returned.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "a part of the next test"]
async fn writes_until_it_is_killed() {
    let Some(path) = std::env::var_os(FILE_OF_CHILD) else {
        return;
    };
    let file = Embedded::in_file(Path::new(&path)).unwrap();
    let store = Store::new(Arc::new(file), keys());
    let writers = (0..8).map(|_| {
        let store = store.clone();
        tokio::spawn(async move {
            loop {
                let id = random().unwrap();
                store.insert(Kind::Grant, &id, &id, MONTH).await.unwrap();
                let mut out = std::io::stdout().lock();
                out.write_all(format!("\nkept {id}\n").as_bytes()).unwrap();
            }
        })
    });
    join_all(writers).await;
}

#[cfg(unix)]
#[tokio::test]
async fn a_kill_loses_no_record_that_was_told_to_be_kept() {
    let folder = Folder::new();
    let name = format!("{}::writes_until_it_is_killed", module_path!());
    let (_, name) = name.split_once("::").unwrap();
    let mut kept = Vec::new();
    for round in 0..10 {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", name, "--ignored", "--nocapture"])
            .env(FILE_OF_CHILD, folder.file())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let until = Instant::now() + Duration::from_millis(20 + u64::from(sha256(&[round])[0] / 2));
        let (before, mut line) = (kept.len(), String::new());
        let mut is_killed = false;
        while out.read_line(&mut line).unwrap() > 0 {
            // A line that was cut off tells of nothing.
            if let Some(id) = line
                .strip_prefix("kept ")
                .and_then(|id| id.strip_suffix('\n'))
            {
                kept.push(id.to_owned());
            }
            line.clear();
            if !is_killed && kept.len() > before && Instant::now() > until {
                child.kill().unwrap();
                is_killed = true;
            }
        }
        child.wait().unwrap();
        assert!(is_killed && kept.len() > before, "round {round}");
        let store = Store::new(Arc::new(Embedded::in_file(&folder.file()).unwrap()), keys());
        // The new ones each time, and at the end all again.
        let looked_at = if round < 9 { &kept[before..] } else { &kept };
        for id in looked_at {
            let found = store.get::<String>(Kind::Grant, id).await.unwrap();
            assert_eq!(found.as_ref(), Some(id), "round {round}");
        }
    }
}
