//! This server as a client of the upstream: what it is registered as there, and the requests of the
//! authorization code flow (RFC 6749, RFC 7636). The `resource` of MCP clients is not passed on.

use std::str::FromStr;

use form_urlencoded::Serializer;
use reqwest::{
    Client, RequestBuilder, Url,
    header::{ACCEPT, CONTENT_TYPE},
};
use serde_json::{Map, Value};

use super::{
    Login, Tokens, Trouble,
    answer::{granted, send},
};
use crate::auth::{Env, client::client, env::Secret};

/// How this server says who it is (RFC 6749 section 2.3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClientAuth {
    /// In the `Authorization` header.
    Basic,
    /// In the body.
    Post,
    /// Only by its id.
    None,
}

impl FromStr for ClientAuth {
    type Err = ();

    /// As in settings, and as in metadata (RFC 8414 section 2).
    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "basic" | "client_secret_basic" => Ok(Self::Basic),
            "post" | "client_secret_post" => Ok(Self::Post),
            "none" => Ok(Self::None),
            _ => Err(()),
        }
    }
}

/// What this server is registered as.
pub struct Registration {
    /// Its `client_id`.
    pub client_id: String,
    /// Its `client_secret`; public clients have none.
    pub secret: Option<Secret>,
    /// Where the upstream sends browsers back to.
    pub callback: String,
    /// What calls the upstream.
    pub http: Client,
}

/// The token endpoint, how to tell it who asks, and what it wants besides.
pub struct TokenEndpoint<'a> {
    pub address: &'a Url,
    pub auth: ClientAuth,
    pub parameters: &'a [(String, String)],
}

impl Registration {
    /// Reads `AUTH_CLIENT_ID` and `AUTH_CLIENT_SECRET`; `None` after recording a problem.
    pub fn read(env: &mut Env, callback: &str, needs_secret: bool) -> Option<Self> {
        let client_id = env.get("AUTH_CLIENT_ID");
        if client_id.is_none() {
            env.problem(format!(
                "AUTH_CLIENT_ID is not set; register this server at the provider, with {callback} as its \
                 callback address, for example AUTH_CLIENT_ID=0123456789abcdef"
            ));
        }
        let secret = env.secret("AUTH_CLIENT_SECRET");
        let is_complete = secret.is_some() || !needs_secret;
        if !is_complete {
            env.problem(
                "AUTH_CLIENT_SECRET is not set; the provider gives it out together with the client id, for \
                 example AUTH_CLIENT_SECRET_FILE=/run/secrets/client-secret",
            );
        }
        let http = client(env);
        is_complete.then_some(Self {
            client_id: client_id?,
            secret,
            callback: callback.to_owned(),
            http: http?,
        })
    }

    /// Where a browser goes to log in. `parameters` are added.
    pub fn authorization_url(
        &self,
        endpoint: &Url,
        scope: &str,
        login: &Login<'_>,
        parameters: &[(String, String)],
    ) -> Url {
        let mut url = endpoint.clone();
        let mut query = url.query_pairs_mut();
        query
            .append_pair("response_type", "code")
            .append_pair("client_id", &self.client_id)
            .append_pair("redirect_uri", &self.callback)
            .append_pair("state", login.state)
            .append_pair("code_challenge", login.challenge)
            .append_pair("code_challenge_method", "S256");
        if !scope.is_empty() {
            query.append_pair("scope", scope);
        }
        // This scope is what makes it a request of OpenID Connect (Core section 3.1.2.1).
        if scope.split(' ').any(|scope| scope == "openid") {
            query.append_pair("nonce", login.nonce);
        }
        query.extend_pairs(parameters);
        drop(query);
        url
    }

    /// Trades a code for tokens (RFC 6749 section 4.1.3); also gives the whole answer.
    ///
    /// # Errors
    /// `Refused` if the code is no good; see [`Trouble`] for the rest.
    pub async fn exchange(
        &self,
        endpoint: &TokenEndpoint<'_>,
        code: &str,
        verifier: &str,
    ) -> Result<(Tokens, Map<String, Value>), Trouble> {
        let form = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", &self.callback),
            ("code_verifier", verifier),
        ];
        self.grant(endpoint, &form).await
    }

    /// Gets a new access token (RFC 6749 section 6); also gives the whole answer. A refresh token that
    /// is not replaced stays.
    ///
    /// # Errors
    /// `Refused` if there is no refresh token, or a bad one; see [`Trouble`] for the rest.
    pub async fn refresh(
        &self,
        endpoint: &TokenEndpoint<'_>,
        old: &Tokens,
    ) -> Result<(Tokens, Map<String, Value>), Trouble> {
        let Some(refresh_token) = &old.refresh_token else {
            return Err(Trouble::Refused("there is no refresh token".to_owned()));
        };
        let form = [
            ("grant_type", "refresh_token"),
            ("refresh_token", refresh_token),
        ];
        let (mut tokens, answer) = self.grant(endpoint, &form).await?;
        if tokens.refresh_token.is_none() {
            tokens.refresh_token = Some(refresh_token.clone());
        }
        Ok((tokens, answer))
    }

    async fn grant(
        &self,
        endpoint: &TokenEndpoint<'_>,
        form: &[(&str, &str)],
    ) -> Result<(Tokens, Map<String, Value>), Trouble> {
        let added = endpoint
            .parameters
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()));
        let form: Vec<_> = form.iter().copied().chain(added).collect();
        let request = self.post(endpoint.address, endpoint.auth, &form);
        granted(&send(request).await?)
    }

    /// A form to an endpoint that wants to know which client asks.
    pub fn post(&self, address: &Url, auth: ClientAuth, form: &[(&str, &str)]) -> RequestBuilder {
        let mut body = Serializer::new(String::new());
        body.extend_pairs(form);
        let mut request = self.http.post(address.clone());
        let secret = self.secret.as_ref().map(Secret::reveal);
        match (auth, secret) {
            (ClientAuth::Basic, Some(secret)) => {
                // RFC 6749 section 2.3.1: both are form-encoded before they go into the header.
                let encoded = |text: &str| {
                    form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>()
                };
                request = request.basic_auth(encoded(&self.client_id), Some(encoded(secret)));
            }
            (ClientAuth::Post, Some(secret)) => {
                body.append_pair("client_id", &self.client_id)
                    .append_pair("client_secret", secret);
            }
            (ClientAuth::None, _) | (_, None) => {
                body.append_pair("client_id", &self.client_id);
            }
        }
        request
            .header(ACCEPT, "application/json")
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(body.finish())
    }
}
