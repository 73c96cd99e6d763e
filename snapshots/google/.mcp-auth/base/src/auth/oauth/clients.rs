//! Who may ask for tokens: clients that registered here, clients of a file, clients that publish a document.
//! Registered ones are not kept: their `client_id` is the registration itself, sealed.

mod file;

use std::sync::Arc;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};

use super::{
    cimd::{self, Documents},
    secrets::{Keys, Purpose, sha256},
};
use crate::auth::{Env, scopes::Scopes};

/// An OAuth client.
#[derive(Clone)]
pub struct Client {
    /// Its `client_id`.
    pub id: String,
    /// What it calls itself. Anybody can choose any name.
    pub name: String,
    /// Where it may be answered.
    pub redirect_uris: Vec<String>,
    /// How it is known here.
    pub origin: Origin,
    /// SHA-256 of its secret; `None` for a public client.
    pub secret: Option<[u8; 32]>,
    /// What it may ask for at most, if it is restricted.
    pub scopes: Option<Scopes>,
}

/// How a client is known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Origin {
    /// It registered itself (RFC 7591).
    Registered,
    /// The owner of this server entered it.
    File,
    /// It publishes a document about itself on this host.
    Document {
        /// The host of its `client_id`.
        host: String,
    },
}

/// Why a client was not found.
#[derive(Debug)]
pub enum Unknown {
    /// There is no such client, for this reason (for the log).
    No(String),
    /// Its document cannot be got now.
    Unavailable(String),
}

/// A registration as it travels: short names, because it stands in addresses.
#[derive(Serialize, Deserialize)]
struct Sealed {
    #[serde(rename = "n")]
    name: String,
    #[serde(rename = "r")]
    redirect_uris: Vec<String>,
    #[serde(rename = "s", default, skip_serializing_if = "Option::is_none")]
    secret: Option<[u8; 32]>,
}

/// Finds clients.
pub struct Clients {
    keys: Arc<Keys>,
    file: Vec<Client>,
    documents: Documents,
}

impl Clients {
    /// Reads `AUTH_CLIENTS_FILE`; `None` after recording a problem. `own` is this server's origin.
    pub fn read(env: &mut Env, keys: Arc<Keys>, own: &str) -> Option<Self> {
        let file = match env.get("AUTH_CLIENTS_FILE") {
            None => Some(Vec::new()),
            Some(path) => match file::read(&path, own) {
                Ok(clients) => Some(clients),
                Err(problems) => {
                    for why in problems {
                        env.problem(format!("AUTH_CLIENTS_FILE: `{path}` {why}"));
                    }
                    None
                }
            },
        };
        let documents = Documents::new(env, own)?;
        Some(Self {
            keys,
            file: file?,
            documents,
        })
    }

    /// The `client_id` of a new registration. The same data gives another one each time.
    pub fn register(
        &self,
        name: String,
        redirect_uris: Vec<String>,
        secret: Option<&str>,
    ) -> Option<String> {
        let sealed = Sealed {
            name,
            redirect_uris,
            secret: secret.map(|secret| sha256(secret.as_bytes())),
        };
        let plain = serde_json::to_vec(&sealed).ok()?;
        let sealed = self.keys.seal(Purpose::Client, b"", &plain)?;
        Some(BASE64_URL_SAFE_NO_PAD.encode(sealed))
    }

    /// The client with this id, for the start of a login.
    ///
    /// # Errors
    /// `Unavailable` only for a client whose document cannot be fetched now.
    pub async fn find(&self, id: &str) -> Result<Client, Unknown> {
        if let Some(client) = self.file.iter().find(|client| client.id == id) {
            return Ok(client.clone());
        }
        if cimd::is_address(id) {
            return self.documents.client(id).await;
        }
        self.registered(id)
            .ok_or_else(|| Unknown::No("it did not register here".to_owned()))
    }

    /// SHA-256 of the secret that a client must show for tokens, `None` for a public one.
    ///
    /// Clients with a document are public, and their codes and tokens are bound to their id: the
    /// document need not be fetched again.
    ///
    /// # Errors
    /// `No` if there is no such client.
    pub fn secret(&self, id: &str) -> Result<Option<[u8; 32]>, Unknown> {
        if let Some(client) = self.file.iter().find(|client| client.id == id) {
            return Ok(client.secret);
        }
        if cimd::is_address(id) {
            return Ok(None);
        }
        match self.registered(id) {
            Some(client) => Ok(client.secret),
            None => Err(Unknown::No("it did not register here".to_owned())),
        }
    }

    fn registered(&self, id: &str) -> Option<Client> {
        let sealed = BASE64_URL_SAFE_NO_PAD.decode(id).ok()?;
        let plain = self.keys.open(Purpose::Client, b"", &sealed)?;
        let Sealed {
            name,
            redirect_uris,
            secret,
        } = serde_json::from_slice(&plain).ok()?;
        Some(Client {
            id: id.to_owned(),
            name,
            redirect_uris,
            origin: Origin::Registered,
            secret,
            scopes: None,
        })
    }
}
