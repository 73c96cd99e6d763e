//! Refreshing (OAuth 2.1 section 4.3): each refresh token is used once and gives a new one. A retry soon after
//! gets the same new one, a later use ends the whole family: then somebody has a copy. A token is its own record,
//! sealed; that it was used is what is stored.

use axum::response::Response;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};

use super::{
    Oauth,
    answers::Refused,
    grants::{Grant, LIFETIME, PATIENCE},
    parameters::Parameters,
    secrets::{Keys, Purpose},
    store::Kind,
    token::{answer, no_grant},
};
use crate::auth::{scopes::Scopes, token_cache::now};

/// How long a used token may be used again by the same client: for parallel requests and lost answers.
const GRACE_SECONDS: u64 = 30;

/// What a refresh token stands for.
#[derive(Serialize, Deserialize)]
pub struct RefreshToken {
    /// The id of the grant.
    pub grant: String,
    /// When it is too late to use it, in Unix seconds.
    until: u64,
}

impl RefreshToken {
    /// Makes one that has not been before; `None` if the system has no randomness to give.
    pub fn issue(keys: &Keys, grant: &str) -> Option<String> {
        let token = Self {
            grant: grant.to_owned(),
            until: now() + LIFETIME.as_secs(),
        };
        let plain = serde_json::to_vec(&token).ok()?;
        let sealed = keys.seal(Purpose::RefreshToken, b"", &plain)?;
        Some(BASE64_URL_SAFE_NO_PAD.encode(sealed))
    }

    /// From its text; `None` if it is not of this server, or too old.
    pub fn open(keys: &Keys, text: &str) -> Option<Self> {
        let sealed = BASE64_URL_SAFE_NO_PAD.decode(text).ok()?;
        let plain = keys.open(Purpose::RefreshToken, b"", &sealed)?;
        let token: Self = serde_json::from_slice(&plain).ok()?;
        (now() < token.until).then_some(token)
    }
}

/// That a refresh token was used, when, and what it gave.
#[derive(Serialize, Deserialize)]
struct Use {
    at: u64,
    successor: String,
}

/// Answers a refresh with new tokens.
pub async fn refresh(
    oauth: &Oauth,
    client_id: &str,
    form: &Parameters,
) -> Result<Response, Refused> {
    let Some(presented) = form.get("refresh_token") else {
        let text = "refresh_token is missing";
        return Err(Refused::Request("invalid_request", text));
    };
    let token = RefreshToken::open(&oauth.keys, presented).ok_or(INVALID)?;
    let grant = oauth.grants.get(&token.grant).await.map_err(no_grant)?;
    if grant.client_id != client_id {
        return Err(INVALID);
    }
    if !form.name_only(&oauth.settings.resource) {
        let text = "resource is not the address of this MCP server";
        return Err(Refused::Request("invalid_target", text));
    }
    let scopes = narrowed(oauth, &grant.scopes, form.get("scope"))?;
    let confirmed = oauth
        .grants
        .confirmed(&token.grant, Grant::is_fresh, PATIENCE);
    // Up to here nothing is used up: when the provider is down, the client can come again.
    let grant = confirmed.await.map_err(no_grant)?;
    let successor = successor(oauth, presented, &token).await?;
    answer(oauth, &token.grant, &grant, &scopes, &successor)
}

const INVALID: Refused = Refused::Request(
    "invalid_grant",
    "the refresh token is not valid; log in again",
);

/// The one token that follows this one, however many requests ask at once. Later its family ends.
async fn successor(
    oauth: &Oauth,
    presented: &str,
    token: &RefreshToken,
) -> Result<String, Refused> {
    let successor = RefreshToken::issue(&oauth.keys, &token.grant).ok_or(Refused::Unavailable)?;
    let this = Use {
        at: now(),
        successor,
    };
    let store = &oauth.store;
    // It is remembered for as long as the token could come again.
    if store.insert(Kind::Use, presented, &this, LIFETIME).await? {
        return Ok(this.successor);
    }
    let earlier: Use = store.get(Kind::Use, presented).await?.ok_or(INVALID)?;
    if now().abs_diff(earlier.at) <= GRACE_SECONDS {
        return Ok(earlier.successor);
    }
    // RFC 9700 section 4.14.2.
    tracing::warn!("a used refresh token came again: its family ends here");
    oauth.grants.revoke(&token.grant).await?;
    Err(INVALID)
}

/// What the new access token is for: all of it, or less (RFC 6749 section 6).
fn narrowed(oauth: &Oauth, granted: &str, asked: Option<&str>) -> Result<String, Refused> {
    // What is not offered any more is not renewed either.
    let granted: Scopes = granted
        .split_ascii_whitespace()
        .filter(|scope| oauth.offers(scope))
        .collect();
    let asked: Scopes = asked
        .unwrap_or_default()
        .split_ascii_whitespace()
        .filter(|scope| *scope != "offline_access")
        .collect();
    if asked.is_empty() {
        return Ok(granted.to_string());
    }
    if granted.allow_all(&asked) {
        Ok(asked.to_string())
    } else {
        let text = "scope may only be less than what was granted";
        Err(Refused::Request("invalid_scope", text))
    }
}
