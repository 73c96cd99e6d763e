//! **Yours to change**: who a token stands for. Here: what the authorization server says when it is
//! asked (OAuth 2.0 Token Introspection, RFC 7662). For opaque tokens, and where revocation must be felt at once.

use std::time::Duration;

use axum::Router;
use reqwest::{Client, Url};
use serde_json::{Value, value::RawValue};
use tokio::{sync::Semaphore, time::timeout};

use super::{
    Env,
    claims::Claims,
    client::client,
    env::Secret,
    fetch::{self, Failure},
    identity::{Denied, Identity},
    json,
    token_cache::{TokenCache, hash, now},
};

/// How long an answer "active" is believed: a revoked token works that much longer.
const REMEMBERED: Duration = Duration::from_secs(60);
/// How far the clocks of two honest machines may differ, in seconds.
const LEEWAY: u64 = 30;
/// How many questions may be under way, and how long one waits for its turn.
const MAX_QUESTIONS: usize = 32;
const TURN_TIMEOUT: Duration = Duration::from_secs(5);

/// The verifier of this server.
pub struct Custom {
    settings: CustomSettings,
    http: Client,
    verified: TokenCache,
    turns: Semaphore,
}

struct CustomSettings {
    endpoint: Url,
    client_id: String,
    client_secret: Secret,
    issuer: Option<String>,
    audiences: Vec<String>,
    scopes_claim: Option<String>,
}

/// Who a token stands for, for how long (Unix seconds), and the length of the answer that says so.
type Verified = (Identity, u64, usize);

/// Asks the authorization server about a token.
///
/// # Errors
/// `Denied::Invalid` for a token that is not good (401), `Denied::Unavailable` when that cannot be
/// told now (503: clients keep their token and try again).
async fn verify(token: &str, settings: &CustomSettings, http: &Client) -> Result<Verified, Denied> {
    // RFC 6749 section 2.3.1: both are form-encoded before they go into the header.
    let encoded = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let (client_id, secret) = (
        encoded(&settings.client_id),
        encoded(settings.client_secret.reveal()),
    );
    let question = http
        .post(settings.endpoint.clone())
        .basic_auth(client_id, Some(secret))
        .header("accept", "application/json")
        .form(&[("token", token), ("token_type_hint", "access_token")]);
    let unavailable = |failure: Failure| Denied::Unavailable(format!("introspection: {failure}"));
    let answer = json::read::<Box<RawValue>>(question)
        .await
        .map_err(unavailable)?;
    let claims: Claims = serde_json::from_str(answer.body.get())
        .map_err(|_| unavailable(Failure("the answer is not an object".to_owned())))?;
    if claims.get("active") != Some(&Value::Bool(true)) {
        return Err(Denied::invalid("it is not active"));
    }
    // Some answer for refresh tokens too; a token bound to a key (RFC 9449) is no bearer token.
    let kind = claims
        .text("token_type")
        .unwrap_or("bearer")
        .to_ascii_lowercase();
    if kind != "bearer" && kind != "access_token" {
        return Err(Denied::invalid("it is not a bearer access token"));
    }
    let issuer = claims.text("iss").map(str::to_owned);
    let issuers = issuer.as_ref().zip(settings.issuer.as_ref());
    if issuers.is_some_and(|(said, expected)| said != expected) {
        return Err(Denied::invalid("its issuer is not AUTH_ISSUER"));
    }
    claims.ensure_audience(&settings.audiences)?;
    let mut expiry = claims.expiry(LEEWAY, now())?.unwrap_or(u64::MAX);
    if let Some(max_age) = answer.max_age {
        expiry = expiry.min(now().saturating_add(max_age.as_secs()));
    }
    // The endpoint knows the tokens of one issuer, so its address will do as a name.
    let issuer = issuer.unwrap_or_else(|| settings.endpoint.to_string());
    let caller = claims.identity(issuer, settings.scopes_claim.as_deref())?;
    Ok((caller, expiry, answer.body.get().len()))
}

impl Custom {
    /// Reads the configuration; `None` after recording a problem in `env`. `resource` is the
    /// audience that tokens must name unless `AUTH_AUDIENCE` says otherwise.
    pub fn read(env: &mut Env, resource: &str) -> Option<Self> {
        let settings = CustomSettings::read(env, resource);
        let http = client(env)?;
        let (verified, turns) = (TokenCache::new(REMEMBERED), Semaphore::new(MAX_QUESTIONS));
        Some(Self {
            settings: settings?,
            http,
            verified,
            turns,
        })
    }

    /// The authorization server, if `AUTH_ISSUER` names it: clients learn from it where to log in.
    pub fn issuers(&self) -> Vec<String> {
        self.settings.issuer.iter().cloned().collect()
    }

    /// Whether tokens may have a scope: that is for others to decide.
    pub fn offers(&self, _scope: &str) -> bool {
        true
    }

    /// Pages of its own: none, tokens come from elsewhere.
    pub fn routes<S: Clone + Send + Sync + 'static>(&self) -> Router<S> {
        Router::new()
    }

    /// Who the token stands for; see [`verify`]. Refusals are not remembered.
    pub async fn verify(&self, token: &str) -> Result<Identity, Denied> {
        let hash = hash(token, 0);
        if let Some(caller) = self.verified.get(&hash) {
            return Ok(caller);
        }
        let Ok(Ok(_turn)) = timeout(TURN_TIMEOUT, self.turns.acquire()).await else {
            return Err(Denied::Unavailable(
                "too many tokens wait for introspection".to_owned(),
            ));
        };
        let (caller, expiry, size) = verify(token, &self.settings, &self.http).await?;
        self.verified.put(hash, &caller, expiry, size);
        Ok(caller)
    }
}

impl CustomSettings {
    fn read(env: &mut Env, resource: &str) -> Option<Self> {
        let endpoint = required(
            env,
            "AUTH_INTROSPECTION_URL",
            "https://login.example.com/introspect",
        )
        .and_then(|text| match fetch::endpoint(&text) {
            Ok(endpoint) => Some(endpoint),
            Err(why) => {
                env.problem(format!("AUTH_INTROSPECTION_URL {why}"));
                None
            }
        });
        let client_id = required(env, "AUTH_CLIENT_ID", "my-mcp-server");
        let client_secret = env.secret("AUTH_CLIENT_SECRET");
        if client_secret.is_none() {
            env.problem("AUTH_CLIENT_SECRET is not set; the authorization server gave it to you with AUTH_CLIENT_ID");
        }
        let issuer = env.get("AUTH_ISSUER");
        let mut audiences = env.list("AUTH_AUDIENCE");
        if audiences.is_empty() {
            audiences.push(resource.to_owned());
        }
        let scopes_claim = env.get("AUTH_SCOPES_CLAIM");
        let (endpoint, client_id, client_secret) = (endpoint?, client_id?, client_secret?);
        Some(Self {
            endpoint,
            client_id,
            client_secret,
            issuer,
            audiences,
            scopes_claim,
        })
    }
}

fn required(env: &mut Env, name: &str, example: &str) -> Option<String> {
    let value = env.get(name);
    if value.is_none() {
        env.problem(format!("{name} is not set, for example {name}={example}"));
    }
    value
}
