//! Plays GitHub: an OAuth app's endpoints and the part of the REST API that says who somebody is. With a
//! lifetime, tokens are those of a GitHub App that expire. As docs.github.com has it.

use axum::{
    Form, Json, Router,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
    routing::{delete, get, post},
};
use serde_json::{Value, json};

use super::{
    CLIENT_ID, DevProvider, Parameters, bearer, is_client,
    logins::{Refusal, Session},
    people::Person,
};

/// Where browsers log in.
pub const AUTHORIZE: &str = "/login/oauth/authorize";
/// Where tokens come from.
pub const TOKEN: &str = "/login/oauth/access_token";
/// Where it says who somebody is.
pub const PERSON: &str = "/user";
/// Where it is asked again later.
#[cfg(test)]
pub const CHECK: &str = "/applications/dev-client/token";
/// GitHub names no issuer.
pub const HAS_ISSUER: bool = false;
/// Tokens of OAuth apps do not expire.
pub const LIFETIME: Option<u64> = None;
/// The organization of alice, and her team there.
const ORG: &str = "acme";
const TEAM: &str = "developers";

/// An OAuth app's token, or that of a GitHub App.
pub fn access_token(secret: String, lifetime: Option<u64>) -> String {
    let prefix = if lifetime.is_some() { "ghu" } else { "gho" };
    format!("{prefix}_{secret}")
}

pub fn refresh_token(secret: String) -> String {
    format!("ghr_{secret}")
}

/// Only tokens that expire come with one.
pub fn refreshes(_session: &Session, lifetime: Option<u64>) -> bool {
    lifetime.is_some()
}

/// Everything but the page.
pub fn routes() -> Router<DevProvider> {
    Router::new()
        .route(TOKEN, post(token))
        .route(PERSON, get(user))
        .route("/user/emails", get(emails))
        .route("/user/memberships/orgs/{org}", get(org))
        .route("/orgs/{org}/teams/{team}/memberships/{login}", get(team))
        .route("/applications/{id}/token", post(owner).delete(end))
        .route("/applications/{id}/grant", delete(end_all))
}

/// Errors have status 200.
async fn token(
    State(provider): State<DevProvider>,
    headers: HeaderMap,
    Form(form): Form<Parameters>,
) -> Json<Value> {
    Json(match provider.grant(&headers, &form) {
        Ok(granted) => {
            let mut answer = json!({
                "access_token": granted.access_token, "token_type": "bearer", "scope": granted.session.asked("scope"),
            });
            if let (Some(token), Some(lifetime)) = (granted.refresh_token, granted.lifetime) {
                answer["refresh_token"] = json!(token);
                answer["expires_in"] = json!(lifetime);
                answer["refresh_token_expires_in"] = json!(15_897_600);
            }
            answer
        }
        Err(refusal) => {
            let error = match refusal {
                Refusal::Client => "incorrect_client_credentials",
                Refusal::Code => "bad_verification_code",
                Refusal::Address => "redirect_uri_mismatch",
                Refusal::Refresh => "bad_refresh_token",
                Refusal::Kind => "unsupported_grant_type",
            };
            json!({ "error": error, "error_description": "The provider for trials says so." })
        }
    })
}

fn public(person: &Person) -> Value {
    json!({
        "id": person.id, "login": person.login, "name": person.name, "type": "User", "email": null,
        "html_url": format!("https://github.example/{}", person.login),
    })
}

/// Whose token came along.
fn session(provider: &DevProvider, headers: &HeaderMap) -> Result<Session, Message> {
    let session = provider.session(bearer(headers));
    session.ok_or(BAD_CREDENTIALS)
}

async fn user(
    State(provider): State<DevProvider>,
    headers: HeaderMap,
) -> Result<Json<Value>, Message> {
    let session = session(&provider, &headers)?;
    Ok(Json(public(session.person)))
}

async fn emails(
    State(provider): State<DevProvider>,
    headers: HeaderMap,
) -> Result<Json<Value>, Message> {
    let session = session(&provider, &headers)?;
    if !session.has("user:email") {
        return Err(MISSING);
    }
    Ok(Json(json!([
        { "email": session.person.email, "primary": true, "verified": true, "visibility": "private" },
    ])))
}

async fn org(
    State(provider): State<DevProvider>,
    Path(org): Path<String>,
    headers: HeaderMap,
) -> Result<Json<Value>, Message> {
    let session = session(&provider, &headers)?;
    if !session.has("read:org") {
        return Err(Message(
            StatusCode::FORBIDDEN,
            "You need the scope read:org.",
        ));
    }
    if !session.person.is_member || !org.eq_ignore_ascii_case(ORG) {
        return Err(MISSING);
    }
    Ok(Json(
        json!({ "state": "active", "role": "member", "organization": { "login": ORG } }),
    ))
}

async fn team(
    State(provider): State<DevProvider>,
    Path((org, team, login)): Path<(String, String, String)>,
    headers: HeaderMap,
) -> Result<Json<Value>, Message> {
    let session = session(&provider, &headers)?;
    let is_member = session.person.is_member && session.person.login == login;
    if !session.has("read:org") || !is_member || !org.eq_ignore_ascii_case(ORG) || team != TEAM {
        return Err(MISSING);
    }
    Ok(Json(json!({ "state": "active", "role": "member" })))
}

/// What the app asks about a token, in its own name.
async fn owner(
    State(provider): State<DevProvider>,
    Path(id): Path<String>,
    headers: HeaderMap,
    Json(question): Json<Value>,
) -> Result<Json<Value>, Message> {
    let token = asked(&id, &headers, &question)?;
    let session = provider.session(token).ok_or(MISSING)?;
    Ok(Json(json!({
        "app": { "client_id": CLIENT_ID }, "user": public(session.person),
        "scopes": session.asked("scope").split_whitespace().collect::<Vec<_>>(),
    })))
}

async fn end(
    State(provider): State<DevProvider>,
    Path(id): Path<String>,
    headers: HeaderMap,
    Json(question): Json<Value>,
) -> Result<StatusCode, Message> {
    let token = asked(&id, &headers, &question)?;
    let mut logins = provider.logins();
    let session = logins.find(token).ok_or(MISSING)?;
    logins.end(|other| other.id == session.id);
    Ok(StatusCode::NO_CONTENT)
}

async fn end_all(
    State(provider): State<DevProvider>,
    Path(id): Path<String>,
    headers: HeaderMap,
    Json(question): Json<Value>,
) -> Result<StatusCode, Message> {
    let token = asked(&id, &headers, &question)?;
    let mut logins = provider.logins();
    let session = logins.find(token).ok_or(MISSING)?;
    logins.end(|other| other.person.id == session.person.id);
    Ok(StatusCode::NO_CONTENT)
}

/// The token in a question of the app.
fn asked<'q>(id: &str, headers: &HeaderMap, question: &'q Value) -> Result<&'q str, Message> {
    if id != CLIENT_ID || !is_client(headers, &Parameters::new()) {
        return Err(BAD_CREDENTIALS);
    }
    question["access_token"].as_str().ok_or(MISSING)
}

/// How the REST API says no.
struct Message(StatusCode, &'static str);

const MISSING: Message = Message(StatusCode::NOT_FOUND, "Not Found");
const BAD_CREDENTIALS: Message = Message(StatusCode::UNAUTHORIZED, "Bad credentials");

impl IntoResponse for Message {
    fn into_response(self) -> Response {
        (self.0, Json(json!({ "message": self.1 }))).into_response()
    }
}
