//! Access tokens as an authorization server would make them.
//! Pure, but for the clock.

use std::time::{SystemTime, UNIX_EPOCH};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

/// Names nobody: `.invalid` is reserved (RFC 6761).
pub const ISSUER: &str = "https://mcp-auth.invalid";
/// In seconds.
const LIFETIME: u64 = 600;

/// The same for signed tokens (RFC 9068) and for what introspection tells (RFC 7662).
pub fn claims(audience: &str, scope: &str) -> Value {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    let now = now.unwrap_or_default().as_secs();
    json!({
        "iss": ISSUER,
        "aud": audience,
        "sub": "mcp-auth",
        "client_id": "mcp-auth",
        "scope": scope,
        "iat": now,
        "exp": now + LIFETIME,
    })
}

/// A JSON Web Token with HS256 (RFC 7515, RFC 7518 section 3.2).
pub fn sign(secret: &str, claims: &Value) -> Result<String, String> {
    let encoded = |value: &Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
    let header = json!({ "alg": "HS256", "typ": "at+jwt" });
    let signed = format!("{}.{}", encoded(&header), encoded(claims));
    let mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes());
    let mac = mac.map_err(|error| error.to_string())?;
    let signature = mac.chain_update(&signed).finalize().into_bytes();
    Ok(format!(
        "{signed}.{}",
        BASE64_URL_SAFE_NO_PAD.encode(signature)
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_signed_as_rfc_7515_has_it() {
        // The signature was made with `openssl dgst -sha256 -hmac`.
        let token = sign(
            "a secret of 32 bytes, or of more",
            &json!({ "sub": "alice" }),
        )
        .unwrap();
        assert_eq!(
            token,
            "eyJhbGciOiJIUzI1NiIsInR5cCI6ImF0K2p3dCJ9.eyJzdWIiOiJhbGljZSJ9.8BBtIE1hcAVk856ZeIINnCbBi0ZIYt7MEA1Z_Z26yaA"
        );
    }
}
