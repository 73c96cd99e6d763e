//! The store in a Redis, when it is built in: these tests need one, at `REDIS_URL`. Something stands between
//! that can be cut off.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use reqwest::Url;
use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    task::JoinSet,
    time::sleep,
};

use super::store::keys;
use crate::auth::{
    Env,
    oauth::{
        secrets::random,
        store::{Backend, Kind, Redis, Store},
    },
};

const HOUR: Duration = Duration::from_secs(60 * 60);

/// The address of the Redis of the tests.
pub fn redis_url() -> String {
    std::env::var("REDIS_URL").expect("these tests need a Redis: set REDIS_URL")
}

/// The Redis of the tests.
pub fn backend() -> Arc<dyn Backend> {
    Arc::new(Redis::new(&redis_url()).unwrap())
}

/// What happens to the bytes on their way.
#[derive(Clone, Copy)]
pub enum Way {
    Open,
    /// They are accepted and go nowhere.
    Stuck,
}

/// A way to the Redis, on a port of its own. It closes when it is dropped.
pub struct Path(JoinSet<()>);

impl Path {
    /// Port 0 is any that is free.
    pub async fn open(port: u16, way: Way) -> (Self, u16) {
        let listener = TcpListener::bind(("127.0.0.1", port)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let target = Url::parse(&redis_url()).unwrap();
        let target = (
            target.host_str().unwrap().to_owned(),
            target.port().unwrap_or(6379),
        );
        let mut tasks = JoinSet::new();
        tasks.spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((mut near, _)) = listener.accept().await {
                let target = target.clone();
                connections.spawn(async move {
                    match way {
                        Way::Stuck => std::future::pending().await,
                        Way::Open => {
                            let mut far = TcpStream::connect(target).await.unwrap();
                            drop(copy_bidirectional(&mut near, &mut far).await);
                        }
                    }
                });
            }
        });
        (Self(tasks), port)
    }

    pub async fn close(mut self) {
        self.0.shutdown().await;
        sleep(Duration::from_millis(50)).await;
    }
}

/// The address of the Redis by such a way.
pub fn url_at(port: u16) -> String {
    let mut url = Url::parse(&redis_url()).unwrap();
    url.set_host(Some("127.0.0.1")).unwrap();
    url.set_port(Some(port)).unwrap();
    url.into()
}

fn store_at(port: u16) -> Store {
    let env = Env::of([("STORE_URL".to_owned(), url_at(port))]);
    env.read(|env| Store::read(env, keys())).unwrap()
}

#[tokio::test]
async fn a_redis_that_is_down_is_an_outage_soon_and_works_again_at_once() {
    let (path, port) = Path::open(0, Way::Open).await;
    let (store, id) = (store_at(port), random().unwrap());
    assert!(store.insert(Kind::Grant, &id, &1, HOUR).await.unwrap());
    let mut path = path;
    for _ in 0..3 {
        path.close().await;
        let start = Instant::now();
        assert!(store.get::<u8>(Kind::Grant, &id).await.is_err());
        assert!(store.take::<u8>(Kind::Grant, &id).await.is_err());
        assert!(
            start.elapsed() < Duration::from_secs(1),
            "{:?}",
            start.elapsed()
        );
        (path, _) = Path::open(port, Way::Open).await;
        assert_eq!(store.get(Kind::Grant, &id).await.unwrap(), Some(1));
    }
    // Down and up again while nobody asks is not noticed at all.
    path.close().await;
    let (path, _) = Path::open(port, Way::Open).await;
    assert_eq!(store.take(Kind::Grant, &id).await.unwrap(), Some(1));
    path.close().await;
}

#[tokio::test]
async fn a_redis_that_does_not_answer_is_an_outage_for_all_in_time() {
    let (path, port) = Path::open(0, Way::Open).await;
    let (store, id) = (store_at(port), random().unwrap());
    assert!(store.insert(Kind::Grant, &id, &1, HOUR).await.unwrap());
    path.close().await;
    let (path, _) = Path::open(port, Way::Stuck).await;
    let start = Instant::now();
    let asking = (0..20).map(|_| store.get::<u8>(Kind::Grant, &id));
    let answers = futures_util::future::join_all(asking).await;
    assert!(answers.iter().all(Result::is_err));
    assert!(
        start.elapsed() < Duration::from_millis(2500),
        "{:?}",
        start.elapsed()
    );
    path.close().await;
    let (path, _) = Path::open(port, Way::Open).await;
    assert_eq!(store.take(Kind::Grant, &id).await.unwrap(), Some(1));
    path.close().await;
}

#[tokio::test]
async fn a_redis_that_was_never_there_is_no_problem_at_the_start() {
    let (path, port) = Path::open(0, Way::Open).await;
    path.close().await;
    let store = store_at(port);
    assert!(store.get::<u8>(Kind::Grant, "id").await.is_err());
    let (path, _) = Path::open(port, Way::Open).await;
    assert_eq!(store.get::<u8>(Kind::Grant, "id").await.unwrap(), None);
    path.close().await;
}

#[tokio::test]
async fn a_wrong_password_is_an_outage_that_does_not_show_it() {
    let mut url = Url::parse(&redis_url()).unwrap();
    url.set_username("nobody").unwrap();
    url.set_password(Some("open-sesame")).unwrap();
    let store = Store::new(Arc::new(Redis::new(url.as_str()).unwrap()), keys());
    let outage = store.get::<u8>(Kind::Grant, "id").await.unwrap_err();
    assert!(!outage.0.contains("sesame"), "{}", outage.0);
}
