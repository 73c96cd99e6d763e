//! Finds where an issuer publishes its keys, by its metadata (RFC 8414, OpenID Connect Discovery).
//! Sends requests through `fetch.rs`; believes only metadata that names the issuer exactly.

use reqwest::{Client, Url};
use serde::Deserialize;

use crate::auth::fetch::{self, Failure};

/// The address of the keys, from the first metadata document that the issuer serves.
///
/// # Errors
/// What each address answered instead.
pub async fn keys_address(client: &Client, issuer: &str) -> Result<Url, Failure> {
    let mut failures = Vec::new();
    for address in metadata_addresses(issuer) {
        match fetch::json::<Metadata>(client.get(address.clone())).await {
            Ok(answer) if answer.body.issuer == issuer => {
                return fetch::endpoint(&answer.body.jwks_uri)
                    .map_err(|why| Failure(format!("jwks_uri at {address}: {why}")));
            }
            Ok(answer) => failures.push(format!(
                "{address} is the metadata of `{}`, not of AUTH_ISSUER `{issuer}`: \
                 every character counts",
                answer.body.issuer
            )),
            Err(failure) => failures.push(format!("{address}: {failure}")),
        }
    }
    Err(Failure(format!(
        "no metadata of the issuer: {}",
        failures.join("; ")
    )))
}

/// The part of an issuer's metadata that matters here (RFC 8414 section 2, OpenID Connect Discovery section 3).
#[derive(Deserialize)]
struct Metadata {
    issuer: String,
    jwks_uri: String,
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
