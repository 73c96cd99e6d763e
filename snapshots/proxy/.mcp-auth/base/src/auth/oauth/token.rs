//! `POST /token` (OAuth 2.1 section 3.2): who asks, what for, and the answer. The code grant is here, refreshing
//! in `refresh.rs`.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, StatusCode, header::AUTHORIZATION},
    response::Response,
};
use base64::{
    Engine,
    prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD},
};
use serde_json::json;

use super::{
    Oauth,
    access_token::LIFETIME_SECONDS,
    answers::{self, Refused},
    code::{Code, Redeemed},
    grants::{Gone, Grant},
    parameters::Parameters,
    refresh::{self, RefreshToken},
    secrets::{is_same, sha256},
};

/// Answers with tokens, or with an error of RFC 6749 section 5.2.
pub async fn token(State(oauth): State<Oauth>, request: Request) -> Result<Response, Refused> {
    let (client_id, form) = authenticated(&oauth, request).await?;
    match form.get("grant_type") {
        Some("authorization_code") => redeem(&oauth, &client_id, &form).await,
        Some("refresh_token") => refresh::refresh(&oauth, &client_id, &form).await,
        Some(_) => Err(Refused::Request(
            "unsupported_grant_type",
            "grant_type must be authorization_code or refresh_token",
        )),
        None => Err(Refused::Request("invalid_request", "grant_type is missing")),
    }
}

/// The client behind a form, once it has proved who it is (RFC 6749 section 2.3).
pub async fn authenticated(
    oauth: &Oauth,
    request: Request,
) -> Result<(String, Parameters), Refused> {
    let basic = basic(request.headers());
    let form = answers::body(request).await?;
    let form = Parameters::read(&form)
        .map_err(|_| Refused::Request("invalid_request", "a parameter stands twice"))?;
    let (basic, posted) = (basic?, form.get("client_secret"));
    if basic.is_some() && posted.is_some() {
        let text = "the client's secret stands in the header and in the form";
        return Err(Refused::Request("invalid_request", text));
    }
    let (id, secret) = match (basic, form.get("client_id")) {
        (Some((id, _)), Some(other)) if id != other => {
            return Err(Refused::Client("two clients are named"));
        }
        (Some((id, secret)), _) => (id, Some(secret)),
        (None, Some(id)) => (id.to_owned(), posted.map(str::to_owned)),
        (None, None) => return Err(Refused::Client("client_id is missing")),
    };
    match (oauth.clients.secret(&id), secret) {
        (Ok(None), _) => Ok((id, form)),
        (Ok(Some(expected)), Some(secret)) if is_secret(&secret, &expected) => Ok((id, form)),
        (Ok(Some(_)), _) => Err(Refused::Client("the client's secret is wrong")),
        (Err(why), _) => {
            tracing::info!(?why, "refused a client");
            Err(Refused::Client(
                "this client is not known here; register again",
            ))
        }
    }
}

/// The hashes have one length, and what their comparison tells of them is of no use.
fn is_secret(secret: &str, expected: &[u8; 32]) -> bool {
    let hex = |hash: &[u8]| BASE64_URL_SAFE_NO_PAD.encode(hash);
    is_same(&hex(&sha256(secret.as_bytes())), &hex(expected))
}

/// Client id and secret of a Basic header. Both are form-encoded (RFC 6749 section 2.3.1).
fn basic(headers: &HeaderMap) -> Result<Option<(String, String)>, Refused> {
    const BAD: Refused =
        Refused::Client("the Authorization header is not Basic with id and secret");
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let Some(value) = values.next() else {
        return Ok(None);
    };
    if values.next().is_some() {
        return Err(BAD);
    }
    let (scheme, encoded) = value
        .to_str()
        .ok()
        .and_then(|text| text.split_once(' '))
        .ok_or(BAD)?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return Err(BAD);
    }
    let decoded = BASE64_STANDARD.decode(encoded.trim()).map_err(|_| BAD)?;
    let text = String::from_utf8(decoded).map_err(|_| BAD)?;
    let (id, secret) = text.split_once(':').ok_or(BAD)?;
    let plain = |text: &str| {
        let form = format!("x={}", text.replace('&', "%26"));
        form_urlencoded::parse(form.as_bytes())
            .next()
            .map(|(_, value)| value.into_owned())
            .unwrap_or_default()
    };
    Ok(Some((plain(id), plain(secret))))
}

async fn redeem(oauth: &Oauth, client_id: &str, form: &Parameters) -> Result<Response, Refused> {
    let Some(presented) = form.get("code") else {
        return Err(Refused::Request("invalid_request", "code is missing"));
    };
    let code = match Code::redeem(&oauth.store, presented).await? {
        Redeemed::Now(code) => code,
        Redeemed::Again(code) => {
            tracing::warn!("a code was used twice: its tokens end here");
            oauth.grants.revoke(&code.grant).await?;
            return Err(INVALID_CODE);
        }
        Redeemed::Unknown => return Err(INVALID_CODE),
    };
    // Whoever gets this wrong has used the code up, and what hangs on it ends.
    if let Err(refused) = fits(oauth, &code, client_id, form) {
        oauth.grants.revoke(&code.grant).await?;
        return Err(refused);
    }
    let grant = oauth.grants.get(&code.grant).await.map_err(no_grant)?;
    let refresh_token =
        RefreshToken::issue(&oauth.keys, &code.grant).ok_or(Refused::Unavailable)?;
    answer(oauth, &code.grant, &grant, &code.scopes, &refresh_token)
}

const INVALID_CODE: Refused = Refused::Request(
    "invalid_grant",
    "the code is not valid; start the login again",
);

fn fits(oauth: &Oauth, code: &Code, client_id: &str, form: &Parameters) -> Result<(), Refused> {
    if code.client_id != client_id {
        return Err(INVALID_CODE);
    }
    if form
        .get("redirect_uri")
        .is_some_and(|uri| uri != code.redirect_uri)
    {
        let text = "redirect_uri is not that of the authorization request";
        return Err(Refused::Request("invalid_grant", text));
    }
    if !form.name_only(&oauth.settings.resource) {
        let text = "resource is not the address of this MCP server";
        return Err(Refused::Request("invalid_target", text));
    }
    let verifier = form.get("code_verifier").unwrap_or_default();
    let challenge = BASE64_URL_SAFE_NO_PAD.encode(sha256(verifier.as_bytes()));
    if !is_verifier(verifier) || !is_same(&challenge, &code.challenge) {
        let text = "code_verifier does not fit the code_challenge";
        return Err(Refused::Request("invalid_grant", text));
    }
    Ok(())
}

/// 43 to 128 unreserved characters (RFC 7636 section 4.1).
fn is_verifier(text: &str) -> bool {
    let is_unreserved =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~');
    (43..=128).contains(&text.len()) && text.bytes().all(is_unreserved)
}

/// Why there are no tokens for a grant.
pub fn no_grant(gone: Gone) -> Refused {
    match gone {
        Gone::Ended(why) => {
            tracing::info!(?why, "refused tokens for a grant");
            Refused::Request("invalid_grant", "the login has ended; log in again")
        }
        Gone::Unavailable(why) => {
            tracing::error!(?why, "cannot tell whether a grant is alive");
            Refused::Unavailable
        }
    }
}

/// The tokens (RFC 6749 section 5.1).
pub fn answer(
    oauth: &Oauth,
    id: &str,
    grant: &Grant,
    scopes: &str,
    refresh_token: &str,
) -> Result<Response, Refused> {
    let access_token = oauth.access_tokens.issue(id, grant, scopes);
    let body = json!({
        "access_token": access_token.ok_or(Refused::Unavailable)?,
        "token_type": "Bearer",
        "expires_in": LIFETIME_SECONDS,
        "refresh_token": refresh_token,
        "scope": scopes,
    });
    Ok(answers::answer(StatusCode::OK, body))
}
