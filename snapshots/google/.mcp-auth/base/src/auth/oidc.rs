//! Speaks OAuth 2 and OpenID Connect with an upstream: gets tokens, finds out who they are for, gives them
//! back. Who may come in is decided elsewhere.

pub mod endpoints;
pub mod id_token;
pub mod identity;

use reqwest::Url;
use serde_json::{Map, Value};

pub use self::endpoints::Source;
use self::{endpoints::Endpoints, id_token::Expected, identity::Claims};
use super::{
    oauth::upstream::{
        Login, Refreshed, Tokens, Trouble,
        answer::{send, status_of},
        registration::{ClientAuth, Registration, TokenEndpoint},
    },
    published::jwks::Jwks,
};

/// What is asked for where there is an issuer, unless the configuration says otherwise.
const SCOPES: &str = "openid profile email";
/// What makes some providers give a refresh token (OpenID Connect Core section 11).
const OFFLINE: &str = "offline_access";

/// An upstream, with this server as its client.
pub struct Oidc {
    /// What this server is there.
    pub registration: Registration,
    /// Where the upstream's endpoints are.
    pub source: Source,
    /// The issuer of identity tokens, if there is one.
    pub signer: Option<Signer>,
    /// How this server says who it is, if not as the metadata has it.
    pub auth: Option<ClientAuth>,
    /// What is asked for, if not the usual.
    pub scopes: Option<String>,
    /// What the authorization endpoint wants besides.
    pub authorize_parameters: Vec<(String, String)>,
    /// What the token endpoint wants besides.
    pub token_parameters: Vec<(String, String)>,
}

/// Who signs identity tokens.
pub struct Signer {
    /// What `iss` may be.
    pub names: Vec<String>,
    /// The published keys.
    pub keys: Jwks,
}

impl Oidc {
    /// What the upstream will be asked for, separated by spaces.
    ///
    /// # Errors
    /// `Unavailable` if the endpoints are not known yet and cannot be found.
    pub async fn scopes(&self) -> Result<String, Trouble> {
        Ok(self.scope(&*self.source.endpoints().await?))
    }

    /// Where a browser goes to log in.
    ///
    /// # Errors
    /// `Unavailable` if the endpoints are not known yet and cannot be found.
    pub async fn authorization_url(&self, login: &Login<'_>) -> Result<Url, Trouble> {
        let endpoints = self.source.endpoints().await?;
        Ok(self.registration.authorization_url(
            &endpoints.authorization,
            &self.scope(&endpoints),
            login,
            &self.authorize_parameters,
        ))
    }

    /// Trades a code for tokens and for what the upstream says about the person.
    ///
    /// # Errors
    /// See [`Trouble`].
    pub async fn exchange(
        &self,
        code: &str,
        verifier: &str,
        nonce: &str,
    ) -> Result<(Tokens, Claims), Trouble> {
        let endpoints = self.source.endpoints().await?;
        let (mut tokens, answer) = self
            .registration
            .exchange(&self.token_endpoint(&endpoints), code, verifier)
            .await?;
        let is_identity_due = self
            .scope(&endpoints)
            .split(' ')
            .any(|scope| scope == "openid");
        if let Some(signer) = self.signer.as_ref().filter(|_| is_identity_due) {
            let Some(id_token) = id_token_in(&answer) else {
                let why = "the answer of the token endpoint has no id_token";
                return Err(Trouble::Broken(why.to_owned()));
            };
            let expected = Expected {
                issuers: &signer.names,
                client_id: &self.registration.client_id,
                nonce: Some(nonce),
            };
            tokens.id_claims = id_token::verify(&signer.keys, id_token, &expected).await?;
        }
        let claims = self.claims_at_login(&endpoints, &mut tokens).await?;
        Ok((tokens, claims))
    }

    /// New tokens, and what the upstream says about the person now.
    ///
    /// # Errors
    /// See [`Trouble`].
    pub async fn refresh(&self, tokens: &Tokens) -> Result<Refreshed, Trouble> {
        let endpoints = self.source.endpoints().await?;
        let (mut newer, answer) = self
            .registration
            .refresh(&self.token_endpoint(&endpoints), tokens)
            .await?;
        newer.id_claims.clone_from(&tokens.id_claims);
        newer.is_elsewhere = tokens.is_elsewhere && newer.expires_at.is_some();
        let outcome = self.newer_identity(&mut newer, &answer).await;
        Ok((newer, outcome))
    }

    /// What the upstream says now about the person whose tokens these are.
    ///
    /// # Errors
    /// `Refused` if the access token does not work any more; see [`Trouble`] for the rest.
    pub async fn check(&self, tokens: &Tokens) -> Result<Claims, Trouble> {
        let endpoints = self.source.endpoints().await?;
        self.claims(&endpoints, tokens).await
    }

    /// Gives the tokens back (RFC 7009), if the upstream has an endpoint for that.
    ///
    /// # Errors
    /// See [`Trouble`].
    pub async fn revoke(&self, tokens: &Tokens) -> Result<(), Trouble> {
        let endpoints = self.source.endpoints().await?;
        let Some(address) = &endpoints.revocation else {
            return Ok(());
        };
        // Section 2.1: with the refresh token goes what was made from it.
        let (token, hint) = match &tokens.refresh_token {
            Some(token) => (token, "refresh_token"),
            None => (&tokens.access_token, "access_token"),
        };
        let form = [("token", token.as_str()), ("token_type_hint", hint)];
        let request = self
            .registration
            .post(address, self.auth(&endpoints), &form);
        let reply = send(request).await?;
        // A token that is not known any more is no error by section 2.2, but Google has one.
        let is_gone = || {
            serde_json::from_slice::<Value>(reply.body())
                .is_ok_and(|answer| answer.get("error") == Some(&Value::from("invalid_token")))
        };
        if reply.status().is_success() || is_gone() {
            return Ok(());
        }
        Err(Trouble::Broken(status_of(
            "the revocation endpoint",
            reply.status(),
        )))
    }

    /// An `id_token` that comes with new tokens (OpenID Connect Core section 12.2). Most do not send one.
    async fn newer_identity(
        &self,
        tokens: &mut Tokens,
        answer: &Map<String, Value>,
    ) -> Result<(), Trouble> {
        let (Some(signer), Some(id_token)) = (&self.signer, id_token_in(answer)) else {
            return Ok(());
        };
        let expected = Expected {
            issuers: &signer.names,
            client_id: &self.registration.client_id,
            nonce: None,
        };
        let newer = id_token::verify(&signer.keys, id_token, &expected).await?;
        id_token::ensure_continued(&tokens.id_claims, &newer)?;
        // The first nonce is what later ones are compared with.
        let nonce = tokens.id_claims.remove("nonce");
        tokens.id_claims = newer;
        if let Some(nonce) = nonce {
            tokens.id_claims.insert("nonce".to_owned(), nonce);
        }
        Ok(())
    }

    fn token_endpoint<'a>(&'a self, endpoints: &'a Endpoints) -> TokenEndpoint<'a> {
        TokenEndpoint {
            address: &endpoints.token,
            auth: self.auth(endpoints),
            parameters: &self.token_parameters,
        }
    }

    fn auth(&self, endpoints: &Endpoints) -> ClientAuth {
        self.auth.unwrap_or(endpoints.auth)
    }

    fn scope(&self, endpoints: &Endpoints) -> String {
        match &self.scopes {
            Some(scopes) => scopes.clone(),
            None if self.signer.is_none() => String::new(),
            None if endpoints.offers_offline => format!("{SCOPES} {OFFLINE}"),
            None => SCOPES.to_owned(),
        }
    }
}

fn id_token_in(answer: &Map<String, Value>) -> Option<&str> {
    answer.get("id_token")?.as_str()
}
