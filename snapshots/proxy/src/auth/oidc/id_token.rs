//! Verifies an `id_token` (OpenID Connect Core section 3.1.3.7): signature, issuer, audience, time, nonce.
//! What it says is believed only after that.

use serde_json::{Map, Value};

use crate::auth::{
    claims::Claims,
    identity::Denied,
    oauth::upstream::Trouble,
    published::{jwks::Jwks, keys},
    token_cache::now,
};

/// How far the clocks of two honest machines may differ, in seconds.
const LEEWAY: u64 = 60;

/// What an `id_token` must say.
pub struct Expected<'a> {
    /// `iss` must be one of these, byte for byte.
    pub issuers: &'a [String],
    /// `aud` must name this client.
    pub client_id: &'a str,
    /// The nonce of the login; `None` when tokens are refreshed.
    pub nonce: Option<&'a str>,
}

/// The claims of a token that is good in every respect.
///
/// # Errors
/// `Unavailable` when there is no key and none can be fetched, `Broken` for everything else.
pub async fn verify(
    keys: &Jwks,
    token: &str,
    expected: &Expected<'_>,
) -> Result<Map<String, Value>, Trouble> {
    let header = keys::header(token).map_err(trouble)?;
    // An access token of the same issuer is not an identity.
    if header
        .typ
        .as_ref()
        .is_some_and(|typ| !typ.eq_ignore_ascii_case("jwt"))
    {
        return Err(trouble(Denied::invalid(
            "its type is not that of an id_token",
        )));
    }
    let keys = keys.keys_for(&header).await.map_err(trouble)?;
    let claims = keys.claims_of(token, &header).map_err(trouble)?;
    expected.judge(&claims, now()).map_err(trouble)?;
    Ok(claims.into())
}

impl Expected<'_> {
    /// Whether signed claims are good at this time.
    ///
    /// # Errors
    /// `Invalid`, with the reason.
    pub fn judge(&self, claims: &Claims, now: u64) -> Result<(), Denied> {
        let is_issuer = |name| self.issuers.iter().any(|issuer| issuer == name);
        if !claims.text("iss").is_some_and(is_issuer) {
            return Err(Denied::invalid("its issuer is not the upstream"));
        }
        claims
            .ensure_audience(&[self.client_id.to_owned()])
            .map_err(|_| Denied::invalid("its audience is not AUTH_CLIENT_ID"))?;
        let has_others = claims
            .get("aud")
            .and_then(Value::as_array)
            .is_some_and(|audiences| audiences.len() > 1);
        match claims.get("azp") {
            None if has_others => {
                return Err(Denied::invalid("it has several audiences and no `azp`"));
            }
            Some(party) if party.as_str() != Some(self.client_id) => {
                return Err(Denied::invalid("it was issued to another client"));
            }
            _ => {}
        }
        if claims.expiry(LEEWAY, now)?.is_none() {
            return Err(Denied::invalid("it has no expiry"));
        }
        if claims.text("sub").is_none() {
            return Err(Denied::invalid("it names nobody"));
        }
        if self.nonce.is_some() && claims.text("nonce") != self.nonce {
            return Err(Denied::invalid("its nonce is not the one of this login"));
        }
        Ok(())
    }
}

/// Makes sure that a later `id_token` continues the first (OpenID Connect Core section 12.2).
///
/// # Errors
/// `Broken` if it is about another person or another login.
pub fn ensure_continued(
    first: &Map<String, Value>,
    later: &Map<String, Value>,
) -> Result<(), Trouble> {
    let is_same = |claim: &str| first.get(claim) == later.get(claim);
    let is_another = !is_same("iss") || !is_same("sub");
    if is_another && !first.is_empty() {
        return Err(Trouble::Broken(
            "the new id_token is another person's".to_owned(),
        ));
    }
    if later.contains_key("nonce") && !is_same("nonce") {
        return Err(Trouble::Broken(
            "the new id_token is of another login".to_owned(),
        ));
    }
    Ok(())
}

fn trouble(denied: Denied) -> Trouble {
    match denied {
        Denied::Invalid(why) => Trouble::Broken(format!("the id_token is not good: {why}")),
        Denied::Unavailable(why) => Trouble::Unavailable(why),
    }
}
