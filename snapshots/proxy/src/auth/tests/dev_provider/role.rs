//! Plays a provider with OpenID Connect: metadata, keys, signed identity tokens, userinfo, introspection (RFC 7662)
//! and revocation (RFC 7009). Its key is new at every start.

use std::sync::LazyLock;

use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use axum::{
    Form, Json, Router,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode, jwk::Jwk};
use serde_json::{Value, json};

use super::{
    CLIENT_ID, DevProvider, Parameters, bearer, is_client,
    logins::{Granted, Refusal, Session},
    people::Person,
    settings::{PREFIX, SCOPES},
};

/// Where browsers log in.
pub const AUTHORIZE: &str = "/authorize";
/// Where tokens come from.
pub const TOKEN: &str = "/token";
/// Where it says who somebody is.
pub const PERSON: &str = "/userinfo";
/// Where it is asked again later.
#[cfg(test)]
pub const CHECK: &str = PERSON;
/// It says who it is when it sends a browser back (RFC 9207).
pub const HAS_ISSUER: bool = true;
/// How long access tokens live, in seconds.
pub const LIFETIME: Option<u64> = Some(3600);

const KEY_ID: &str = "dev-key";
/// The key that signs identity tokens; `None` if the system gives no random numbers.
static KEY: LazyLock<Option<EncodingKey>> = LazyLock::new(|| {
    let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).ok()?;
    Some(EncodingKey::from_ec_der(pair.to_pkcs8v1().ok()?.as_ref()))
});

pub fn access_token(secret: String, _lifetime: Option<u64>) -> String {
    format!("{PREFIX}{secret}")
}

pub fn refresh_token(secret: String) -> String {
    format!("1//{secret}")
}

/// Only who asked for one gets a refresh token: as OpenID Connect has it (Core section 11), or as Google has it.
pub fn refreshes(session: &Session, _lifetime: Option<u64>) -> bool {
    session.has("offline_access") || session.asked("access_type") == "offline"
}

/// Everything but the page.
pub fn routes() -> Router<DevProvider> {
    Router::new()
        .route("/.well-known/openid-configuration", get(metadata))
        .route("/keys", get(keys))
        .route(TOKEN, post(token))
        .route(PERSON, get(userinfo).post(userinfo))
        .route("/introspect", post(introspect))
        .route("/revoke", post(revoke))
}

async fn metadata(State(provider): State<DevProvider>) -> Json<Value> {
    let base = provider.base();
    Json(json!({
        "issuer": base,
        "authorization_endpoint": format!("{base}{AUTHORIZE}"),
        "token_endpoint": format!("{base}{TOKEN}"),
        "userinfo_endpoint": format!("{base}{PERSON}"),
        "introspection_endpoint": format!("{base}/introspect"),
        "revocation_endpoint": format!("{base}/revoke"),
        "jwks_uri": format!("{base}/keys"),
        "scopes_supported": SCOPES,
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "code_challenge_methods_supported": ["S256"],
        "id_token_signing_alg_values_supported": ["ES256"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        "authorization_response_iss_parameter_supported": true,
    }))
}

async fn keys() -> Result<Json<Value>, StatusCode> {
    let jwk = KEY
        .as_ref()
        .and_then(|key| Jwk::from_encoding_key(key, Algorithm::ES256).ok());
    let mut jwk = json!(jwk.ok_or(StatusCode::INTERNAL_SERVER_ERROR)?);
    jwk["kid"] = json!(KEY_ID);
    jwk["use"] = json!("sig");
    Ok(Json(json!({ "keys": [jwk] })))
}

async fn token(
    State(provider): State<DevProvider>,
    headers: HeaderMap,
    Form(form): Form<Parameters>,
) -> Result<Json<Value>, Response> {
    let granted = provider.grant(&headers, &form).map_err(refused)?;
    let mut answer = json!({
        "access_token": granted.access_token, "token_type": "Bearer", "expires_in": granted.lifetime,
        "scope": granted.session.asked("scope"),
    });
    if let Some(token) = &granted.refresh_token {
        answer["refresh_token"] = json!(token);
    }
    if granted.session.has("openid") {
        let signed = sign(&identity(&provider, &granted));
        answer["id_token"] = signed
            .ok_or_else(|| StatusCode::INTERNAL_SERVER_ERROR.into_response())?
            .into();
    }
    Ok(Json(answer))
}

/// An identity token with these claims.
pub fn sign(claims: &Value) -> Option<String> {
    let mut header = Header::new(Algorithm::ES256);
    header.kid = Some(KEY_ID.to_owned());
    encode(&header, claims, KEY.as_ref()?).ok()
}

/// What an identity token says.
fn identity(provider: &DevProvider, granted: &Granted) -> Value {
    let mut claims = claims(granted.session.person);
    claims["iss"] = json!(provider.base());
    claims["aud"] = json!(CLIENT_ID);
    claims["azp"] = json!(CLIENT_ID);
    claims["iat"] = json!(provider.now());
    claims["exp"] = json!(provider.now() + 3600);
    if let Some(nonce) = granted.session.request.get("nonce") {
        claims["nonce"] = json!(nonce);
    }
    claims
}

/// What is said about a person. `hd` is Google's word for the organization of an account.
fn claims(person: &Person) -> Value {
    let mut claims = json!({
        "sub": person.id.to_string(), "name": person.name, "preferred_username": person.login,
        "email": person.email, "email_verified": true,
        "groups": [if person.is_member { "staff" } else { "guests" }],
    });
    if let (true, Some((_, domain))) = (person.is_member, person.email.split_once('@')) {
        claims["hd"] = json!(domain);
    }
    claims
}

fn refused(refusal: Refusal) -> Response {
    let (status, error) = match refusal {
        Refusal::Client => (StatusCode::UNAUTHORIZED, "invalid_client"),
        Refusal::Code | Refusal::Address | Refusal::Refresh => {
            (StatusCode::BAD_REQUEST, "invalid_grant")
        }
        Refusal::Kind => (StatusCode::BAD_REQUEST, "unsupported_grant_type"),
    };
    (status, Json(json!({ "error": error }))).into_response()
}

async fn userinfo(
    State(provider): State<DevProvider>,
    headers: HeaderMap,
) -> Result<Json<Value>, StatusCode> {
    let session = provider.session(bearer(&headers));
    Ok(Json(claims(
        session.ok_or(StatusCode::UNAUTHORIZED)?.person,
    )))
}

async fn introspect(
    State(provider): State<DevProvider>,
    headers: HeaderMap,
    Form(form): Form<Parameters>,
) -> Result<Json<Value>, Response> {
    if !is_client(&headers, &form) {
        return Err(refused(Refusal::Client));
    }
    let token = form.get("token").map_or("", String::as_str);
    let session = provider.session(token);
    Ok(Json(session.map_or(
        json!({ "active": false }),
        |session| {
            let mut answer = claims(session.person);
            answer["active"] = json!(true);
            answer["client_id"] = json!(CLIENT_ID);
            answer["scope"] = json!(session.asked("scope"));
            answer
        },
    )))
}

async fn revoke(
    State(provider): State<DevProvider>,
    headers: HeaderMap,
    Form(form): Form<Parameters>,
) -> Result<StatusCode, Response> {
    if !is_client(&headers, &form) {
        return Err(refused(Refusal::Client));
    }
    let mut logins = provider.logins();
    let token = form.get("token").map_or("", String::as_str);
    if let Some(session) = logins.find(token) {
        logins.end(|other| other.id == session.id);
    }
    Ok(StatusCode::OK)
}
