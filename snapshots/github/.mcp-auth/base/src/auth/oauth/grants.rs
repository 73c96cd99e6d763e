//! Grants: what a person allowed one client, for as long as the client keeps refreshing (a token family, RFC 9700
//! section 4.14.2). Knows whether a grant is alive, and ends it; `grants/confirm.rs` asks the provider about it.

mod confirm;

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use serde::{Deserialize, Serialize};
use tokio::time::timeout;

use super::{
    authorize::AuthorizationRequest,
    secrets::random,
    store::{Kind, Outage, Store},
    upstream::{Profile, Tokens},
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

    /// Tells the provider that its tokens are not needed any more.
    async fn give_back(&self, grant: &Grant) {
        if let Err(why) = self.provider.revoke(&grant.tokens).await {
            tracing::warn!(%why, "the provider could not be told of a revocation");
        }
    }
}
