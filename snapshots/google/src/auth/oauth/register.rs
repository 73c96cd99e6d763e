//! `POST /register`: dynamic client registration (RFC 7591). Stores nothing, so strangers can register as
//! often as they like.

use axum::{
    extract::{Request, State},
    http::StatusCode,
    response::Response,
};
use serde::Deserialize;
use serde_json::json;

use super::{
    Oauth,
    answers::{self, Refused},
    redirects::{self, Target},
    secrets,
};
use crate::auth::{metadata::present, token_cache::now};

const MAX_REDIRECT_URIS: usize = 10;
const MAX_URI_BYTES: usize = 512;
/// The registration travels in addresses, as the `client_id`.
const MAX_URIS_BYTES: usize = 2 * 1024;
/// In characters.
const MAX_NAME: usize = 100;

/// What a client says about itself (RFC 7591 section 2). What is not named here has no effect.
#[derive(Deserialize)]
struct Metadata {
    redirect_uris: Vec<String>,
    client_name: Option<String>,
    token_endpoint_auth_method: Option<String>,
    grant_types: Option<Vec<String>>,
    response_types: Option<Vec<String>>,
    application_type: Option<String>,
    scope: Option<String>,
}

/// Answers 201 with a `client_id`, or says what is wrong (RFC 7591 section 3.2).
pub async fn register(State(oauth): State<Oauth>, request: Request) -> Result<Response, Refused> {
    let body = answers::body(request).await?;
    let metadata: Metadata = serde_json::from_slice(&body).map_err(|_| {
        invalid("the body must be JSON with the list redirect_uris and texts besides")
    })?;
    metadata.check(&oauth.settings.base)?;
    let method = metadata.token_endpoint_auth_method.as_deref();
    // Without a word about it a client is public, as MCP clients are.
    let method = method.unwrap_or("none");
    let secret = match method {
        "none" => None,
        "client_secret_basic" | "client_secret_post" => {
            Some(secrets::random().ok_or(Refused::Unavailable)?)
        }
        _ => return Err(invalid("this token_endpoint_auth_method is not supported")),
    };
    let name = metadata.name();
    let uris = metadata.redirect_uris.clone();
    let client_id = oauth
        .clients
        .register(name.clone(), uris, secret.as_deref());
    let answer = present(json!({
        "client_id": client_id.ok_or(Refused::Unavailable)?,
        "client_id_issued_at": now(),
        "client_name": name,
        "redirect_uris": metadata.redirect_uris,
        "token_endpoint_auth_method": method,
        "grant_types": metadata.grant_types.unwrap_or_else(|| GRANT_TYPES.map(str::to_owned).to_vec()),
        "response_types": ["code"],
        "client_secret": secret,
        "client_secret_expires_at": secret.is_some().then_some(0),
        "application_type": metadata.application_type,
        "scope": metadata.scope,
    }));
    Ok(answers::answer(StatusCode::CREATED, answer))
}

/// The ways to a token that this server offers.
pub const GRANT_TYPES: [&str; 2] = ["authorization_code", "refresh_token"];

impl Metadata {
    fn check(&self, own: &str) -> Result<(), Refused> {
        self.check_redirect_uris(own)?;
        let wants = |list: &Option<Vec<String>>, known: &[&str]| {
            list.iter()
                .flatten()
                .all(|item| known.contains(&item.as_str()))
        };
        if !wants(&self.grant_types, &GRANT_TYPES) || !wants(&self.response_types, &["code"]) {
            return Err(invalid(
                "only authorization_code and refresh_token with the response type code are supported",
            ));
        }
        Ok(())
    }

    fn check_redirect_uris(&self, own: &str) -> Result<(), Refused> {
        let uris = &self.redirect_uris;
        let all: usize = uris.iter().map(String::len).sum();
        if uris.is_empty() || uris.len() > MAX_REDIRECT_URIS || all > MAX_URIS_BYTES {
            return Err(invalid_uri(
                "there must be 1 to 10 redirect URIs, of 2 KiB together",
            ));
        }
        for uri in uris {
            if uri.len() > MAX_URI_BYTES {
                return Err(invalid_uri("a redirect URI is longer than 512 bytes"));
            }
            redirects::ensure_acceptable(uri, own).map_err(invalid_uri)?;
        }
        match self.application_type.as_deref() {
            None | Some("native") => Ok(()),
            // OpenID Connect Dynamic Client Registration section 2.
            Some("web")
                if uris
                    .iter()
                    .all(|uri| matches!(redirects::kind(uri), Target::Web(_))) =>
            {
                Ok(())
            }
            Some("web") => Err(invalid_uri(
                "a client with application_type web must have https redirect URIs; use native",
            )),
            Some(_) => Err(invalid("application_type must be native or web")),
        }
    }

    /// The name that people will see. It is cut, not refused: no client should fail for its name.
    fn name(&self) -> String {
        let name = self.client_name.as_deref().unwrap_or_default().trim();
        match name {
            "" => "an application without a name".to_owned(),
            name => name.chars().take(MAX_NAME).collect(),
        }
    }
}

fn invalid(text: &'static str) -> Refused {
    Refused::Request("invalid_client_metadata", text)
}

fn invalid_uri(text: &'static str) -> Refused {
    Refused::Request("invalid_redirect_uri", text)
}
