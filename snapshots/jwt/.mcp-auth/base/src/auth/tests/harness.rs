//! What the shared tests need to know of this option: settings with a key, and tokens signed with it.

use std::sync::LazyLock;

use aws_lc_rs::{
    encoding::{AsDer, Pkcs8V1Der},
    rsa::{KeyPair as RsaKeyPair, KeySize},
    signature::{
        ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair,
        Ed25519KeyPair, KeyPair,
    },
};
use base64::{
    Engine,
    prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD},
};
use jsonwebtoken::{Algorithm, EncodingKey, crypto::sign, jwk::Jwk};
use serde_json::{Value, json};

/// The issuer that tokens come from.
pub const ISSUER: &str = "https://login.example.com/";

/// A key pair of the issuer.
pub struct SigningKey {
    pub algorithm: Algorithm,
    key: EncodingKey,
    /// The public half, in PEM.
    pub public_pem: String,
}

/// The keys of these tests; making them takes a moment.
pub static ES256: LazyLock<SigningKey> = LazyLock::new(|| SigningKey::new(Algorithm::ES256));
pub static ES384: LazyLock<SigningKey> = LazyLock::new(|| SigningKey::new(Algorithm::ES384));
pub static RS256: LazyLock<SigningKey> = LazyLock::new(|| SigningKey::new(Algorithm::RS256));
pub static EDDSA: LazyLock<SigningKey> = LazyLock::new(|| SigningKey::new(Algorithm::EdDSA));

impl SigningKey {
    pub fn new(algorithm: Algorithm) -> Self {
        let ec = |curve| {
            let pair = EcdsaKeyPair::generate(curve).unwrap();
            let public = pair.public_key().as_der().unwrap().as_ref().to_vec();
            (pair.to_pkcs8v1().unwrap().as_ref().to_vec(), public)
        };
        let (private, public) = match algorithm {
            Algorithm::ES256 => ec(&ECDSA_P256_SHA256_FIXED_SIGNING),
            Algorithm::ES384 => ec(&ECDSA_P384_SHA384_FIXED_SIGNING),
            Algorithm::EdDSA => {
                let pair = Ed25519KeyPair::generate().unwrap();
                let public = pair.public_key().as_der().unwrap().as_ref().to_vec();
                (pair.to_pkcs8v1().unwrap().as_ref().to_vec(), public)
            }
            _ => {
                let pair = RsaKeyPair::generate(KeySize::Rsa2048).unwrap();
                let private: Pkcs8V1Der<'_> = pair.as_der().unwrap();
                (
                    private.as_ref().to_vec(),
                    pair.public_key().as_der().unwrap().as_ref().to_vec(),
                )
            }
        };
        let private = pem("PRIVATE KEY", &private);
        let key = match algorithm {
            Algorithm::ES256 | Algorithm::ES384 => EncodingKey::from_ec_pem(private.as_bytes()),
            Algorithm::EdDSA => EncodingKey::from_ed_pem(private.as_bytes()),
            _ => EncodingKey::from_rsa_pem(private.as_bytes()),
        };
        Self {
            algorithm,
            key: key.unwrap(),
            public_pem: pem("PUBLIC KEY", &public),
        }
    }

    /// The public half as the issuer publishes it.
    pub fn jwk(&self, kid: &str) -> Value {
        let mut jwk =
            serde_json::to_value(Jwk::from_encoding_key(&self.key, self.algorithm).unwrap())
                .unwrap();
        jwk["kid"] = json!(kid);
        jwk["use"] = json!("sig");
        jwk
    }

    /// A header that goes with this key.
    pub fn header(&self) -> Value {
        json!({ "alg": format!("{:?}", self.algorithm), "typ": "at+jwt" })
    }

    /// A token with exactly this header and these claims, rightly signed.
    pub fn sign(&self, header: &Value, claims: &Value) -> String {
        self.sign_text(&header.to_string(), &claims.to_string())
    }

    /// The same with text that no JSON library would write.
    pub fn sign_text(&self, header: &str, claims: &str) -> String {
        let message = unsigned(header, claims);
        let signature = sign(message.as_bytes(), &self.key, self.algorithm).unwrap();
        format!("{message}.{signature}")
    }
}

/// A token signed with a shared secret.
pub fn sign_with_secret(algorithm: Algorithm, secret: &[u8], claims: &Value) -> String {
    let message = unsigned(
        &format!(r#"{{"alg":"{algorithm:?}"}}"#),
        &claims.to_string(),
    );
    let signature = sign(
        message.as_bytes(),
        &EncodingKey::from_secret(secret),
        algorithm,
    )
    .unwrap();
    format!("{message}.{signature}")
}

/// Header and claims, not signed yet.
pub fn unsigned(header: &str, claims: &str) -> String {
    format!(
        "{}.{}",
        BASE64_URL_SAFE_NO_PAD.encode(header),
        BASE64_URL_SAFE_NO_PAD.encode(claims)
    )
}

/// Settings under which `token` makes good tokens.
pub async fn settings() -> Vec<(String, String)> {
    vec![
        ("AUTH_ISSUER".to_owned(), ISSUER.to_owned()),
        ("JWT_PUBLIC_KEY".to_owned(), ES256.public_pem.clone()),
    ]
}

/// A good token.
pub fn token(subject: &str, scopes: &str) -> String {
    ES256.sign(&ES256.header(), &claims(subject, scopes))
}

/// Claims that are good for an hour.
pub fn claims(subject: &str, scopes: &str) -> Value {
    json!({
        "iss": ISSUER,
        "aud": "https://mcp.example.com/mcp",
        "sub": subject,
        "client_id": "test-client",
        "scope": scopes,
        "iat": now(),
        "exp": now() + 3600,
    })
}

pub fn now() -> u64 {
    crate::auth::token_cache::now()
}

fn pem(label: &str, der: &[u8]) -> String {
    let base64 = BASE64_STANDARD.encode(der);
    let lines: Vec<_> = base64
        .as_bytes()
        .chunks(64)
        .map(|line| str::from_utf8(line).unwrap())
        .collect();
    format!(
        "-----BEGIN {label}-----\n{}\n-----END {label}-----\n",
        lines.join("\n")
    )
}

/// What this server calls the person with this name in a token.
pub fn subject(name: &str) -> String {
    name.to_owned()
}
