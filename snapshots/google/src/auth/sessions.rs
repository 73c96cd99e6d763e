//! Binds the sessions of older clients to the caller that opened them (MCP security best practices,
//! "Session Hijacking"). Keeps no list: each session id carries a proof of whose it is.

use aws_lc_rs::{constant_time, hmac};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};

use super::{identity::Identity, refusal::Refusal};

const SESSION_ID: HeaderName = HeaderName::from_static("mcp-session-id");

/// The key of the proofs. It lives as long as this process, as the sessions do.
pub struct Sessions(hmac::Key);

impl Sessions {
    /// A fresh key; `None` if the system has no randomness to give.
    pub fn new() -> Option<Self> {
        let mut key = [0; 32];
        // aws-lc would first gather randomness of its own, which takes longer than all else at the start.
        getrandom::fill(&mut key).ok()?;
        Some(Self(hmac::Key::new(hmac::HMAC_SHA256, &key)))
    }

    /// Puts a proof behind the session id of a response: `<id>.<proof>`.
    pub fn bind(&self, headers: &mut HeaderMap, caller: &Identity) {
        let Some(id) = headers.get(SESSION_ID).and_then(|id| id.to_str().ok()) else {
            return;
        };
        let bound = format!("{id}.{}", self.proof(id, caller));
        if let Ok(bound) = HeaderValue::try_from(bound) {
            headers.insert(SESSION_ID, bound);
        }
    }

    /// Takes the proof off the session id of a request, if there is one.
    ///
    /// # Errors
    /// Refuses ids that were not given to this caller.
    pub fn unbind(&self, headers: &mut HeaderMap, caller: &Identity) -> Result<(), Refusal> {
        let Some(bound) = headers.get(SESSION_ID) else {
            return Ok(());
        };
        let bound = bound.to_str().map_err(|_| Refusal::UnknownSession)?;
        let (id, proof) = bound.rsplit_once('.').ok_or(Refusal::UnknownSession)?;
        let expected = self.proof(id, caller);
        constant_time::verify_slices_are_equal(expected.as_bytes(), proof.as_bytes())
            .map_err(|_| Refusal::UnknownSession)?;
        let id = HeaderValue::try_from(id).map_err(|_| Refusal::UnknownSession)?;
        // `insert` also drops a second session id, which the service must not see.
        headers.insert(SESSION_ID, id);
        Ok(())
    }

    fn proof(&self, id: &str, caller: &Identity) -> String {
        let mut context = hmac::Context::with_key(&self.0);
        for part in caller.principal().into_iter().chain([id]) {
            // Lengths keep ("ab", "c") and ("a", "bc") apart.
            context.update(&part.len().to_be_bytes());
            context.update(part.as_bytes());
        }
        BASE64_URL_SAFE_NO_PAD.encode(context.sign())
    }
}
