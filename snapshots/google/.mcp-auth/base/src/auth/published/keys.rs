//! Which key verifies which token, and whether the signature is right. Pure.
//! A token's header only chooses among keys that are already trusted; `jku`, `x5u` and `jwk` are ignored.

use std::collections::BTreeSet;

use aws_lc_rs::digest;
use jsonwebtoken::{
    Algorithm, AlgorithmFamily, DecodingKey, Header, Validation, decode, decode_header,
    errors::ErrorKind,
    jwk::{AlgorithmParameters, EllipticCurve, Jwk, KeyOperations, PublicKeyUse},
};
use serde::Deserialize;
use serde_json::Value;

use crate::auth::{claims::Claims, identity::Denied};

/// More keys than any issuer publishes.
const MAX_KEYS: usize = 100;

/// Trusted keys.
#[derive(Default)]
pub struct KeySet(Vec<Key>);

struct Key {
    id: Option<String>,
    algorithms: Vec<Algorithm>,
    key: DecodingKey,
    fingerprint: Vec<u8>,
}

/// The outcome of looking for the key of a token.
pub enum Found<'a> {
    /// The key to verify with.
    One(&'a DecodingKey),
    /// No key fits.
    None,
    /// More than one could have signed it.
    Many,
}

/// A JSON Web Key Set (RFC 7517 section 5), with its keys still unread.
#[derive(Deserialize)]
pub struct Document {
    keys: Vec<Value>,
}

/// One key that was not published, and what it may be used with.
impl From<(DecodingKey, Vec<Algorithm>)> for KeySet {
    fn from((key, algorithms): (DecodingKey, Vec<Algorithm>)) -> Self {
        Self(vec![Key {
            id: None,
            algorithms,
            key,
            fingerprint: Vec::new(),
        }])
    }
}

/// The header of a token that has one, with nothing in it that this server does not know.
///
/// # Errors
/// `Invalid` for everything else.
pub fn header(token: &str) -> Result<Header, Denied> {
    if token.bytes().filter(|byte| *byte == b'.').count() != 2 {
        return Err(Denied::invalid("it is not a signed JWT"));
    }
    // The library's own words would repeat parts of the header, which anybody may have written.
    let header = decode_header(token)
        .map_err(|_| Denied::invalid("its header is broken or names an unknown algorithm"))?;
    match header.crit {
        None => Ok(header),
        Some(_) => Err(Denied::invalid(
            "it demands an extension that is not known here",
        )),
    }
}

impl KeySet {
    /// The usable keys of a document; `None` if it names absurdly many. An odd key is skipped.
    pub fn published(document: Document) -> Option<Self> {
        if document.keys.len() > MAX_KEYS {
            return None;
        }
        Some(Self(
            document
                .keys
                .into_iter()
                .filter_map(Key::published)
                .collect(),
        ))
    }

    /// The key that the header of a token asks for. Keys without an id, such as configured ones, serve
    /// tokens whose key is not among the named ones.
    pub fn find(&self, header: &Header) -> Found<'_> {
        let fitting = || {
            self.0
                .iter()
                .filter(|key| key.algorithms.contains(&header.alg))
        };
        let named = fitting().filter(|key| key.id.is_some() && key.id == header.kid);
        match only(named) {
            Found::None => only(fitting().filter(|key| key.id.is_none() || header.kid.is_none())),
            found => found,
        }
    }

    /// The claims of a token, once its signature is proved. Only the key's own algorithms are tried.
    ///
    /// # Errors
    /// `Invalid` if no key or more than one fits, or the signature is wrong.
    pub fn claims_of(&self, token: &str, header: &Header) -> Result<Claims, Denied> {
        let key = match self.find(header) {
            Found::One(key) => key,
            Found::None => return Err(Denied::invalid("no key fits it")),
            Found::Many => return Err(Denied::invalid("several keys fit it")),
        };
        let mut validation = Validation::new(header.alg);
        // Whoever asks does these, where what is missing or misshapen is an error too.
        validation.required_spec_claims.clear();
        validation.validate_exp = false;
        validation.validate_aud = false;
        decode::<Claims>(token, key, &validation)
            .map(|token| token.claims)
            .map_err(|error| match error.kind() {
                ErrorKind::InvalidSignature => Denied::invalid("its signature is wrong"),
                _ => Denied::invalid("its claims are broken"),
            })
    }

    /// Whether there is a key here that `newer` does not have any more.
    pub fn has_lost_keys_in(&self, newer: &Self) -> bool {
        let newer: BTreeSet<_> = newer.0.iter().map(|key| &key.fingerprint).collect();
        self.0.iter().any(|key| !newer.contains(&key.fingerprint))
    }
}

fn only<'a>(mut keys: impl Iterator<Item = &'a Key>) -> Found<'a> {
    match (keys.next(), keys.next()) {
        (None, _) => Found::None,
        (Some(key), None) => Found::One(&key.key),
        (Some(_), Some(_)) => Found::Many,
    }
}

impl Key {
    /// A published key, if it is one for signatures that this server knows.
    fn published(jwk: Value) -> Option<Self> {
        let fingerprint = digest::digest(&digest::SHA256, jwk.to_string().as_bytes());
        let jwk = Jwk::deserialize(jwk).ok()?;
        let common = &jwk.common;
        if common
            .public_key_use
            .as_ref()
            .is_some_and(|usage| *usage != PublicKeyUse::Signature)
        {
            return None;
        }
        if common
            .key_operations
            .as_ref()
            .is_some_and(|can| !can.contains(&KeyOperations::Verify))
        {
            return None;
        }
        let mut algorithms = algorithms_of(&jwk.algorithm)?;
        if let Some(only) = common.key_algorithm {
            let only: Algorithm = only.to_string().parse().ok()?;
            algorithms.retain(|algorithm| *algorithm == only);
        }
        Some(Self {
            id: common.key_id.clone(),
            algorithms,
            key: DecodingKey::from_jwk(&jwk).ok()?,
            fingerprint: fingerprint.as_ref().to_vec(),
        })
    }
}

/// The algorithms that a kind of key can be used with. A published shared secret is no secret.
fn algorithms_of(parameters: &AlgorithmParameters) -> Option<Vec<Algorithm>> {
    match parameters {
        AlgorithmParameters::RSA(_) => Some(AlgorithmFamily::Rsa.algorithms().to_vec()),
        AlgorithmParameters::EllipticCurve(key) => match key.curve {
            EllipticCurve::P256 => Some(vec![Algorithm::ES256]),
            EllipticCurve::P384 => Some(vec![Algorithm::ES384]),
            _ => None,
        },
        AlgorithmParameters::OctetKeyPair(key) if key.curve == EllipticCurve::Ed25519 => {
            Some(vec![Algorithm::EdDSA])
        }
        _ => None,
    }
}
