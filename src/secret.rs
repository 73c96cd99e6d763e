//! A fresh signing key for generated servers that issue tokens.
//! Takes randomness from the system; prints and stores nothing.

use anyhow::{Context, Result};
use base64::{Engine, prelude::BASE64_STANDARD};

const BYTES: usize = 32;

/// 256 random bits as base64, what `AUTH_SIGNING_KEY` of a generated server takes.
///
/// # Errors
/// If the system gives no randomness.
pub fn fresh() -> Result<String> {
    let mut bytes = [0; BYTES];
    getrandom::fill(&mut bytes).context("the system gives no random numbers")?;
    Ok(BASE64_STANDARD.encode(bytes))
}
