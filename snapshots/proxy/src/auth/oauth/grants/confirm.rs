//! Asks the provider about a grant: whether its token still works, whether the access policy still lets the person in.
//! One instance asks at a time; only the provider's own word ends a grant, not its silence.

use std::time::Duration;

use tokio::time::{Instant, sleep, timeout};

use super::{CHECK_SECONDS, Gone, Grant, Grants, LIFETIME};
use crate::auth::{
    oauth::{
        store::Kind,
        upstream::{Profile, Trouble},
    },
    token_cache::now,
};

/// How long the provider is left alone after it did not answer, in seconds.
const PAUSE_SECONDS: u64 = 60;
/// How long a login lasts when the provider gives no means to ask about it again, in seconds.
const BLIND_SECONDS: u64 = 24 * 60 * 60;
/// How long one instance may keep others from asking: twice checking and once renewing, with time to spare.
const LOCK: Duration = Duration::from_secs(60);
/// How long checking may take, all questions together.
const CHECK_TIMEOUT: Duration = Duration::from_secs(15);

impl Grants {
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
        // If this took longer than the lock holds, another instance may have newer tokens.
        let stored = self.get(id).await?;
        if stored.tokens.access_token != grant.tokens.access_token {
            return Ok(stored);
        }
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
}
