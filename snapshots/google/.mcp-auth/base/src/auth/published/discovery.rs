//! Finds what an issuer says about itself (RFC 8414, OpenID Connect Discovery).
//! Believes only metadata that names the issuer exactly.

use reqwest::{Client, Url};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;

use crate::auth::{
    Env,
    fetch::{self, Failure},
    json,
};

/// A server that publishes metadata.
#[derive(Clone)]
pub struct Issuer {
    /// Its name: what `iss` and the metadata must say, byte for byte.
    pub name: String,
    /// The variable that it comes from, for messages.
    pub setting: &'static str,
}

impl Issuer {
    /// The issuer of this name; `None` after recording a problem, if its metadata cannot be asked for.
    pub fn new(env: &mut Env, setting: &'static str, name: String) -> Option<Self> {
        match fetch::endpoint(&name) {
            Err(why) => env.problem(format!(
                "{setting} {why}, for example {setting}=https://login.example.com"
            )),
            // RFC 8414 section 2: an issuer has neither.
            Ok(url) if url.query().is_some() || url.fragment().is_some() => {
                env.problem(format!("{setting} must not hold `?` or `#`"));
            }
            Ok(_) => return Some(Self { name, setting }),
        }
        None
    }
}

/// The first metadata document of the issuer in which `T` can be read.
///
/// # Errors
/// What each address answered instead.
pub async fn metadata<T: DeserializeOwned>(client: &Client, issuer: &Issuer) -> Result<T, Failure> {
    let mut failures = Vec::new();
    for address in metadata_addresses(&issuer.name) {
        let answer = json::read::<Value>(client.get(address.clone())).await;
        match answer.and_then(|answer| read(answer.body, issuer)) {
            Ok(metadata) => return Ok(metadata),
            Err(failure) => failures.push(format!("{address}: {failure}")),
        }
    }
    Err(Failure(format!(
        "no metadata of the issuer: {}",
        failures.join("; ")
    )))
}

fn read<T: DeserializeOwned>(document: Value, issuer: &Issuer) -> Result<T, Failure> {
    let Some(named) = document.get("issuer").and_then(Value::as_str) else {
        return Err(Failure("names no issuer".to_owned()));
    };
    if named != issuer.name {
        return Err(Failure(format!(
            "this is the metadata of {named:?}, not of {} {:?}: every character counts",
            issuer.setting, issuer.name
        )));
    }
    T::deserialize(document).map_err(|error| Failure(format!("of no use here: {error}")))
}

/// The address of the issuer's keys.
///
/// # Errors
/// Why it cannot be told.
pub async fn keys_address(client: &Client, issuer: &Issuer) -> Result<Url, Failure> {
    #[derive(Deserialize)]
    struct Keys {
        jwks_uri: String,
    }
    let keys: Keys = metadata(client, issuer).await?;
    fetch::endpoint(&keys.jwks_uri).map_err(|why| Failure(format!("jwks_uri {why}")))
}

/// Where an issuer's metadata can be: OpenID Connect Discovery section 4.1, RFC 8414 section 3.1, and
/// the mixture of both that some issuers with a path use. The issuer itself is never changed.
pub fn metadata_addresses(issuer: &str) -> Vec<Url> {
    let Ok(url) = Url::parse(issuer) else {
        return Vec::new();
    };
    let path = url.path().trim_end_matches('/');
    let mut paths = vec![
        format!("{path}/.well-known/openid-configuration"),
        format!("/.well-known/oauth-authorization-server{path}"),
    ];
    if !path.is_empty() {
        paths.push(format!("/.well-known/openid-configuration{path}"));
    }
    let at = |path: String| {
        // Not `join`, for which `//evil.example` would be another host.
        let mut address = url.clone();
        address.set_path(&path);
        address
    };
    paths.into_iter().map(at).collect()
}
