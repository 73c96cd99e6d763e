//! What this authorization server needs to know about itself.
//! Reads through [`Env`]; touches nothing else.

use reqwest::Url;

use crate::auth::{
    Env,
    scopes::{Scopes, in_table},
};

/// The settings shared by all providers.
pub struct OauthSettings {
    /// Scheme, host and port of the public address; also the issuer of the tokens.
    pub base: String,
    /// Where the MCP service is mounted, without a slash at the end.
    pub path: String,
    /// The MCP service: the audience of the tokens.
    pub resource: String,
    /// What clients get that ask for nothing in particular.
    pub default_scopes: Scopes,
    /// What clients may ask for.
    pub scopes: Scopes,
    /// A page for developers, shown in the metadata.
    pub documentation: Option<String>,
    /// How many reverse proxies stand in front of this server.
    pub proxies: usize,
}

impl OauthSettings {
    /// Reads `AUTH_SCOPES` and `TRUSTED_PROXY_HOPS`; `None` after recording a problem. `resource` is
    /// the address of the MCP service.
    pub fn read(env: &mut Env, resource: &str) -> Option<Self> {
        let default_scopes: Scopes = env.list("AUTH_REQUIRED_SCOPES").into_iter().collect();
        let listed = env.list("AUTH_SCOPES");
        let mut scopes = default_scopes.clone();
        if listed.is_empty() {
            scopes.extend(in_table());
        } else {
            scopes.extend(listed);
        }
        let documentation = env.get("SERVICE_DOCUMENTATION_URL");
        let base = Url::parse(resource).ok()?.origin().ascii_serialization();
        let path = resource.strip_prefix(&base)?.to_owned();
        // This server speaks no TLS: where its address is https, something in front of it does.
        let usual = usize::from(base.starts_with("https:"));
        let proxies = env.parse("TRUSTED_PROXY_HOPS", usual, "1")?;
        Some(Self {
            base,
            path,
            resource: resource.to_owned(),
            default_scopes,
            scopes,
            documentation,
            proxies,
        })
    }

    /// An address of this server.
    pub fn at(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// The host, for people.
    pub fn host(&self) -> &str {
        self.base
            .split_once("://")
            .map_or(&self.base, |(_, host)| host)
    }

    /// Whether browsers reach this server over TLS.
    pub fn is_https(&self) -> bool {
        self.base.starts_with("https:")
    }
}
