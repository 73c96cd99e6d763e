//! An issuer of access tokens with an RSA key of its own.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use aws_lc_rs::{
    encoding::{AsDer, PublicKeyX509Der},
    rand::SystemRandom,
    rsa::KeySize,
    signature::{
        KeyPair, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, RsaKeyPair,
    },
};
use base64::{Engine, prelude::BASE64_STANDARD, prelude::BASE64_URL_SAFE_NO_PAD};

use crate::Result;

/// The issuer that the servers trust. Nobody asks it anything: they have its key.
pub const ISSUER: &str = "https://issuer.invalid";
/// The public address of the servers; their tokens are for `/mcp` under it.
pub const BASE_URL: &str = "http://localhost:8000";

const KEY_ID: &str = "load-2048";

/// Signs tokens with RS256 and 2048 bits, as most providers do.
pub struct Issuer(RsaKeyPair);

impl Issuer {
    /// With a new key.
    pub fn new() -> Result<Self> {
        Ok(Self(RsaKeyPair::generate(KeySize::Rsa2048)?))
    }

    /// The public key for `JWT_PUBLIC_KEY`.
    pub fn public_pem(&self) -> Result<String> {
        let key: PublicKeyX509Der<'_> = self.0.public_key().as_der()?;
        let text = BASE64_STANDARD.encode(key.as_ref());
        let lines: Vec<_> = text
            .as_bytes()
            .chunks(64)
            .map(String::from_utf8_lossy)
            .collect();
        Ok(format!(
            "-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n",
            lines.join("\n")
        ))
    }

    /// The key set (RFC 7517) for `AUTH_JWKS_URL`.
    pub fn key_set(&self) -> Result<String> {
        // RFC 8017: a sequence of modulus and exponent; the exponent is 65537.
        let key = self.0.public_key().as_ref();
        let modulus = key
            .get(9..265)
            .filter(|_| key.len() == 270)
            .ok_or("an odd RSA key")?;
        Ok(format!(
            r#"{{"keys":[{{"kty":"RSA","use":"sig","alg":"RS256","kid":"{KEY_ID}","n":"{}","e":"AQAB"}}]}}"#,
            encode(modulus)
        ))
    }

    /// How long one bare verification takes, with the library that the servers use.
    pub fn time_to_verify(&self) -> Result<Duration> {
        const TIMES: u32 = 2000;
        let (message, signature) = (b"a message", self.sign(b"a message")?);
        let key = ParsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, self.0.public_key().as_ref())?;
        let start = Instant::now();
        for _ in 0..TIMES {
            key.verify_sig(message, &signature)?;
        }
        Ok(start.elapsed() / TIMES)
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>> {
        let mut signature = vec![0; self.0.public_modulus_len()];
        self.0.sign(
            &RSA_PKCS1_SHA256,
            &SystemRandom::new(),
            message,
            &mut signature,
        )?;
        Ok(signature)
    }

    /// A good token, another one for each number.
    pub fn token(&self, number: usize) -> Result<String> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
        let claims = format!(
            r#"{{"iss":"{ISSUER}","aud":"{BASE_URL}/mcp","sub":"user-{number}","client_id":"load","scope":"openid profile email mcp:tools","iat":{now},"exp":{},"jti":"7f1d7a0e-31a8-4e55-9f5f-{number:012}"}}"#,
            now + 3600
        );
        let header = format!(r#"{{"alg":"RS256","typ":"at+jwt","kid":"{KEY_ID}"}}"#);
        let signed = format!(
            "{}.{}",
            encode(header.as_bytes()),
            encode(claims.as_bytes())
        );
        Ok(format!(
            "{signed}.{}",
            encode(&self.sign(signed.as_bytes())?)
        ))
    }
}

/// The token with another signature of the right shape.
pub fn with_bad_signature(token: &str) -> String {
    let mut bytes = token.to_owned().into_bytes();
    let middle = bytes.len() - 100;
    bytes[middle] = if bytes[middle] == b'A' { b'B' } else { b'A' };
    String::from_utf8_lossy(&bytes).into_owned()
}

fn encode(bytes: &[u8]) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}
