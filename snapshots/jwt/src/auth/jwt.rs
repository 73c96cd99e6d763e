//! Verifies an access token that is a JSON Web Token (RFC 7519, RFC 9068, RFC 8725).
//! Judges the header and the signature, and lists what the claims must say.

mod settings;

use std::time::Duration;

use axum::Router;
use jsonwebtoken::Header;

use self::settings::{JwtSettings, Keys};
use super::{
    Env,
    claims::Claims,
    identity::{Denied, Identity},
    published::keys,
    token_cache::{TokenCache, hash, now},
};

/// How long a verified token is believed without looking at it again.
const REMEMBERED: Duration = Duration::from_secs(300);
/// The kinds of token that are access tokens (RFC 9068 section 2.1) or say nothing about it.
const TYPES: [&str; 3] = ["jwt", "at+jwt", "application/at+jwt"];

/// The verifier of this server.
pub struct Jwt {
    settings: JwtSettings,
    verified: TokenCache,
}

impl Jwt {
    /// Reads the configuration; `None` after recording a problem in `env`. `resource` is the
    /// audience that tokens must name unless `AUTH_AUDIENCE` says otherwise.
    pub fn read(env: &mut Env, resource: &str) -> Option<Self> {
        let settings = JwtSettings::read(env, resource)?;
        Some(Self {
            settings,
            verified: TokenCache::new(REMEMBERED),
        })
    }

    /// The authorization servers that issue tokens for this server.
    pub fn issuers(&self) -> Vec<String> {
        vec![self.settings.issuer.clone()]
    }

    /// Whether tokens may have a scope: that is for others to decide.
    pub fn offers(&self, _scope: &str) -> bool {
        true
    }

    /// Pages of its own: none, tokens come from elsewhere.
    pub fn routes<S: Clone + Send + Sync + 'static>(&self) -> Router<S> {
        Router::new()
    }

    /// Who the token stands for.
    ///
    /// # Errors
    /// `Invalid` for a token that is not good for this server, `Unavailable` when its key cannot be got.
    pub async fn verify(&self, token: &str) -> Result<Identity, Denied> {
        let hash = hash(token, self.settings.keys.era());
        if let Some(caller) = self.verified.get(&hash) {
            return Ok(caller);
        }
        let header = self.header(token)?;
        let claims = match &self.settings.keys {
            Keys::Configured(keys) => keys.claims_of(token, &header)?,
            Keys::Published(jwks, _) => {
                let keys = jwks.keys_for(&header).await?;
                keys.claims_of(token, &header)?
            }
        };
        let (caller, expiry) = self.check(claims)?;
        self.verified.put(hash, &caller, expiry, token.len());
        Ok(caller)
    }

    /// What must be true of signed claims: the caller, and when the token expires.
    fn check(&self, claims: Claims) -> Result<(Identity, u64), Denied> {
        let JwtSettings {
            issuer,
            audiences,
            scopes_claim,
            leeway,
            ..
        } = &self.settings;
        if claims.text("iss") != Some(issuer) {
            return Err(Denied::invalid("its issuer is not AUTH_ISSUER"));
        }
        claims.ensure_audience(audiences)?;
        let Some(expiry) = claims.expiry(*leeway, now())? else {
            return Err(Denied::invalid("it has no expiry"));
        };
        Ok((
            claims.identity(issuer.clone(), scopes_claim.as_deref())?,
            expiry,
        ))
    }

    /// The header of a token, if this server works with such tokens at all.
    fn header(&self, token: &str) -> Result<Header, Denied> {
        let header = keys::header(token)?;
        if !self.settings.algorithms.contains(&header.alg) {
            return Err(Denied::invalid(format!(
                "algorithm {:?} is not accepted",
                header.alg
            )));
        }
        match &header.typ {
            Some(typ) if !TYPES.iter().any(|known| typ.eq_ignore_ascii_case(known)) => {
                Err(Denied::invalid("its type is not that of an access token"))
            }
            _ => Ok(header),
        }
    }
}
