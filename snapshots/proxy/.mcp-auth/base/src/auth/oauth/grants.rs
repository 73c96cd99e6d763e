//! Grants: what a person allowed one client, for as long as the client keeps refreshing (a token family, RFC 9700
//! section 4.14.2). Knows whether a grant is alive, asks the provider about it now and then, ends it.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use serde::{Deserialize, Serialize};
use tokio::time::{Instant, sleep, timeout};

use super::{
    authorize::AuthorizationRequest,
    secrets::random,
    store::{Kind, Outage, Store},
    upstream::{Profile, Tokens, Trouble},
};
use crate::auth::{Provider, env::Secret, token_cache::now};

/// How long a grant lives after its last refresh.
pub const LIFETIME: Duration = Duration::from_secs(30 * 24 * 60 * 60);
/// How often the provider is asked about a grant that is in use, in seconds.
const CHECK_SECONDS: u64 = 300;
/// How recently it must have confirmed a grant that is refreshed, in seconds.
const FRESH_SECONDS: u64 = 30;
/// How long a call waits for its word.
const MOMENT: Duration = Duration::from_secs(2);
/// How long the provider is left alone after it did not answer, in seconds.
const PAUSE_SECONDS: u64 = 60;
/// How long a login lasts when the provider gives no means to ask about it again, in seconds.
const BLIND_SECONDS: u64 = 24 * 60 * 60;
/// How long one instance may keep others from asking: twice checking and once renewing, with time to spare.
const LOCK: Duration = Duration::from_secs(60);
/// How long checking may take, all questions together.
const CHECK_TIMEOUT: Duration = Duration::from_secs(15);
/// How long who can wait does wait for another instance that asks.
pub const PATIENCE: Duration = Duration::from_secs(15);

/// What is stored about a grant.
#[derive(Clone, Serialize, Deserialize)]
pub struct Grant {
    pub client_id: String,
    pub scopes: String,
    pub profile: Profile,
    pub tokens: Tokens,
    /// When the provider last confirmed it, in Unix seconds.
    checked: u64,
}

impl Grant {
    /// A grant for what was just approved.
    pub fn new(request: &AuthorizationRequest, profile: Profile, tokens: Tokens) -> Self {
        Self {
            client_id: request.client_id.clone(),
            scopes: request.scopes.clone(),
            profile,
            tokens,
            checked: now(),
        }
    }

    /// The person, unique among all providers.
    pub fn subject(&self) -> String {
        format!("{}|{}", Provider::NAME, self.profile.id)
    }

    fn age(&self) -> u64 {
        // A time that is still to come was written by a clock that was wrong.
        now().abs_diff(self.checked)
    }

    /// The provider need not be asked before a refresh.
    pub fn is_fresh(&self) -> bool {
        self.age() < FRESH_SECONDS
    }

    /// The provider need not be asked before a call.
    fn is_settled(&self) -> bool {
        self.age() < CHECK_SECONDS
    }

    /// The provider's access token still works.
    fn has_token(&self) -> bool {
        !self.is_expired()
    }

    /// The provider's access token has run out.
    fn is_expired(&self) -> bool {
        self.tokens.expires_at.is_some_and(|at| at <= now() + 60)
    }
}

/// Why there is no grant.
#[derive(Debug)]
pub enum Gone {
    /// It was revoked, or ran out, or the provider took it back: log in again.
    Ended(String),
    /// That cannot be told now.
    Unavailable(String),
}

/// For callers, whom the reason does not help.
impl fmt::Display for Gone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Ended(_) => "the login has ended; log in again",
            Self::Unavailable(_) => "the login provider does not answer; try again later",
        })
    }
}

impl From<Outage> for Gone {
    fn from(Outage(why): Outage) -> Self {
        Self::Unavailable(why)
    }
}

/// All grants. Cheap to clone.
#[derive(Clone)]
pub struct Grants {
    store: Store,
    provider: Arc<Provider>,
    era: Arc<AtomicU64>,
}

impl Grants {
    /// Grants in this store, confirmed by this provider.
    pub fn new(store: Store, provider: Arc<Provider>) -> Self {
        Self {
            store,
            provider,
            era: Arc::default(),
        }
    }

    /// Stores a new grant and gives its id; `None` if the system has no randomness to give.
    pub async fn open(&self, grant: &Grant) -> Result<Option<String>, Outage> {
        let Some(id) = random() else {
            return Ok(None);
        };
        self.store.insert(Kind::Grant, &id, grant, LIFETIME).await?;
        Ok(Some(id))
    }

    /// The grant as it is stored.
    pub async fn get(&self, id: &str) -> Result<Grant, Gone> {
        let grant = self.store.get(Kind::Grant, id).await?;
        grant.ok_or_else(|| Gone::Ended("it was revoked or has run out".to_owned()))
    }

    /// A grant for a call that has not been seen for a while.
    pub async fn alive(&self, id: &str) -> Result<Grant, Gone> {
        let grant = self.get(id).await?;
        if grant.is_settled() {
            return Ok(grant);
        }
        let confirmed = self.confirmed(id, Grant::is_settled, Duration::ZERO);
        // Only the provider's own word ends a grant, not its silence.
        match timeout(MOMENT, confirmed).await {
            Ok(Err(Gone::Unavailable(_))) | Err(_) => Ok(grant),
            Ok(confirmed) => confirmed,
        }
    }

    /// An access token of the provider that works for a while, renewed if need be.
    pub async fn upstream_token(&self, id: &str) -> Result<Secret, Gone> {
        let grant = self.confirmed(id, Grant::has_token, PATIENCE).await?;
        if grant.has_token() {
            return Ok(grant.tokens.access_token.into());
        }
        Err(Gone::Ended("the provider's token has run out".to_owned()))
    }

    /// The grant, confirmed by the provider, with the access policy applied again, unless it is good `enough`.
    /// In a task of its own: new tokens must not be lost when a client hangs up.
    pub async fn confirmed(
        &self,
        id: &str,
        enough: fn(&Grant) -> bool,
        patience: Duration,
    ) -> Result<Grant, Gone> {
        let (grants, id) = (self.clone(), id.to_owned());
        let task = tokio::spawn(async move { grants.confirm(&id, enough, patience).await });
        task.await
            .unwrap_or_else(|_| Err(Gone::Unavailable("confirming broke off".to_owned())))
    }

    /// Changes when a grant ends here: whoever has seen it alive has to look again.
    pub fn era(&self) -> u64 {
        self.era.load(Ordering::Relaxed)
    }

    /// Ends a grant: its tokens are worthless from now on, and the provider is told. In a task of its own, so that it is
    /// told even if the client hangs up.
    pub async fn revoke(&self, id: &str) -> Result<(), Outage> {
        let (grants, id) = (self.clone(), id.to_owned());
        let task = tokio::spawn(async move {
            let grant: Option<Grant> = grants.store.take(Kind::Grant, &id).await?;
            grants.era.fetch_add(1, Ordering::Relaxed);
            if let Some(grant) = grant {
                grants.give_back(&grant).await;
            }
            Ok(())
        });
        task.await
            .unwrap_or_else(|_| Err(Outage("revoking broke off".to_owned())))
    }

    async fn confirm(
        &self,
        id: &str,
        enough: fn(&Grant) -> bool,
        patience: Duration,
    ) -> Result<Grant, Gone> {
        let started = Instant::now();
        loop {
            let grant = self.get(id).await?;
            if enough(&grant) {
                return Ok(grant);
            }
            if grant.is_expired() && grant.tokens.refresh_token.is_none() {
                return self.blind(id, grant).await;
            }
            // One asks at a time: a provider's refresh token often works only once.
            if self.store.insert(Kind::Lock, id, &(), LOCK).await? {
                let locked = Instant::now();
                let asked = self.ask(id).await;
                // Later it is another's.
                if locked.elapsed() < LOCK {
                    self.store.take::<()>(Kind::Lock, id).await?;
                }
                return asked;
            }
            if started.elapsed() >= patience {
                return Err(Gone::Unavailable("somebody else is asking".to_owned()));
            }
            sleep(Duration::from_millis(100)).await;
        }
    }

    /// The provider cannot be asked about this one any more.
    async fn blind(&self, id: &str, grant: Grant) -> Result<Grant, Gone> {
        if grant.age() < BLIND_SECONDS && self.provider.allows(&grant.profile) {
            return Ok(grant);
        }
        self.revoke(id).await?;
        Err(Gone::Ended("the provider's session is over".to_owned()))
    }

    /// Asks the provider about a grant. Its refresh token is used when the access token has run out or is refused.
    async fn ask(&self, id: &str) -> Result<Grant, Gone> {
        // Read again: somebody may have changed it before the lock was free.
        let mut grant = self.get(id).await?;
        let mut answer = if grant.is_expired() {
            Err(Trouble::Refused("its token has run out".to_owned()))
        } else {
            self.check(&grant).await
        };
        if matches!(answer, Err(Trouble::Refused(_))) && grant.tokens.refresh_token.is_some() {
            answer = match self.provider.refresh(&grant.tokens).await {
                Ok((tokens, outcome)) => {
                    grant.tokens = tokens;
                    // At once: the old ones may be spent.
                    self.keep(id, &grant).await?;
                    match outcome {
                        Ok(()) => self.check(&grant).await,
                        Err(trouble) => Err(trouble),
                    }
                }
                Err(trouble) => Err(trouble),
            };
        }
        self.judge(id, grant, answer).await
    }

    async fn check(&self, grant: &Grant) -> Result<Profile, Trouble> {
        let checked = self.provider.check(&grant.tokens, &grant.profile);
        let late = |_| Err(Trouble::Unavailable("it took too long".to_owned()));
        timeout(CHECK_TIMEOUT, checked).await.unwrap_or_else(late)
    }

    /// Stores what the provider's answer means for a grant.
    async fn judge(
        &self,
        id: &str,
        mut grant: Grant,
        answer: Result<Profile, Trouble>,
    ) -> Result<Grant, Gone> {
        let unavailable = match answer {
            Ok(profile) => {
                (grant.profile, grant.checked) = (profile, now());
                None
            }
            Err(Trouble::Refused(why)) => {
                self.revoke(id).await?;
                return Err(Gone::Ended(why));
            }
            Err(Trouble::Forbidden { account }) => {
                self.revoke(id).await?;
                return Err(Gone::Ended(format!("{account:?} may not use this server")));
            }
            Err(Trouble::Unavailable(why) | Trouble::Broken(why)) => {
                // As if confirmed a while ago, so that calls do not ask again at once.
                grant.checked = grant.checked.max(now() + PAUSE_SECONDS - CHECK_SECONDS);
                Some(why)
            }
        };
        // If this took longer than the lock holds, another instance may have newer tokens.
        let stored = self.get(id).await?;
        if stored.tokens.access_token != grant.tokens.access_token {
            return Ok(stored);
        }
        self.keep(id, &grant).await?;
        match unavailable {
            None => Ok(grant),
            Some(why) => Err(Gone::Unavailable(why)),
        }
    }

    /// Stores a grant if it is still there: a revocation meanwhile must last, and then these tokens end too.
    async fn keep(&self, id: &str, grant: &Grant) -> Result<(), Gone> {
        let store = &self.store;
        if store.replace(Kind::Grant, id, grant, LIFETIME).await? {
            return Ok(());
        }
        self.give_back(grant).await;
        Err(Gone::Ended("it was revoked".to_owned()))
    }

    async fn give_back(&self, grant: &Grant) {
        if let Err(why) = self.provider.revoke(&grant.tokens).await {
            tracing::warn!(%why, "the provider could not be told of a revocation");
        }
    }
}
