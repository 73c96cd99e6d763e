//! **Yours to change**: who a token stands for. Here: API keys, known by their SHA-256.
//! The rest of this folder does not care how `verify` comes to its answer.

use aws_lc_rs::{constant_time, digest};
use axum::Router;
use reqwest::Client;
use serde_json::Map;

use super::{
    Env,
    client::client,
    identity::{Denied, Fields, Identity},
    scopes::Scopes,
};

/// The verifier of this server.
pub struct Custom {
    keys: Vec<ApiKey>,
    http: Client,
}

/// A key that callers may use. The key itself is not known here, only its hash.
struct ApiKey {
    owner: String,
    hash: Vec<u8>,
    scopes: Scopes,
}

/// Who the token stands for. `http` is there for those who ask another service; keys need none.
///
/// # Errors
/// `Denied::Invalid` for a token that is not good (401), `Denied::Unavailable` when that cannot be
/// told now (503: clients keep their token and try again).
async fn verify(token: &str, keys: &[ApiKey], _http: &Client) -> Result<Identity, Denied> {
    let hash = digest::digest(&digest::SHA256, token.as_bytes());
    let mut found = None;
    for key in keys {
        // Looks at every key, always: the time it takes tells nothing.
        if constant_time::verify_slices_are_equal(&key.hash, hash.as_ref()).is_ok() {
            found = Some(key);
        }
    }
    let key = found.ok_or_else(|| Denied::invalid("it is not one of API_KEYS"))?;
    let caller = Fields {
        issuer: "API_KEYS".to_owned(),
        subject: key.owner.clone(),
        client_id: None,
        scopes: key.scopes.clone(),
        claims: Map::new(),
    };
    Ok(caller.into())
}

impl Custom {
    /// Reads `API_KEYS`; `None` after recording a problem in `env`. A token's audience is this
    /// server by construction, so `_resource` is not needed.
    pub fn read(env: &mut Env, _resource: &str) -> Option<Self> {
        let text = env.secret("API_KEYS");
        let Some(text) = text else {
            env.problem(format!("API_KEYS is not set, {EXAMPLE}"));
            return None;
        };
        let mut keys = Vec::new();
        for (index, entry) in text
            .reveal()
            .split([' ', ';', '\n', '\t'])
            .filter(|entry| !entry.is_empty())
            .enumerate()
        {
            match ApiKey::parse(entry) {
                Some(key) => keys.push(key),
                // The entry may hold a key in the clear by mistake: it is not repeated.
                None => env.problem(format!(
                    "API_KEYS: entry {} is not valid, {EXAMPLE}",
                    index + 1
                )),
            }
        }
        let http = client(env)?;
        Some(Self { keys, http })
    }

    /// There is no authorization server: whoever runs this server hands out the keys.
    pub fn issuers(&self) -> Vec<String> {
        Vec::new()
    }

    /// Whether tokens may have a scope: that is for others to decide.
    pub fn offers(&self, _scope: &str) -> bool {
        true
    }

    /// Pages of its own: none, tokens come from elsewhere.
    pub fn routes<S: Clone + Send + Sync + 'static>(&self) -> Router<S> {
        Router::new()
    }

    /// Who the token stands for; see [`verify`].
    pub async fn verify(&self, token: &str) -> Result<Identity, Denied> {
        verify(token, &self.keys, &self.http).await
    }
}

const EXAMPLE: &str = "for example API_KEYS=\"alice:<sha256 of the key, in hex>:mcp:tools,mcp:admin\"; \
                       `printf %s KEY | openssl dgst -sha256` gives the hash";

impl ApiKey {
    /// `owner:sha256:scope,scope`; scopes may be left out, and may hold colons.
    fn parse(entry: &str) -> Option<Self> {
        let mut parts = entry.splitn(3, ':');
        let (owner, hash) = (parts.next()?, parts.next()?);
        let scopes = parts
            .next()
            .unwrap_or_default()
            .split(',')
            .filter(|scope| !scope.is_empty());
        if owner.is_empty()
            || hash.len() != 64
            || !hash.bytes().all(|byte| byte.is_ascii_hexdigit())
        {
            return None;
        }
        let byte = |index: usize| u8::from_str_radix(hash.get(index..index + 2)?, 16).ok();
        let hash: Option<Vec<u8>> = (0..64).step_by(2).map(byte).collect();
        Some(Self {
            owner: owner.to_owned(),
            hash: hash?,
            scopes: scopes.collect(),
        })
    }
}
