//! Where the endpoints of the upstream are: configured, or found in the metadata of its issuer when first
//! needed, so that this server starts while the upstream is down.

use std::{
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use reqwest::{Client, Url};
use serde::Deserialize;
use tokio::{
    sync::Mutex,
    time::{Instant, timeout},
};

use crate::auth::{
    fetch::{self, Failure},
    oauth::upstream::{Trouble, registration::ClientAuth},
    published::discovery::{Issuer, metadata},
};

/// How long metadata is used before it is fetched again.
const LIFETIME: Duration = Duration::from_secs(60 * 60);
/// How long fetching may take, all addresses together.
const FETCH_TIMEOUT: Duration = Duration::from_secs(8);
/// At most one fetch in this time while fetching fails.
const PACE_FAILING: Duration = Duration::from_secs(5);

/// The endpoints of an upstream.
#[derive(Clone)]
pub struct Endpoints {
    /// Where browsers log in.
    pub authorization: Url,
    /// Where tokens come from.
    pub token: Url,
    /// Where the upstream says who a token is for (OpenID Connect Core section 5.3).
    pub userinfo: Option<Url>,
    /// Or where it says that to its clients (RFC 7662).
    pub introspection: Option<Url>,
    /// Where tokens are given back (RFC 7009).
    pub revocation: Option<Url>,
    /// How clients say who they are.
    pub auth: ClientAuth,
    /// Whether there is a scope that asks for refresh tokens.
    pub offers_offline: bool,
}

/// Where the endpoints are known from.
pub enum Source {
    /// From the configuration.
    Configured(Arc<Endpoints>),
    /// From the metadata of an issuer.
    Discovered(Box<Discovery>),
}

/// Endpoints that are looked up.
pub struct Discovery {
    issuer: Issuer,
    http: Client,
    known: RwLock<Option<(Arc<Endpoints>, Instant)>>,
    /// When the last try failed; held by the one who fetches.
    failed: Mutex<Option<Instant>>,
}

impl From<Endpoints> for Source {
    fn from(endpoints: Endpoints) -> Self {
        Self::Configured(Arc::new(endpoints))
    }
}

impl Source {
    /// Endpoints to be found. Fetches nothing yet.
    pub fn of(issuer: Issuer, http: Client) -> Self {
        Self::Discovered(Box::new(Discovery {
            issuer,
            http,
            known: RwLock::default(),
            failed: Mutex::default(),
        }))
    }

    /// The endpoints.
    ///
    /// # Errors
    /// `Unavailable` if they are not known yet and cannot be found.
    pub async fn endpoints(&self) -> Result<Arc<Endpoints>, Trouble> {
        match self {
            Self::Configured(endpoints) => Ok(endpoints.clone()),
            Self::Discovered(discovery) => discovery.endpoints().await,
        }
    }
}

impl Discovery {
    async fn endpoints(&self) -> Result<Arc<Endpoints>, Trouble> {
        let is_fresh = |(_, fetched): &(_, Instant)| fetched.elapsed() < LIFETIME;
        if let Some((endpoints, _)) = self.known().filter(is_fresh) {
            return Ok(endpoints);
        }
        let mut failed = self.failed.lock().await;
        // Somebody may have fetched them meanwhile; what is old is better than nothing.
        let old = match self.known() {
            Some((endpoints, fetched)) if fetched.elapsed() < LIFETIME => return Ok(endpoints),
            Some((endpoints, _)) => Some(endpoints),
            None => None,
        };
        let wait = || Trouble::Unavailable("the last try failed a moment ago".to_owned());
        if failed.is_some_and(|time| time.elapsed() < PACE_FAILING) {
            return old.ok_or_else(wait);
        }
        let fetched = timeout(FETCH_TIMEOUT, self.fetch()).await;
        match fetched.unwrap_or_else(|_| Err(Failure("it took too long".to_owned()))) {
            Ok(endpoints) => {
                *failed = None;
                let endpoints = Arc::new(endpoints);
                *self.known.write().unwrap_or_else(PoisonError::into_inner) =
                    Some((endpoints.clone(), Instant::now()));
                Ok(endpoints)
            }
            Err(failure) => {
                tracing::warn!(%failure, "cannot find the endpoints of the upstream");
                *failed = Some(Instant::now());
                old.ok_or_else(|| Trouble::Unavailable(failure.to_string()))
            }
        }
    }

    fn known(&self) -> Option<(Arc<Endpoints>, Instant)> {
        self.known
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    async fn fetch(&self) -> Result<Endpoints, Failure> {
        let metadata: Metadata = metadata(&self.http, &self.issuer).await?;
        metadata.endpoints()
    }
}

/// The part of an issuer's metadata that matters here (RFC 8414 section 2, OpenID Connect Discovery section 3).
#[derive(Deserialize)]
struct Metadata {
    authorization_endpoint: String,
    token_endpoint: String,
    userinfo_endpoint: Option<String>,
    introspection_endpoint: Option<String>,
    revocation_endpoint: Option<String>,
    #[serde(default)]
    scopes_supported: Vec<String>,
    #[serde(default)]
    token_endpoint_auth_methods_supported: Vec<String>,
}

impl Metadata {
    fn endpoints(&self) -> Result<Endpoints, Failure> {
        let url = |name: &str, text: &str| {
            fetch::endpoint(text).map_err(|why| Failure(format!("{name} {why}")))
        };
        let optional = |name: &str, text: &Option<String>| {
            text.as_deref().map(|text| url(name, text)).transpose()
        };
        Ok(Endpoints {
            authorization: url("authorization_endpoint", &self.authorization_endpoint)?,
            token: url("token_endpoint", &self.token_endpoint)?,
            userinfo: optional("userinfo_endpoint", &self.userinfo_endpoint)?,
            introspection: optional("introspection_endpoint", &self.introspection_endpoint)?,
            revocation: optional("revocation_endpoint", &self.revocation_endpoint)?,
            auth: self.auth(),
            offers_offline: self
                .scopes_supported
                .iter()
                .any(|scope| scope == super::OFFLINE),
        })
    }

    /// The safest of the methods that both sides know. Without a list it is the header (RFC 8414 section 2).
    fn auth(&self) -> ClientAuth {
        let known = || {
            self.token_endpoint_auth_methods_supported
                .iter()
                .filter_map(|method| method.parse::<ClientAuth>().ok())
        };
        [ClientAuth::Basic, ClientAuth::Post, ClientAuth::None]
            .into_iter()
            .find(|method| known().any(|known| known == *method))
            .unwrap_or(ClientAuth::Basic)
    }
}
