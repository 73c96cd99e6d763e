//! Logs people in with any OAuth 2 or OpenID Connect provider. How it is reached is in `proxy/settings.rs`,
//! who may come in in `proxy/policy.rs`; this file puts the two around `oidc.rs`.

pub(super) mod policy;
mod settings;

use reqwest::Url;
use serde_json::Value;

pub use self::policy::{Policy, values_at};
use super::{
    Env,
    oauth::upstream::{Login, Profile, Refreshed, Tokens, Trouble},
    oidc::{
        Oidc,
        identity::{Claims, email, text},
    },
};

/// The claims that can hold what people log in with.
const LOGINS: [&str; 3] = ["preferred_username", "username", "login"];

/// Any provider.
pub struct Proxy {
    oidc: Oidc,
    /// The issuer, if there is one.
    issuer: Option<String>,
    /// Where people log in.
    host: String,
    /// Where the id of a person is among the claims.
    subject: String,
    policy: Policy,
}

impl Proxy {
    /// What stands before the id of a person in `sub`.
    pub const NAME: &'static str = "proxy";

    /// Reads all settings of this option; `None` after recording a problem.
    pub fn read(env: &mut Env, callback: &str) -> Option<Self> {
        settings::read(env, callback)
    }

    /// The name for people: the host where they log in.
    pub fn title(&self) -> &str {
        &self.host
    }

    /// What `iss` at the callback must be, if it is there.
    pub fn issuer(&self) -> Option<&str> {
        self.issuer.as_deref()
    }

    /// What the upstream will be asked for, for the consent page.
    ///
    /// # Errors
    /// See [`Trouble`].
    pub async fn scopes(&self) -> Result<String, Trouble> {
        self.oidc.scopes().await
    }

    /// Where a browser goes to log in.
    ///
    /// # Errors
    /// See [`Trouble`].
    pub async fn authorization_url(&self, login: &Login<'_>) -> Result<Url, Trouble> {
        self.oidc.authorization_url(login).await
    }

    /// Who logged in, and the tokens for them.
    ///
    /// # Errors
    /// See [`Trouble`].
    pub async fn exchange(
        &self,
        code: &str,
        verifier: &str,
        nonce: &str,
    ) -> Result<(Tokens, Profile), Trouble> {
        let (tokens, claims) = self.oidc.exchange(code, verifier, nonce).await?;
        Ok((tokens, self.profile(claims)?))
    }

    /// New tokens; who they are for is for [`Self::check`] to ask.
    ///
    /// # Errors
    /// See [`Trouble`].
    pub async fn refresh(&self, tokens: &Tokens) -> Result<Refreshed, Trouble> {
        self.oidc.refresh(tokens).await
    }

    /// Whether the token still works and the policy still lets the person in.
    ///
    /// # Errors
    /// See [`Trouble`].
    pub async fn check(&self, tokens: &Tokens, profile: &Profile) -> Result<Profile, Trouble> {
        let newer = self.profile(self.oidc.check(tokens).await?)?;
        newer.ensure_same(profile)?;
        Ok(newer)
    }

    /// Whether the policy still lets the person in, as far as that can be told without the provider.
    pub fn allows(&self, profile: &Profile) -> bool {
        self.policy.allows(&profile.claims)
    }

    /// Gives the tokens back.
    ///
    /// # Errors
    /// See [`Trouble`].
    pub async fn revoke(&self, tokens: &Tokens) -> Result<(), Trouble> {
        self.oidc.revoke(tokens).await
    }

    fn profile(&self, claims: Claims) -> Result<Profile, Trouble> {
        let Some(id) = id_at(&claims, &self.subject) else {
            return Err(Trouble::Broken(format!(
                "there is no `{}` in what the upstream says; set AUTH_SUBJECT_CLAIM",
                self.subject
            )));
        };
        let profile = Profile {
            id,
            login: LOGINS.iter().find_map(|name| text(&claims, name)),
            name: text(&claims, "name"),
            email: email(&claims),
            claims,
        };
        if self.allows(&profile) {
            return Ok(profile);
        }
        Err(Trouble::Forbidden {
            account: profile.account().to_owned(),
        })
    }
}

/// The id of a person: text, or a whole number. Several are none.
fn id_at(claims: &Claims, path: &str) -> Option<String> {
    match values_at(claims, path)[..] {
        [Value::String(id)] if !id.is_empty() => Some(id.clone()),
        [Value::Number(id)] if !id.is_f64() => Some(id.to_string()),
        _ => None,
    }
}
