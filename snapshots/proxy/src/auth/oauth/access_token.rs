//! This server's own access tokens: signed JWTs of the type `at+jwt` (RFC 9068), each bound to a grant.

use jsonwebtoken::{
    Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, decode_header, encode,
};
use serde_json::json;

use super::{
    grants::Grant,
    secrets::{Keys, Purpose, random},
    settings::OauthSettings,
};
use crate::auth::{claims::Claims, identity::Denied, token_cache::now};

/// How long a token is good, in seconds.
pub const LIFETIME_SECONDS: u64 = 3600;
/// How far apart the clocks of several instances may be, in seconds.
const LEEWAY_SECONDS: u64 = 30;
const TYPE: &str = "at+jwt";
/// The claim that names the grant.
pub const GRANT: &str = "grant";

/// Signs and verifies.
pub struct AccessTokens {
    issuer: String,
    audience: Vec<String>,
    sign: EncodingKey,
    verify: Vec<DecodingKey>,
}

impl AccessTokens {
    /// Tokens of this server, for this server.
    pub fn new(settings: &OauthSettings, keys: &Keys) -> Option<Self> {
        let keys = keys.raw(Purpose::AccessToken)?;
        Some(Self {
            issuer: settings.base.clone(),
            audience: vec![settings.resource.clone()],
            sign: EncodingKey::from_secret(keys.first()?),
            verify: keys
                .iter()
                .map(|key| DecodingKey::from_secret(key))
                .collect(),
        })
    }

    /// A token for a grant, with these scopes of it; `None` if the system has no randomness to give.
    pub fn issue(&self, id: &str, grant: &Grant, scopes: &str) -> Option<String> {
        let mut header = Header::new(Algorithm::HS256);
        header.typ = Some(TYPE.to_owned());
        let now = now();
        let claims = json!({
            "iss": self.issuer,
            "aud": self.audience.first(),
            "sub": grant.subject(),
            "client_id": grant.client_id,
            "scope": scopes,
            "iat": now,
            "exp": now + LIFETIME_SECONDS,
            "jti": random()?,
            GRANT: id,
        });
        encode(&header, &claims, &self.sign).ok()
    }

    /// What a token says, and until when (Unix seconds).
    ///
    /// # Errors
    /// `Invalid` for everything that this server did not issue for itself, or that has expired.
    pub fn verify(&self, token: &str) -> Result<(Claims, u64), Denied> {
        let claims = self.read(token)?;
        match claims.expiry(LEEWAY_SECONDS, now())? {
            Some(expiry) => Ok((claims, expiry)),
            None => Err(Denied::invalid("it has no expiry")),
        }
    }

    /// What a token says, even if it has expired.
    ///
    /// # Errors
    /// `Invalid` for everything that this server did not issue for itself.
    pub fn read(&self, token: &str) -> Result<Claims, Denied> {
        let header =
            decode_header(token).map_err(|_| Denied::invalid("it is not one of our tokens"))?;
        if header.alg != Algorithm::HS256
            || header.typ.as_deref() != Some(TYPE)
            || header.crit.is_some()
        {
            return Err(Denied::invalid("its header is not that of our tokens"));
        }
        let mut validation = Validation::new(Algorithm::HS256);
        // `verify` does these.
        validation.required_spec_claims.clear();
        validation.validate_exp = false;
        validation.validate_aud = false;
        let claims = self
            .verify
            .iter()
            .find_map(|key| decode::<Claims>(token, key, &validation).ok())
            .ok_or_else(|| Denied::invalid("its signature is wrong"))?
            .claims;
        if claims.text("iss") != Some(&self.issuer) {
            return Err(Denied::invalid("its issuer is not this server"));
        }
        claims.ensure_audience(&self.audience)?;
        Ok(claims)
    }
}
