//! Clients that publish a document about themselves and use its address as `client_id` (Client ID Metadata
//! Documents, draft-ietf-oauth-client-id-metadata-document). The only file here that calls addresses which
//! strangers choose: public hosts only, short answers, few at a time, remembered.

mod document;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use reqwest::{
    Response, StatusCode, Url,
    header::{
        ACCEPT, ACCEPT_ENCODING, AGE, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, HeaderMap,
        HeaderName,
    },
};
use tokio::{
    sync::{Mutex as AsyncMutex, Semaphore},
    time::{Instant, timeout},
};

use document::{Document, ensure_address};

use super::{
    addresses::public_client,
    clients::{Client, Unknown},
};
use crate::auth::{Env, fetch::Failure};

/// The longest document, in bytes as they arrive.
const MAX_BYTES: usize = 5 * 1024;
/// How long getting a document may take, and how long a request waits for its turn.
const TIMEOUT: Duration = Duration::from_secs(5);
/// How many documents are fetched at the same time: more than one address can ask for in that time (`limits.rs`), so
/// that nobody alone holds up the others.
const MAX_FETCHES: usize = 320;
/// How many documents are remembered: some megabytes at most.
const MAX_DOCUMENTS: usize = 1000;
/// How long a document is used, whatever its server says.
const SHORTEST: Duration = Duration::from_secs(5 * 60);
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

/// Gets and remembers documents.
pub struct Documents {
    http: reqwest::Client,
    own: String,
    known: Mutex<HashMap<String, Slot>>,
    fetches: Semaphore,
    /// Tests have no public host: they fetch every document from this address.
    #[cfg(test)]
    detour: Option<String>,
}

/// What is known about one address. Held by the one who fetches.
type Slot = Arc<AsyncMutex<Option<Known>>>;

struct Known {
    outcome: Result<Client, Unknown>,
    until: Instant,
}

/// Whether a `client_id` is to be treated as the address of a document.
pub fn is_address(client_id: &str) -> bool {
    client_id.starts_with("https://")
}

impl Documents {
    /// Fetches nothing yet; `None` after recording a problem. `own` is this server's origin.
    pub fn new(env: &mut Env, own: &str) -> Option<Self> {
        let http = public_client(TIMEOUT)
            .map_err(|error| env.problem(format!("the HTTP client does not start: {error}")))
            .ok()?;
        Some(Self {
            http,
            own: own.to_owned(),
            known: Mutex::default(),
            fetches: Semaphore::new(MAX_FETCHES),
            #[cfg(test)]
            detour: env.get("TEST_DOCUMENTS_FROM"),
        })
    }

    /// The client whose document has this address. Requests for the same one wait for one fetch. Only good documents
    /// are remembered (draft "Metadata Caching"); a failure is told to those who waited for it.
    ///
    /// # Errors
    /// `No` for an address or a document that is not right, `Unavailable` if it cannot be got now.
    pub async fn client(&self, client_id: &str) -> Result<Client, Unknown> {
        let url = ensure_address(client_id, &self.own)
            .map_err(|why| Unknown::No(format!("its address {why}")))?;
        let busy = || Unknown::Unavailable("too many documents are being fetched".to_owned());
        let asked = Instant::now();
        let slot = self.slot(client_id).ok_or_else(busy)?;
        let mut known = slot.lock().await;
        if let Some(known) = known.as_ref().filter(|known| asked < known.until) {
            return known.outcome();
        }
        let Ok(Ok(_turn)) = timeout(TIMEOUT, self.fetches.acquire()).await else {
            return Err(busy());
        };
        let (outcome, lifetime) = match self.fetch(url, client_id).await {
            Ok((client, lifetime)) => (Ok(client), lifetime),
            Err(unknown) => (Err(unknown), Duration::ZERO),
        };
        let until = Instant::now() + lifetime;
        known.insert(Known { outcome, until }).outcome()
    }

    /// `None` if there is no room, because all is being fetched.
    fn slot(&self, client_id: &str) -> Option<Slot> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(slot) = known.get(client_id) {
            return Some(slot.clone());
        }
        if known.len() >= MAX_DOCUMENTS {
            let soonest = soonest_to_end(&known)?;
            known.remove(&soonest);
        }
        let slot = Slot::default();
        known.insert(client_id.to_owned(), slot.clone());
        Some(slot)
    }

    async fn fetch(&self, url: Url, client_id: &str) -> Result<(Client, Duration), Unknown> {
        let host = url.host_str().unwrap_or_default().to_owned();
        #[cfg(test)]
        let url = self.detoured(url);
        let request = self.http.get(url).header(ACCEPT, "application/json");
        let response = request
            .header(ACCEPT_ENCODING, "identity")
            .send()
            .await
            .map_err(unavailable)?;
        ensure_usable(&response)?;
        let lifetime = lifetime(response.headers());
        let client = read(response)
            .await?
            .into_client(client_id, host, &self.own)
            .map_err(|why| Unknown::No(format!("its document {why}")))?;
        Ok((client, lifetime))
    }

    #[cfg(test)]
    fn detoured(&self, url: Url) -> Url {
        let Some(Ok(mut there)) = self.detour.as_deref().map(Url::parse) else {
            return url;
        };
        there.set_path(url.path());
        there.set_query(url.query());
        there
    }
}

impl Known {
    fn outcome(&self) -> Result<Client, Unknown> {
        match &self.outcome {
            Ok(client) => Ok(client.clone()),
            Err(Unknown::No(why)) => Err(Unknown::No(why.clone())),
            Err(Unknown::Unavailable(why)) => Err(Unknown::Unavailable(why.clone())),
        }
    }
}

/// Only an answer with status 200 is a document; redirects are not followed.
fn ensure_usable(response: &Response) -> Result<(), Unknown> {
    let status = response.status();
    if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS {
        return Err(unavailable(Failure(format!("status {}", status.as_u16()))));
    }
    let kind = text(response.headers(), &CONTENT_TYPE).to_ascii_lowercase();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    let is_json =
        kind == "application/json" || (kind.starts_with("application/") && kind.ends_with("+json"));
    let encoding = text(response.headers(), &CONTENT_ENCODING);
    let what = if status != StatusCode::OK {
        format!("answers with status {}", status.as_u16())
    } else if !is_json {
        "is not application/json".to_owned()
    } else if !matches!(&*encoding, "" | "identity") {
        "is compressed".to_owned()
    } else {
        return Ok(());
    };
    Err(Unknown::No(format!("its document {what}")))
}

async fn read(mut response: Response) -> Result<Document, Unknown> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(unavailable)? {
        if body.len() + chunk.len() > MAX_BYTES {
            let why = format!("its document is longer than {MAX_BYTES} bytes");
            return Err(Unknown::No(why));
        }
        body.extend_from_slice(&chunk);
    }
    serde_json::from_slice(&body)
        .map_err(|_| Unknown::No("its document is not the expected JSON".to_owned()))
}

/// How long the document is used (RFC 9111 section 4.2), within this server's bounds.
fn lifetime(headers: &HeaderMap) -> Duration {
    let directives = text(headers, &CACHE_CONTROL).to_ascii_lowercase();
    let mut directives = directives.split(',').map(str::trim);
    let is_forbidden = |directive| matches!(directive, "no-store" | "no-cache");
    let max_age = if directives.clone().any(is_forbidden) {
        None
    } else {
        directives.find_map(|directive| directive.strip_prefix("max-age="))
    };
    let seconds = max_age.and_then(|text| text.trim_matches('"').parse().ok());
    let age = text(headers, &AGE).parse().unwrap_or(0);
    let fresh = seconds.unwrap_or(0_u64).saturating_sub(age);
    Duration::from_secs(fresh).clamp(SHORTEST, LONGEST)
}

/// All values of a header, as one list (RFC 9110 section 5.3); nothing if they are no text.
fn text(headers: &HeaderMap, name: &HeaderName) -> String {
    let values = headers.get_all(name).iter();
    let values: Result<Vec<_>, _> = values.map(|value| value.to_str()).collect();
    values.unwrap_or_default().join(",")
}

/// Names that do not exist, hosts that are not public and hosts that are down all look the same: nobody
/// can use this server to look around.
fn unavailable(failure: impl Into<Failure>) -> Unknown {
    Unknown::Unavailable(format!("its document cannot be got: {}", failure.into()))
}

/// What is forgotten first: failures, then what was to be fetched again soonest. What is being fetched
/// cannot be locked, and stays.
fn soonest_to_end(known: &HashMap<String, Slot>) -> Option<String> {
    let ends = known.iter().filter_map(|(address, slot)| {
        let until = slot.try_lock().ok()?.as_ref().map(|known| known.until);
        Some((until, address))
    });
    ends.min().map(|(_, address)| address.clone())
}
