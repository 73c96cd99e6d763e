//! `GET /auth/callback`: the provider sends the browser back here (RFC 6749 section 4.1.2). First it must be the
//! browser that approved, then the login is used up, then the provider is asked who logged in.

use axum::{
    extract::{RawQuery, State},
    http::{HeaderMap, StatusCode, header::SET_COOKIE},
    response::{IntoResponse, Response},
};

use super::{
    Oauth, browser,
    code::Code,
    consent::Transaction,
    grants::Grant,
    page,
    parameters::Parameters,
    store::{Kind, Outage},
    upstream::Trouble,
};

/// Ends a login: a code for the client, an error for the client, or a page.
pub async fn callback(
    State(oauth): State<Oauth>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    let Ok(parameters) = Parameters::read(query.unwrap_or_default().as_bytes()) else {
        return unknown();
    };
    // In a task of its own: what the provider gives only once must not be lost when a browser hangs up.
    let task = tokio::spawn(async move { finish(&oauth, &headers, &parameters).await });
    match task.await {
        Ok(Ok(response)) => response,
        Ok(Err(Outage(why))) => {
            tracing::error!(?why, "the store does not answer");
            page::unavailable()
        }
        Err(_) => page::unavailable(),
    }
}

async fn finish(
    oauth: &Oauth,
    headers: &HeaderMap,
    parameters: &Parameters,
) -> Result<Response, Outage> {
    let state = parameters.get("state").unwrap_or_default();
    let known: Option<Transaction> = oauth.store.get(Kind::Transaction, state).await?;
    if known.is_none() {
        return Ok(unknown());
    }
    let is_https = oauth.settings.is_https();
    if !browser::is_bound(headers, &oauth.keys, state, is_https) {
        return Ok(page::problem(
            StatusCode::FORBIDDEN,
            "This login began in another browser",
            "Finish it there, or go back to the application and start again in this one.",
        ));
    }
    // Only one of several callbacks gets it.
    let taken: Option<Transaction> = oauth.store.take(Kind::Transaction, state).await?;
    let Some(transaction) = taken else {
        return Ok(unknown());
    };
    let response = outcome(oauth, transaction, parameters).await?;
    Ok(match browser::unbind(state, is_https) {
        Some(cookie) => ([(SET_COOKIE, cookie)], response).into_response(),
        None => response,
    })
}

async fn outcome(
    oauth: &Oauth,
    login: Transaction,
    parameters: &Parameters,
) -> Result<Response, Outage> {
    let issuer = &oauth.settings.base;
    let fail = |code, text| {
        let outcome = [("error", code), ("error_description", text)];
        login.request.answer(issuer, &outcome)
    };
    // RFC 9207: an answer of another provider was mixed in.
    let issuers = parameters.get("iss").zip(oauth.provider.issuer());
    if issuers.is_some_and(|(said, expected)| said != expected) {
        tracing::warn!("the callback names another issuer than the provider");
        return Ok(fail(
            "server_error",
            "the login provider's answer is not its own",
        ));
    }
    // Its texts are not passed on: anybody can have written them.
    match parameters.get("error") {
        None => {}
        Some("access_denied") => return Ok(fail("access_denied", "the login was refused")),
        Some("temporarily_unavailable") => {
            return Ok(fail(
                "temporarily_unavailable",
                "the login provider is busy",
            ));
        }
        Some(error) => {
            tracing::warn!(?error, "the provider refused the login");
            return Ok(fail("server_error", "the login provider reported an error"));
        }
    }
    let Some(code) = parameters.get("code") else {
        return Ok(fail("server_error", "the login provider sent no code"));
    };
    let exchanged = oauth
        .provider
        .exchange(code, &login.verifier, &login.nonce)
        .await;
    let (tokens, profile) = match exchanged {
        Ok(found) => found,
        Err(Trouble::Forbidden { account }) => return Ok(forbidden(oauth, &login, &account)),
        Err(Trouble::Unavailable(why)) => {
            tracing::error!(?why, "the provider does not answer");
            return Ok(fail(
                "temporarily_unavailable",
                "the login provider does not answer",
            ));
        }
        Err(Trouble::Refused(why)) => {
            tracing::warn!(?why, "the provider refused its code");
            return Ok(fail(
                "access_denied",
                "the login provider refused the login",
            ));
        }
        Err(Trouble::Broken(why)) => {
            tracing::error!(?why, "the provider's answer makes no sense");
            return Ok(fail(
                "server_error",
                "the login provider's answer makes no sense",
            ));
        }
    };
    let grant = Grant::new(&login.request, profile, tokens);
    let Some(grant) = oauth.grants.open(&grant).await? else {
        return Ok(page::unavailable());
    };
    match Code::issue(&oauth.store, &login.request, grant).await? {
        Some(code) => Ok(login.request.answer(issuer, &[("code", &code)])),
        None => Ok(page::unavailable()),
    }
}

/// Somebody logged in whom the access policy does not name. The page says who, because that is the
/// one thing that helps: people have several accounts.
fn forbidden(oauth: &Oauth, login: &Transaction, account: &str) -> Response {
    tracing::info!(?account, "refused by the access policy");
    let outcome = [
        ("error", "access_denied"),
        ("error_description", "this account may not use this server"),
    ];
    page::forbidden(
        oauth.provider.title(),
        account,
        &login.request.answer_address(&oauth.settings.base, &outcome),
    )
}

fn unknown() -> Response {
    page::problem(
        StatusCode::BAD_REQUEST,
        "This login is not known",
        "It took too long, or it ended already. Go back to the application and start again there.",
    )
}
