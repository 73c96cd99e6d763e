//! Refreshing (OAuth 2.1 section 4.3): each refresh token is used once and gives a new one. A retry soon after
//! gets the same new one, a later use ends the whole family: then somebody has a copy.

use std::time::Duration;

use axum::response::Response;
use serde::{Deserialize, Serialize};

use super::{
    Oauth,
    answers::Refused,
    grants::{Grants, LIFETIME},
    parameters::Parameters,
    secrets::random,
    store::{Kind, Store},
    token::{answer, no_grant},
};
use crate::auth::{scopes::Scopes, token_cache::now};

/// How long a used token may be used again by the same client: for parallel requests and lost answers.
const GRACE_SECONDS: u64 = 30;
/// How recently the provider must have confirmed the grant, in seconds.
const CONFIRMED_SECONDS: u64 = 30;

/// What a refresh token stands for.
#[derive(Serialize, Deserialize)]
pub struct RefreshToken {
    pub client_id: String,
    /// The id of the grant.
    pub grant: String,
}

/// That a refresh token was used.
#[derive(Serialize, Deserialize)]
struct Consumed {
    at: u64,
    successor: String,
}

/// Makes and stores a refresh token.
pub async fn issue(store: &Store, grant: &str, client_id: &str) -> Result<String, Refused> {
    let token = random().ok_or(Refused::Unavailable)?;
    let record = RefreshToken {
        client_id: client_id.to_owned(),
        grant: grant.to_owned(),
    };
    store
        .insert(Kind::Refresh, &token, &record, LIFETIME)
        .await?;
    Ok(token)
}

/// Answers a refresh with new tokens.
pub async fn refresh(
    oauth: &Oauth,
    client_id: &str,
    form: &Parameters,
) -> Result<Response, Refused> {
    let Some(presented) = form.get("refresh_token") else {
        return Err(Refused::Request(
            "invalid_request",
            "refresh_token is missing",
        ));
    };
    let known = oauth.store.get::<RefreshToken>(Kind::Refresh, presented);
    let Some(token) = known.await?.filter(|token| token.client_id == client_id) else {
        return Err(INVALID);
    };
    if !form.name_only(&oauth.settings.resource) {
        let text = "resource is not the address of this MCP server";
        return Err(Refused::Request("invalid_target", text));
    }
    if let Some(consumed) = consumed(oauth, presented).await? {
        ensure_in_time(oauth, &token, &consumed).await?;
    }
    let patience = Grants::patience();
    let confirmed = oauth
        .grants
        .confirmed(&token.grant, CONFIRMED_SECONDS, patience);
    // Up to here nothing is consumed: when the provider is down, the client can come again.
    let grant = confirmed.await.map_err(no_grant)?;
    let scopes = narrowed(&grant.scopes, form.get("scope"))?;
    let successor = successor(oauth, presented, &token).await?;
    answer(oauth, &token.grant, &grant, &scopes, &successor)
}

const INVALID: Refused = Refused::Request(
    "invalid_grant",
    "the refresh token is not valid; log in again",
);

async fn consumed(oauth: &Oauth, token: &str) -> Result<Option<Consumed>, Refused> {
    Ok(oauth.store.get(Kind::Consumed, token).await?)
}

/// Ends the family of a token that comes again too late (RFC 9700 section 4.14.2).
async fn ensure_in_time(
    oauth: &Oauth,
    token: &RefreshToken,
    consumed: &Consumed,
) -> Result<(), Refused> {
    if now() <= consumed.at + GRACE_SECONDS {
        return Ok(());
    }
    tracing::warn!("a used refresh token came again: its family ends here");
    oauth.grants.revoke(&token.grant).await?;
    Err(INVALID)
}

/// The one token that follows this one, however many requests ask at once.
async fn successor(
    oauth: &Oauth,
    presented: &str,
    token: &RefreshToken,
) -> Result<String, Refused> {
    if let Some(consumed) = consumed(oauth, presented).await? {
        ensure_in_time(oauth, token, &consumed).await?;
        return Ok(consumed.successor);
    }
    // The new token is stored first: it must never be given out and not be there.
    let successor = issue(&oauth.store, &token.grant, &token.client_id).await?;
    let record = Consumed {
        at: now(),
        successor: successor.clone(),
    };
    let store = &oauth.store;
    if store
        .insert(Kind::Consumed, presented, &record, remembered())
        .await?
    {
        return Ok(successor);
    }
    // Another request was quicker; nobody knows this one.
    store
        .take::<RefreshToken>(Kind::Refresh, &successor)
        .await?;
    match consumed(oauth, presented).await? {
        Some(consumed) => Ok(consumed.successor),
        None => Err(INVALID),
    }
}

/// As long as the token itself could come again.
fn remembered() -> Duration {
    LIFETIME
}

/// What the new access token is for: all of it, or less (RFC 6749 section 6).
fn narrowed(granted: &str, asked: Option<&str>) -> Result<String, Refused> {
    let Some(asked) = asked else {
        return Ok(granted.to_owned());
    };
    let granted: Scopes = granted.split_ascii_whitespace().collect();
    let asked: Scopes = asked
        .split_ascii_whitespace()
        .filter(|scope| *scope != "offline_access")
        .collect();
    if granted.allow_all(&asked) {
        Ok(asked.to_string())
    } else {
        let text = "scope may only be less than what was granted";
        Err(Refused::Request("invalid_scope", text))
    }
}
