//! What the address of a client's document and the document itself must be like
//! (draft-ietf-oauth-client-id-metadata-document, "Client Identifier" and "Client Metadata Document"). Pure.

use reqwest::Url;
use serde::{Deserialize, de::IgnoredAny};

use crate::auth::oauth::{
    clients::{Client, Origin},
    redirects::ensure_acceptable,
};

/// How many redirect URIs a document may list: they are remembered.
const MAX_REDIRECT_URIS: usize = 50;

/// An address that may be called: public name, usual port, one spelling.
///
/// # Errors
/// What is wrong with it, as the end of a sentence.
pub fn ensure_address(client_id: &str, own: &str) -> Result<Url, &'static str> {
    ensure_acceptable(client_id, own)?;
    let url = Url::parse(client_id).map_err(|_| "is not a URL")?;
    let host = url.host_str().unwrap_or_default();
    let is_number = host.rsplit('.').next().is_some_and(|last| {
        last.ends_with(']') || last.starts_with(|first: char| first.is_ascii_digit())
    });
    let own = Url::parse(own).map_err(|_| "cannot be compared with this server's")?;
    if url.scheme() != "https" || url.port_or_known_default() != Some(443) {
        Err("must be https on port 443")
    } else if matches!(url.path(), "" | "/") {
        Err("must have a path")
    } else if is_number || !host.contains('.') {
        Err("must have a public host name")
    } else if own.host_str() == Some(host) {
        Err("must not be on this server")
    } else {
        Ok(url)
    }
}

/// What matters in a document. The rest is for other servers.
#[derive(Deserialize)]
pub struct Document {
    client_id: String,
    client_name: String,
    redirect_uris: Vec<String>,
    token_endpoint_auth_method: Option<String>,
    /// When there is a choice, which the newer drafts allow, the one above is only the favourite.
    token_endpoint_auth_methods_supported: Option<Vec<String>>,
    grant_types: Option<Vec<String>>,
    response_types: Option<Vec<String>>,
    client_secret: Option<IgnoredAny>,
    client_secret_expires_at: Option<IgnoredAny>,
}

impl Document {
    /// Whether the client can do without authentication. Secrets cannot be agreed on in a public document, and
    /// signatures (`private_key_jwt`) are not checked here.
    fn is_public_client(&self) -> bool {
        let method = self.token_endpoint_auth_method.as_deref().unwrap_or("none");
        match &self.token_endpoint_auth_methods_supported {
            Some(methods) if !method.starts_with("client_secret") => {
                methods.iter().any(|method| method == "none")
            }
            _ => method == "none",
        }
    }

    /// The client, if the document at `client_id` says what it must, and nothing that this server cannot do.
    ///
    /// # Errors
    /// What is wrong with it, as the end of a sentence.
    pub fn into_client(self, client_id: &str, host: String, own: &str) -> Result<Client, String> {
        if self.client_id != client_id {
            return Err("has another client_id than its address".into());
        }
        if self.client_secret.is_some() || self.client_secret_expires_at.is_some() {
            return Err("holds a secret, which would be public".into());
        }
        if !self.is_public_client() {
            return Err("asks for a token_endpoint_auth_method like private_key_jwt; only \"none\" is offered".into());
        }
        if lacks(&self.grant_types, "authorization_code") || lacks(&self.response_types, "code") {
            return Err("does not ask for the authorization code grant".into());
        }
        if self.client_name.trim().is_empty() || self.redirect_uris.is_empty() {
            return Err("needs a client_name and redirect_uris".into());
        }
        if self.redirect_uris.len() > MAX_REDIRECT_URIS {
            return Err("has too many redirect_uris".into());
        }
        for uri in &self.redirect_uris {
            ensure_acceptable(uri, own).map_err(|why| format!("has a redirect URI that {why}"))?;
        }
        Ok(Client {
            id: self.client_id,
            name: self.client_name,
            redirect_uris: self.redirect_uris,
            origin: Origin::Document { host },
            secret: None,
            scopes: None,
        })
    }
}

/// A list that is there, but without this.
fn lacks(list: &Option<Vec<String>>, item: &str) -> bool {
    list.as_ref()
        .is_some_and(|list| list.iter().all(|one| one != item))
}
