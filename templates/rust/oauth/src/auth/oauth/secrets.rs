//! The keys of this authorization server: one secret from the configuration, a key of its own for each purpose
//! (HKDF, RFC 5869), so that what was made for one use is worthless for another. Pure but for randomness.

use std::sync::Arc;

use aws_lc_rs::{
    aead::{self, AES_256_GCM_SIV, Aad, LessSafeKey, Nonce, UnboundKey},
    constant_time, digest,
    hkdf::{HKDF_SHA256, KeyType, Prk, Salt},
    hmac,
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};

use crate::auth::{Env, Provider};

/// The shortest secret, in bytes: as long as the keys made from it.
const MIN_BYTES: usize = 32;
const TAG_BYTES: usize = 16;

/// What a key is for. Each purpose has a key of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Records in the store.
    Store,
    /// Registrations, which travel as `client_id`.
    Client,
    /// Authorization requests on their way through the consent page.
    Request,
    /// Cookies and the consent form.
    Browser,
    /// Signatures of access tokens.
    AccessToken,
    /// Refresh tokens.
    RefreshToken,
}

impl Purpose {
    fn info(self) -> &'static [u8] {
        match self {
            Self::Store => b"store",
            Self::Client => b"client",
            Self::Request => b"request",
            Self::Browser => b"browser",
            Self::AccessToken => b"access token",
            Self::RefreshToken => b"refresh token",
        }
    }
}

/// The configured secrets, the newest first. The first one seals and signs; all of them open and verify.
pub struct Keys(Vec<Prk>);

impl Keys {
    /// Reads `AUTH_SIGNING_KEY`; `None` after recording a problem. `base` is the origin of this server.
    pub fn read(env: &mut Env, base: &str) -> Option<Arc<Self>> {
        const HOW: &str = "make one with `mcp-auth secret` or `openssl rand -base64 32`";
        let Some(text) = env.secret("AUTH_SIGNING_KEY") else {
            env.problem(format!("AUTH_SIGNING_KEY is not set; {HOW}"));
            return None;
        };
        let decoded: Option<Vec<Vec<u8>>> = text.reveal().split(',').map(from_base64).collect();
        let keys = decoded.and_then(|secrets| Self::of(&secrets, base));
        if keys.is_none() {
            env.problem(format!(
                "AUTH_SIGNING_KEY must be {MIN_BYTES} random bytes or more as base64 (several, separated by \
                 commas, while changing it); {HOW}"
            ));
        }
        keys.map(Arc::new)
    }

    /// Keys from these secrets; `None` if there is none, or one is short or plainly not random.
    ///
    /// They are those of this server alone: another one with the same secret, and the same store, has other people,
    /// and another rule who may come in.
    pub fn of(secrets: &[Vec<u8>], base: &str) -> Option<Self> {
        let is_good = |secret: &Vec<u8>| {
            secret.len() >= MIN_BYTES && secret.iter().any(|byte| Some(byte) != secret.first())
        };
        if secrets.is_empty() || !secrets.iter().all(is_good) {
            return None;
        }
        let server = format!("mcp-auth 1\0{}\0{base}", Provider::NAME);
        let salt = Salt::new(HKDF_SHA256, server.as_bytes());
        Some(Self(
            secrets.iter().map(|secret| salt.extract(secret)).collect(),
        ))
    }

    /// Encrypts and authenticates. `context` must be given again to open; it is not in the result.
    ///
    /// `None` if the system has no randomness to give.
    pub fn seal(&self, purpose: Purpose, context: &[u8], plain: &[u8]) -> Option<Vec<u8>> {
        let mut nonce = [0; aead::NONCE_LEN];
        getrandom::fill(&mut nonce).ok()?;
        let mut sealed = Vec::with_capacity(nonce.len() + plain.len() + TAG_BYTES);
        sealed.extend_from_slice(&nonce);
        sealed.extend_from_slice(plain);
        let tag = sealing_key(self.0.first()?, purpose)?
            .seal_in_place_separate_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(context),
                sealed.get_mut(aead::NONCE_LEN..)?,
            )
            .ok()?;
        sealed.extend_from_slice(tag.as_ref());
        Some(sealed)
    }

    /// What was sealed for this purpose and context by any of the keys; `None` for everything else.
    pub fn open(&self, purpose: Purpose, context: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
        let (nonce, ciphertext) = sealed.split_first_chunk::<{ aead::NONCE_LEN }>()?;
        self.0.iter().find_map(|key| {
            let mut plain = ciphertext.to_vec();
            let nonce = Nonce::assume_unique_for_key(*nonce);
            let length = sealing_key(key, purpose)?
                .open_in_place(nonce, Aad::from(context), &mut plain)
                .ok()?
                .len();
            plain.truncate(length);
            Some(plain)
        })
    }

    /// A proof that this server has seen these parts (HMAC-SHA-256, base64url).
    pub fn proof(&self, purpose: Purpose, parts: &[&str]) -> Option<String> {
        proof(self.0.first()?, purpose, parts)
    }

    /// Whether `claimed` is the proof of these parts by any of the keys. Takes the same time for every wrong one.
    pub fn proves(&self, purpose: Purpose, parts: &[&str], claimed: &str) -> bool {
        self.0
            .iter()
            .filter_map(|key| proof(key, purpose, parts))
            .any(|expected| is_same(&expected, claimed))
    }

    /// The raw keys for a purpose whose algorithm a library does.
    pub fn raw(&self, purpose: Purpose) -> Option<Vec<[u8; 32]>> {
        self.0.iter().map(|key| raw(key, purpose)).collect()
    }
}

fn sealing_key(key: &Prk, purpose: Purpose) -> Option<LessSafeKey> {
    let key = UnboundKey::new(&AES_256_GCM_SIV, &raw(key, purpose)?).ok()?;
    Some(LessSafeKey::new(key))
}

fn proof(key: &Prk, purpose: Purpose, parts: &[&str]) -> Option<String> {
    let key = hmac::Key::new(hmac::HMAC_SHA256, &raw(key, purpose)?);
    let mut context = hmac::Context::with_key(&key);
    for part in parts {
        // Lengths keep ("ab", "c") and ("a", "bc") apart.
        context.update(&part.len().to_be_bytes());
        context.update(part.as_bytes());
    }
    Some(BASE64_URL_SAFE_NO_PAD.encode(context.sign()))
}

/// A key for one purpose. The length is one that HKDF can always give.
fn raw(key: &Prk, purpose: Purpose) -> Option<[u8; 32]> {
    struct Bytes;
    impl KeyType for Bytes {
        fn len(&self) -> usize {
            32
        }
    }
    let mut bytes = [0; 32];
    let info = [purpose.info()];
    key.expand(&info, Bytes).ok()?.fill(&mut bytes).ok()?;
    Some(bytes)
}

/// 256 random bits as base64url, 43 characters; `None` if the system has no randomness to give.
pub fn random() -> Option<String> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).ok()?;
    Some(BASE64_URL_SAFE_NO_PAD.encode(bytes))
}

/// SHA-256.
pub fn sha256(data: &[u8]) -> [u8; 32] {
    let mut hash = [0; 32];
    hash.copy_from_slice(digest::digest(&digest::SHA256, data).as_ref());
    hash
}

/// Whether two texts are the same; how long it takes does not tell where they differ.
pub fn is_same(one: &str, other: &str) -> bool {
    constant_time::verify_slices_are_equal(one.as_bytes(), other.as_bytes()).is_ok()
}

/// Either alphabet, padded or not: people paste what their tool gave them.
fn from_base64(text: &str) -> Option<Vec<u8>> {
    let text = text.trim().trim_end_matches('=');
    let text = text.replace('+', "-").replace('/', "_");
    BASE64_URL_SAFE_NO_PAD.decode(text).ok()
}
