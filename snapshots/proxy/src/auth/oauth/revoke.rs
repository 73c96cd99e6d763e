//! `POST /revoke` (RFC 7009): ends the login that a token belongs to, here and at the provider.

use axum::{
    extract::{Request, State},
    http::StatusCode,
    response::Response,
};
use serde_json::json;

use super::{
    Oauth,
    access_token::GRANT,
    answers::{self, Refused},
    refresh::RefreshToken,
    store::Kind,
    token::authenticated,
};

/// Answers 200 whether the token is known or not; a client cannot end the login of another.
pub async fn revoke(State(oauth): State<Oauth>, request: Request) -> Result<Response, Refused> {
    let (client_id, form) = authenticated(&oauth, request).await?;
    let Some(token) = form.get("token") else {
        return Err(Refused::Request("invalid_request", "token is missing"));
    };
    if let Some((owner, grant)) = grant_of(&oauth, token).await?
        && owner == client_id
    {
        oauth.grants.revoke(&grant).await?;
    }
    Ok(answers::answer(StatusCode::OK, json!({})))
}

/// The client and the grant of an access or refresh token.
async fn grant_of(oauth: &Oauth, token: &str) -> Result<Option<(String, String)>, Refused> {
    let known = oauth
        .store
        .get::<RefreshToken>(Kind::Refresh, token)
        .await?;
    if let Some(known) = known {
        return Ok(Some((known.client_id, known.grant)));
    }
    let claims = oauth.access_tokens.read(token).ok();
    Ok(claims.and_then(|claims| {
        let client_id = claims.text("client_id")?.to_owned();
        Some((client_id, claims.text(GRANT)?.to_owned()))
    }))
}
