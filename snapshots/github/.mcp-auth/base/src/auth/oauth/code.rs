//! Authorization codes (RFC 6749 section 4.1.2): made at the end of a login, redeemed once.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{
    authorize::AuthorizationRequest,
    secrets::random,
    store::{Kind, Outage, Store},
};
use crate::auth::token_cache::now;

/// How long a code is good.
const CODE_SECONDS: u64 = 120;
/// How long a code is recognised, so that a second use is noticed.
const REMEMBERED: Duration = Duration::from_secs(600);

/// What a code stands for.
#[derive(Serialize, Deserialize)]
pub struct Code {
    pub client_id: String,
    pub redirect_uri: String,
    /// The client's PKCE challenge.
    pub challenge: String,
    pub scopes: String,
    /// The id of the grant.
    pub grant: String,
    until: u64,
}

/// What came of redeeming a code.
pub enum Redeemed {
    /// This was the first use.
    Now(Code),
    /// It was used before: whoever has it now or had it then is not the client (RFC 6749 section 4.1.2).
    Again(Code),
    /// There is no such code, or it is too old.
    Unknown,
}

impl Code {
    /// Makes and stores a code; `None` if the system has no randomness to give.
    pub async fn issue(
        store: &Store,
        request: &AuthorizationRequest,
        grant: String,
    ) -> Result<Option<String>, Outage> {
        let Some(code) = random() else {
            return Ok(None);
        };
        let record = Self {
            client_id: request.client_id.clone(),
            redirect_uri: request.redirect_uri.clone(),
            challenge: request.challenge.clone(),
            scopes: request.scopes.clone(),
            grant,
            until: now() + CODE_SECONDS,
        };
        store.insert(Kind::Code, &code, &record, REMEMBERED).await?;
        Ok(Some(code))
    }

    /// Uses a code up. Of parallel tries one comes first.
    pub async fn redeem(store: &Store, code: &str) -> Result<Redeemed, Outage> {
        let Some(record) = store.get::<Self>(Kind::Code, code).await? else {
            return Ok(Redeemed::Unknown);
        };
        if !store.insert(Kind::Spent, code, &(), REMEMBERED).await? {
            return Ok(Redeemed::Again(record));
        }
        Ok(if now() < record.until {
            Redeemed::Now(record)
        } else {
            Redeemed::Unknown
        })
    }
}
