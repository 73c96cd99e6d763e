//! `GET /authorize`: the start of a login (OAuth 2.1 section 4.1.1, RFC 7636, RFC 8707). Checks what the client
//! asks for, in this order: what cannot be answered safely gets a page, the rest goes back to the client.
//! Stores nothing: the request travels on, sealed, to the consent page.

use axum::{
    extract::{RawQuery, State},
    http::StatusCode,
    response::Response,
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};

use super::{
    Oauth,
    answers::{redirect, with_parameters},
    clients::{Client, Origin, Unknown},
    page,
    parameters::Parameters,
    redirects,
    secrets::{Keys, Purpose, random},
};
use crate::auth::{scopes::Scopes, token_cache::now};

/// How long a person has for the consent page, and then for logging in.
pub const LOGIN_SECONDS: u64 = 600;
/// The longest `state`. It is the client's own and comes back to it.
const MAX_STATE_BYTES: usize = 2048;

/// A checked authorization request.
#[derive(Clone, Serialize, Deserialize)]
pub struct AuthorizationRequest {
    /// Names this request.
    pub id: String,
    /// When it is too late to answer it, in Unix seconds.
    pub until: u64,
    pub client_id: String,
    pub client_name: String,
    pub client_origin: Origin,
    pub redirect_uri: String,
    /// The client's `state`.
    pub state: Option<String>,
    /// The client's PKCE challenge, always S256.
    pub challenge: String,
    pub scopes: String,
}

impl AuthorizationRequest {
    /// As text for an address or a form.
    pub fn seal(&self, keys: &Keys) -> Option<String> {
        let plain = serde_json::to_vec(self).ok()?;
        let sealed = keys.seal(Purpose::Request, b"", &plain)?;
        Some(BASE64_URL_SAFE_NO_PAD.encode(sealed))
    }

    /// From that text; `None` if it is not of this server, or too old.
    pub fn open(keys: &Keys, text: &str) -> Option<Self> {
        let sealed = BASE64_URL_SAFE_NO_PAD.decode(text).ok()?;
        let plain = keys.open(Purpose::Request, b"", &sealed)?;
        let request: Self = serde_json::from_slice(&plain).ok()?;
        (now() < request.until).then_some(request)
    }

    /// Sends the browser back to the client with the outcome (RFC 6749 section 4.1.2, RFC 9207).
    pub fn answer(&self, issuer: &str, outcome: &[(&str, &str)]) -> Response {
        redirect(&self.answer_address(issuer, outcome))
    }

    /// Where the outcome goes.
    pub fn answer_address(&self, issuer: &str, outcome: &[(&str, &str)]) -> String {
        let state = self.state.iter().map(|state| ("state", state.as_str()));
        let parameters: Vec<_> = outcome
            .iter()
            .copied()
            .chain(state)
            .chain([("iss", issuer)])
            .collect();
        with_parameters(&self.redirect_uri, &parameters)
    }
}

/// Checks the request and sends the browser to the consent page.
pub async fn authorize(State(oauth): State<Oauth>, RawQuery(query): RawQuery) -> Response {
    let query = query.unwrap_or_default();
    let Ok(parameters) = Parameters::read(query.as_bytes()) else {
        return broken("A parameter of this link stands in it twice.");
    };
    let client = match client(&oauth, &parameters).await {
        Ok(client) => client,
        Err(page) => return page,
    };
    let Some(redirect_uri) = parameters.get("redirect_uri").filter(|presented| {
        let registered = &client.redirect_uris;
        registered.iter().any(|uri| redirects::matches(uri, presented))
            // On a loopback address another port could be this server's own.
            && redirects::ensure_acceptable(presented, &oauth.settings.base).is_ok()
    }) else {
        return broken(
            "The address that the application wants the answer sent to is not one of its own.",
        );
    };
    let state = parameters.get("state").map(str::to_owned);
    let Some(id) = random() else {
        return page::unavailable();
    };
    let mut request = AuthorizationRequest {
        id,
        until: now() + LOGIN_SECONDS,
        client_id: client.id.clone(),
        client_name: client.name.clone(),
        client_origin: client.origin.clone(),
        redirect_uri: redirect_uri.to_owned(),
        state: state.filter(|state| state.len() <= MAX_STATE_BYTES),
        challenge: String::new(),
        scopes: String::new(),
    };
    match checked(&oauth, &client, &parameters) {
        Ok((challenge, scopes)) => {
            request.challenge = challenge;
            request.scopes = scopes.to_string();
        }
        Err((code, text)) => {
            let outcome = [("error", code), ("error_description", text)];
            return request.answer(&oauth.settings.base, &outcome);
        }
    }
    match request.seal(&oauth.keys) {
        Some(sealed) => redirect(&oauth.settings.at(&format!("/consent?request={sealed}"))),
        None => page::unavailable(),
    }
}

async fn client(oauth: &Oauth, parameters: &Parameters) -> Result<Client, Response> {
    let Some(id) = parameters.get("client_id") else {
        return Err(broken("It does not say which application asks."));
    };
    oauth.clients.find(id).await.map_err(|unknown| match unknown {
        Unknown::No(why) => {
            tracing::info!(?why, "refused a client");
            page::problem(
                StatusCode::BAD_REQUEST,
                "This application is not known here",
                "Remove this server from the application and add it again, so that it registers anew.",
            )
        }
        Unknown::Unavailable(why) => {
            tracing::warn!(?why, "cannot get a client's document");
            page::unavailable()
        }
    })
}

/// The PKCE challenge and the scopes; or an error code of RFC 6749 section 4.1.2.1 or RFC 8707 section 2.
fn checked(
    oauth: &Oauth,
    client: &Client,
    parameters: &Parameters,
) -> Result<(String, Scopes), (&'static str, &'static str)> {
    const BAD: &str = "invalid_request";
    if parameters
        .get("state")
        .is_some_and(|state| state.len() > MAX_STATE_BYTES)
    {
        return Err((BAD, "state is longer than 2048 bytes"));
    }
    match parameters.get("response_type") {
        Some("code") => {}
        Some(_) => return Err(("unsupported_response_type", "response_type must be code")),
        None => return Err((BAD, "response_type is missing")),
    }
    if !matches!(parameters.get("response_mode"), None | Some("query")) {
        return Err((BAD, "response_mode must be query"));
    }
    let challenge = parameters.get("code_challenge").unwrap_or_default();
    if parameters.get("code_challenge_method") != Some("S256") || !is_challenge(challenge) {
        return Err((
            BAD,
            "PKCE with a code_challenge of 43 characters and S256 is needed",
        ));
    }
    if !parameters.name_only(&oauth.settings.resource) {
        return Err((
            "invalid_target",
            "resource is not the address of this MCP server",
        ));
    }
    let scopes = scopes(oauth, client, parameters.get("scope")).ok_or((
        "invalid_scope",
        "a scope is not one that this client may ask for",
    ))?;
    Ok((challenge.to_owned(), scopes))
}

/// What is asked for, if all of it is allowed; the usual ones if nothing is.
fn scopes(oauth: &Oauth, client: &Client, asked: Option<&str>) -> Option<Scopes> {
    let allowed = client.scopes.as_ref().unwrap_or(&oauth.settings.scopes);
    // A refresh token comes anyway, so asking for it is no right of its own.
    let asked: Scopes = asked
        .unwrap_or_default()
        .split(' ')
        .filter(|scope| !scope.is_empty() && *scope != "offline_access")
        .collect();
    if asked.is_empty() {
        let usual = oauth.settings.default_scopes.iter();
        return Some(usual.filter(|scope| allowed.allow(scope)).collect());
    }
    (allowed.allow_all(&asked) && oauth.settings.scopes.allow_all(&asked)).then_some(asked)
}

/// Base64url of a SHA-256 (RFC 7636 section 4.2).
fn is_challenge(text: &str) -> bool {
    let is_base64url = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    text.len() == 43 && text.bytes().all(is_base64url)
}

fn broken(text: &str) -> Response {
    page::problem(
        StatusCode::BAD_REQUEST,
        "This link does not work",
        &format!("{text} Go back to the application and start again there."),
    )
}
