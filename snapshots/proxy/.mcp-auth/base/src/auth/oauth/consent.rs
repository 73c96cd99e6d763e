//! `/consent`: asks the person before anything goes to the upstream provider (MCP security best practices,
//! "Confused Deputy"). Nobody skips it. Approving stores the login; until then nothing is stored.

use std::time::Duration;

use axum::{
    extract::{RawQuery, Request, State},
    http::{HeaderMap, StatusCode, header::SET_COOKIE},
    response::{IntoResponse, Response},
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};

use super::{
    Oauth,
    answers::{body, redirect},
    authorize::{AuthorizationRequest, LOGIN_SECONDS},
    browser::{self, Browser},
    page,
    parameters::Parameters,
    redirects,
    secrets::{random, sha256},
    store::{Kind, Outage},
    upstream::{Login, Trouble},
};
use crate::auth::scope_words::WORDS;

/// A login that the person approved and that is under way at the provider.
#[derive(Serialize, Deserialize)]
pub struct Transaction {
    pub request: AuthorizationRequest,
    /// This server's own PKCE verifier towards the provider.
    pub verifier: String,
    /// What the provider's `id_token` must repeat.
    pub nonce: String,
}

/// Shows the page.
pub async fn show(
    State(oauth): State<Oauth>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    let query = query.unwrap_or_default();
    let sealed = Parameters::read(query.as_bytes())
        .ok()
        .and_then(|parameters| parameters.get("request").map(str::to_owned))
        .unwrap_or_default();
    let Some(request) = AuthorizationRequest::open(&oauth.keys, &sealed) else {
        return too_late();
    };
    let is_https = oauth.settings.is_https();
    let Some(browser) = Browser::of(&headers, &oauth.keys, is_https).or_else(Browser::new) else {
        return page::unavailable();
    };
    let token = browser.token(&oauth.keys, &request.id);
    let cookie = browser.cookie(&oauth.keys, is_https);
    let (Some(token), Some(cookie)) = (token, cookie) else {
        return page::unavailable();
    };
    let provider_scopes = match oauth.provider.scopes().await {
        Ok(scopes) => scopes,
        Err(why) => return unreachable(&oauth, &request, &why),
    };
    let page = page::consent(&page::Consent {
        server: oauth.settings.host(),
        client: &request.client_name,
        origin: &request.client_origin,
        redirect_uri: &request.redirect_uri,
        target: redirects::kind(&request.redirect_uri),
        scopes: &in_words(&request.scopes),
        provider: oauth.provider.title(),
        provider_scopes: &provider_scopes,
        request: &sealed,
        csrf: &token,
    });
    ([(SET_COOKIE, cookie)], page).into_response()
}

fn in_words(scopes: &str) -> Vec<(String, Option<&'static str>)> {
    let scopes = scopes.split_ascii_whitespace().map(|scope| {
        let words = WORDS.iter().find(|(name, _)| *name == scope);
        (scope.to_owned(), words.map(|(_, words)| *words))
    });
    scopes.collect()
}

/// Takes the answer.
pub async fn decide(State(oauth): State<Oauth>, request: Request) -> Response {
    let headers = request.headers().clone();
    let Ok(form) = body(request).await else {
        return too_late();
    };
    let Ok(form) = Parameters::read(&form) else {
        return too_late();
    };
    let sealed = form.get("request").unwrap_or_default();
    let Some(request) = AuthorizationRequest::open(&oauth.keys, sealed) else {
        return too_late();
    };
    let browser = Browser::of(&headers, &oauth.keys, oauth.settings.is_https());
    let token = form.get("csrf").unwrap_or_default();
    if browser::is_cross_site(&headers, &oauth.settings.base)
        || !browser.is_some_and(|browser| browser.made(&oauth.keys, &request.id, token))
    {
        return page::problem(
            StatusCode::FORBIDDEN,
            "This answer did not come from our page",
            "Nothing was allowed. Cookies must be on; go back to the application and start again there.",
        );
    }
    let outcome = match form.get("answer") {
        Some("approve") => approve(&oauth, request).await,
        Some("deny") => deny(&oauth, &request).await,
        _ => return too_late(),
    };
    outcome.unwrap_or_else(|Outage(why)| {
        tracing::error!(?why, "the store does not answer");
        page::unavailable()
    })
}

/// Stores the login, binds it to this browser and sends the browser to the provider. Who clicks twice begins two
/// logins, of which the browser goes on with one.
async fn approve(oauth: &Oauth, request: AuthorizationRequest) -> Result<Response, Outage> {
    let denied: Option<()> = oauth.store.get(Kind::Denied, &request.id).await?;
    if denied.is_some() {
        return Ok(too_late());
    }
    let (Some(state), Some(verifier), Some(nonce)) = (random(), random(), random()) else {
        return Ok(page::unavailable());
    };
    let challenge = BASE64_URL_SAFE_NO_PAD.encode(sha256(verifier.as_bytes()));
    let login = Login {
        state: &state,
        challenge: &challenge,
        nonce: &nonce,
    };
    let address = match oauth.provider.authorization_url(&login).await {
        Ok(address) => address,
        Err(why) => return Ok(unreachable(oauth, &request, &why)),
    };
    let Some(cookie) = browser::bind(&oauth.keys, &state, oauth.settings.is_https()) else {
        return Ok(page::unavailable());
    };
    let transaction = Transaction {
        request,
        verifier,
        nonce,
    };
    let lifetime = Duration::from_secs(LOGIN_SECONDS);
    oauth
        .store
        .insert(Kind::Transaction, &state, &transaction, lifetime)
        .await?;
    Ok(([(SET_COOKIE, cookie)], redirect(address.as_str())).into_response())
}

async fn deny(oauth: &Oauth, request: &AuthorizationRequest) -> Result<Response, Outage> {
    // A no stays a no, whatever else the page is used for.
    let lifetime = Duration::from_secs(LOGIN_SECONDS);
    oauth
        .store
        .insert(Kind::Denied, &request.id, &(), lifetime)
        .await?;
    let outcome = [
        ("error", "access_denied"),
        ("error_description", "the person said no"),
    ];
    Ok(request.answer(&oauth.settings.base, &outcome))
}

/// Tells the client that the provider cannot be asked.
fn unreachable(oauth: &Oauth, request: &AuthorizationRequest, why: &Trouble) -> Response {
    tracing::error!(?why, "the provider cannot be asked for a login");
    let outcome = [
        ("error", "temporarily_unavailable"),
        ("error_description", "the login provider does not answer"),
    ];
    request.answer(&oauth.settings.base, &outcome)
}

fn too_late() -> Response {
    page::problem(
        StatusCode::BAD_REQUEST,
        "This page is no longer valid",
        "It was open for too long, or it was answered before. Go back to the application and start again there.",
    )
}
