//! Codes and tokens of the provider for trials: made, checked, used once, taken back (RFC 6749, RFC 7636).
//! Memory only.

use std::collections::HashMap;

use axum::http::HeaderMap;

use super::{DevProvider, Parameters, is_client, people::Person, role, sha256};

/// How long a code may be redeemed, in seconds.
const CODE_LIFETIME: u64 = 60;

/// One login of one person.
#[derive(Clone)]
pub struct Session {
    /// All tokens of the login have the same.
    pub id: String,
    pub person: &'static Person,
    /// The authorization request.
    pub request: Parameters,
}

impl Session {
    /// A parameter of the authorization request, empty if it is not there.
    pub fn asked(&self, name: &str) -> &str {
        self.request.get(name).map_or("", String::as_str)
    }

    /// Whether the login is for this scope.
    pub fn has(&self, scope: &str) -> bool {
        self.asked("scope").split(' ').any(|found| found == scope)
    }
}

/// All logins.
pub struct Logins {
    /// Who is logged in without being asked.
    pub at_once: Option<&'static Person>,
    /// How long access tokens live, in seconds; `None` for ever.
    pub lifetime: Option<u64>,
    /// With when they end, in Unix seconds.
    codes: HashMap<String, (Session, u64)>,
    access: HashMap<String, (Session, Option<u64>)>,
    refresh: HashMap<String, Session>,
}

impl Default for Logins {
    fn default() -> Self {
        Self {
            at_once: None,
            lifetime: role::LIFETIME,
            codes: HashMap::new(),
            access: HashMap::new(),
            refresh: HashMap::new(),
        }
    }
}

/// Why there are no tokens.
#[derive(Clone, Copy, Debug)]
pub enum Refusal {
    /// It is not the server that asks.
    Client,
    /// The code is unknown, old, used, or another's.
    Code,
    /// The address is not the one of the authorization request.
    Address,
    /// The refresh token is unknown or used.
    Refresh,
    /// Neither a code nor a refresh token.
    Kind,
}

impl Logins {
    /// The login that an access or refresh token belongs to.
    pub fn find(&self, token: &str) -> Option<Session> {
        let access = self.access.get(token).map(|(session, _)| session);
        access.or_else(|| self.refresh.get(token)).cloned()
    }

    /// Ends logins.
    pub fn end(&mut self, is_over: impl Fn(&Session) -> bool) {
        self.access.retain(|_, (session, _)| !is_over(session));
        self.refresh.retain(|_, session| !is_over(session));
    }

    fn redeem(&mut self, form: &Parameters, now: u64) -> Result<Session, Refusal> {
        let text = |name: &str| form.get(name).map_or("", String::as_str);
        let (session, until) = self.codes.remove(text("code")).ok_or(Refusal::Code)?;
        let challenge = sha256(text("code_verifier"));
        if until <= now || challenge != session.asked("code_challenge") {
            return Err(Refusal::Code);
        }
        if text("redirect_uri") != session.asked("redirect_uri") {
            return Err(Refusal::Address);
        }
        Ok(session)
    }
}

/// Tokens that were just made.
pub struct Granted {
    pub session: Session,
    pub access_token: String,
    pub refresh_token: Option<String>,
    /// In seconds.
    pub lifetime: Option<u64>,
}

impl DevProvider {
    /// Remembers a code for a session.
    pub fn begin(&self, code: String, session: Session) {
        let until = self.now() + CODE_LIFETIME;
        self.logins().codes.insert(code, (session, until));
    }

    /// Whose access token this is.
    pub fn session(&self, access_token: &str) -> Option<Session> {
        let logins = self.logins();
        let (session, until) = logins.access.get(access_token)?;
        let is_over = until.is_some_and(|until| until <= self.now());
        (!is_over).then(|| session.clone())
    }

    /// Answers a request to the token endpoint. Every refresh token works once.
    ///
    /// # Errors
    /// Why there are no tokens.
    pub fn grant(&self, headers: &HeaderMap, form: &Parameters) -> Result<Granted, Refusal> {
        if !is_client(headers, form) {
            return Err(Refusal::Client);
        }
        let mut logins = self.logins();
        let session = match form.get("grant_type").map(String::as_str) {
            Some("authorization_code") | None => logins.redeem(form, self.now())?,
            Some("refresh_token") => form
                .get("refresh_token")
                .and_then(|token| logins.refresh.remove(token))
                .ok_or(Refusal::Refresh)?,
            Some(_) => return Err(Refusal::Kind),
        };
        let lifetime = logins.lifetime;
        let until = lifetime.map(|seconds| self.now() + seconds);
        let access_token = role::access_token(self.secret(), lifetime);
        logins
            .access
            .insert(access_token.clone(), (session.clone(), until));
        let refresh_token =
            role::refreshes(&session, lifetime).then(|| role::refresh_token(self.secret()));
        if let Some(token) = &refresh_token {
            logins.refresh.insert(token.clone(), session.clone());
        }
        Ok(Granted {
            session,
            access_token,
            refresh_token,
            lifetime,
        })
    }
}
