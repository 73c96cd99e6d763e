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
    grants::Gone,
    refresh::RefreshToken,
    store::Outage,
    token::authenticated,
};

/// Answers 200 whether the token is known or not; a client cannot end the login of another.
pub async fn revoke(State(oauth): State<Oauth>, request: Request) -> Result<Response, Refused> {
    let (client_id, form) = authenticated(&oauth, request).await?;
    let Some(token) = form.get("token") else {
        return Err(Refused::Request("invalid_request", "token is missing"));
    };
    if let Some(id) = grant_of(&oauth, token) {
        match oauth.grants.get(&id).await {
            Ok(grant) if grant.client_id == client_id => oauth.grants.revoke(&id).await?,
            Ok(_) | Err(Gone::Ended(_)) => {}
            Err(Gone::Unavailable(why)) => return Err(Outage(why).into()),
        }
    }
    Ok(answers::answer(StatusCode::OK, json!({})))
}

/// The id of the grant of an access or refresh token.
fn grant_of(oauth: &Oauth, token: &str) -> Option<String> {
    if let Some(token) = RefreshToken::open(&oauth.keys, token) {
        return Some(token.grant);
    }
    let claims = oauth.access_tokens.read(token).ok()?;
    claims.text(GRANT).map(str::to_owned)
}
