//! The keys that the issuer publishes (RFC 7517): fetched when first needed, kept fresh, and still
//! used while the issuer is out of order. However many tokens arrive, the issuer is asked rarely.

use std::{
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use jsonwebtoken::Header;
use reqwest::{Client, Url};
use tokio::{
    sync::Mutex,
    time::{Instant, timeout},
};

use super::{
    discovery::{Issuer, keys_address},
    keys::{Document, Found, KeySet},
};
use crate::auth::{fetch::Failure, identity::Denied, json};

/// How long keys are used when the issuer does not say, and the bounds of what it may say.
const LIFETIME: Duration = Duration::from_secs(10 * 60);
const SHORTEST: Duration = Duration::from_secs(60);
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);
/// How long keys are used while newer ones cannot be fetched.
const STALE: Duration = Duration::from_secs(24 * 60 * 60);
/// For how long after that newer ones are fetched without anybody waiting.
const UNNOTICED: Duration = Duration::from_secs(60);
/// At most one fetch in this time because of keys that are not in the set.
const PACE_UNKNOWN: Duration = Duration::from_secs(30);
/// At most one fetch in this time while fetching fails.
const PACE_FAILING: Duration = Duration::from_secs(5);

/// How long fetching may take, discovery included.
const DOWNLOAD_TIMEOUT: Duration = Duration::from_secs(8);

/// Where the keys are published.
pub enum Source {
    /// In the set that the issuer's metadata names.
    Issuer(Issuer),
    /// At this address.
    Address(Url),
}

impl From<Issuer> for Source {
    fn from(issuer: Issuer) -> Self {
        Self::Issuer(issuer)
    }
}

impl From<Url> for Source {
    fn from(address: Url) -> Self {
        Self::Address(address)
    }
}

/// Counts the times that a key was withdrawn: what was verified in another era must be verified again.
#[derive(Clone, Debug, Default)]
pub struct Era(Arc<AtomicU64>);

impl From<&Era> for u64 {
    fn from(era: &Era) -> Self {
        era.0.load(Ordering::Acquire)
    }
}

/// The published keys.
#[derive(Clone)]
pub struct Jwks(Arc<Inner>);

struct Inner {
    source: Source,
    client: Client,
    known: RwLock<Known>,
    era: Era,
    /// Held by the one who fetches.
    fetching: Mutex<Pace>,
}

#[derive(Clone, Default)]
struct Known {
    keys: Arc<KeySet>,
    fetched: Option<Instant>,
    lifetime: Duration,
    /// The last try to get newer ones failed.
    is_failing: bool,
}

#[derive(Default)]
struct Pace {
    unknown: Option<Instant>,
    failed: Option<Instant>,
}

/// Why keys are fetched.
#[derive(Clone, Copy, PartialEq)]
enum Reason {
    /// There are none, or it is time for newer ones.
    Old,
    /// A token names a key that is not among them.
    Unknown,
}

/// What can be done with keys of a certain age.
enum Age {
    /// Use them.
    Fresh,
    /// Get newer ones; use them meanwhile, or if that fails.
    Stale { may_wait: bool },
    /// Get newer ones first, or do without.
    Useless,
}

impl Jwks {
    /// Fetches nothing yet. `era` is told when a key is withdrawn.
    pub fn new(source: impl Into<Source>, client: Client, era: Era) -> Self {
        Self(Arc::new(Inner {
            source: source.into(),
            client,
            known: RwLock::default(),
            era,
            fetching: Mutex::default(),
        }))
    }

    /// The keys, after whatever fetching this token justifies.
    ///
    /// # Errors
    /// `Unavailable` when there is no usable key and the issuer cannot be asked.
    pub async fn keys_for(&self, header: &Header) -> Result<Arc<KeySet>, Denied> {
        let asked = Instant::now();
        let known = self.0.known();
        let keys = match known.age() {
            Age::Fresh => known.keys,
            Age::Stale { may_wait: false } => {
                self.fetch_in_background();
                known.keys
            }
            Age::Stale { may_wait: true } => {
                self.fetch(Reason::Old, asked).await.unwrap_or(known.keys)
            }
            Age::Useless => self.fetch(Reason::Old, asked).await?,
        };
        match keys.find(header) {
            Found::None => self.fetch(Reason::Unknown, asked).await,
            _ => Ok(keys),
        }
    }

    fn fetch_in_background(&self) {
        if self.0.fetching.try_lock().is_ok() {
            let jwks = self.clone();
            tokio::spawn(async move { jwks.0.fetch(Reason::Old, Instant::now()).await });
        }
    }

    /// In a task of its own: a caller that hangs up must not cancel what others wait for.
    async fn fetch(&self, reason: Reason, asked: Instant) -> Result<Arc<KeySet>, Denied> {
        let jwks = self.clone();
        let fetched = tokio::spawn(async move { jwks.0.fetch(reason, asked).await }).await;
        fetched
            .unwrap_or_else(|_| Err("fetching broke off".to_owned()))
            .map_err(Denied::Unavailable)
    }
}

impl Inner {
    fn known(&self) -> Known {
        self.known
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Fetches the keys, unless that was just done or the pace forbids it.
    async fn fetch(&self, reason: Reason, asked: Instant) -> Result<Arc<KeySet>, String> {
        let mut pace = self.fetching.lock().await;
        let known = self.known();
        // This very request, or somebody while it waited, has fetched already.
        if known.fetched.is_some_and(|fetched| fetched >= asked) {
            return Ok(known.keys);
        }
        if is_recent(pace.failed, PACE_FAILING) {
            return Err("the last try failed a moment ago".to_owned());
        }
        if reason == Reason::Unknown {
            match (is_recent(pace.unknown, PACE_UNKNOWN), pace.failed) {
                (true, None) => return Ok(known.keys),
                // Whether the key exists is not known: the issuer could not be asked.
                (true, Some(_)) => return Err("the last try failed".to_owned()),
                (false, _) => pace.unknown = Some(Instant::now()),
            }
        }
        let downloaded = timeout(DOWNLOAD_TIMEOUT, self.download()).await;
        match downloaded.unwrap_or_else(|_| Err(Failure("it took too long".to_owned()))) {
            Ok((keys, lifetime)) => {
                pace.failed = None;
                let is_withdrawal = known.keys.has_lost_keys_in(&keys);
                let keys = Arc::new(keys);
                let newer = Known {
                    keys: keys.clone(),
                    fetched: Some(Instant::now()),
                    lifetime,
                    is_failing: false,
                };
                *self.known.write().unwrap_or_else(PoisonError::into_inner) = newer;
                if is_withdrawal {
                    self.era.0.fetch_add(1, Ordering::Release);
                }
                Ok(keys)
            }
            Err(failure) => {
                pace.failed = Some(Instant::now());
                self.known
                    .write()
                    .unwrap_or_else(PoisonError::into_inner)
                    .is_failing = true;
                tracing::warn!(%failure, "cannot fetch the issuer's keys");
                Err(failure.to_string())
            }
        }
    }

    async fn download(&self) -> Result<(KeySet, Duration), Failure> {
        let address = match &self.source {
            Source::Address(address) => address.clone(),
            Source::Issuer(issuer) => keys_address(&self.client, issuer).await?,
        };
        let request = self.client.get(address.clone());
        let answer = json::read::<Document>(request)
            .await
            .map_err(|failure| Failure(format!("keys at {address}: {failure}")))?;
        let keys = KeySet::published(answer.body)
            .ok_or_else(|| Failure(format!("keys at {address}: too many")))?;
        let lifetime = answer.max_age.unwrap_or(LIFETIME).clamp(SHORTEST, LONGEST);
        Ok((keys, lifetime))
    }
}

impl Known {
    fn age(&self) -> Age {
        match self.fetched.map(|fetched| fetched.elapsed()) {
            Some(age) if age < self.lifetime => Age::Fresh,
            // While the issuer answers, a key that it has withdrawn must not live on for long; while it
            // does not, nobody waits for it.
            Some(age) if age < self.lifetime + STALE => Age::Stale {
                may_wait: age > self.lifetime + UNNOTICED && !self.is_failing,
            },
            _ => Age::Useless,
        }
    }
}

fn is_recent(time: Option<Instant>, within: Duration) -> bool {
    time.is_some_and(|time| time.elapsed() < within)
}
