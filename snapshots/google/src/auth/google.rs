//! Logs people in with Google (OpenID Connect): what is Google's own, and who may come in.
//! Facts are from developers.google.com/identity/openid-connect.

use reqwest::Url;
use serde_json::Value;

use super::{
    Env,
    oauth::upstream::{
        Login, Profile, Refreshed, Tokens, Trouble, any_user,
        registration::{ClientAuth, Registration},
    },
    oidc::{
        Oidc, Signer, Source,
        identity::{Claims, email, text},
    },
    published::{discovery::Issuer, jwks::Jwks},
};

const ISSUER: &str = "https://accounts.google.com";
/// How `iss` is spelt for old clients ("Google OpenID Connect API Reference", discovery document).
const OLD_ISSUER: &str = "accounts.google.com";

/// Google as the provider.
pub struct Google {
    oidc: Oidc,
    issuer: String,
    policy: Policy,
}

/// Who may log in: being in one of the lists is enough.
#[derive(Default)]
pub struct Policy {
    any: bool,
    domains: Vec<String>,
    emails: Vec<String>,
}

impl Google {
    /// What stands before the id of a person in `sub`.
    pub const NAME: &'static str = "google";

    /// Reads `GOOGLE_ISSUER`, `AUTH_CLIENT_ID`, `AUTH_CLIENT_SECRET`, `AUTH_UPSTREAM_SCOPES` and the policy;
    /// `None` after recording a problem.
    pub fn read(env: &mut Env, callback: &str) -> Option<Self> {
        let registration = Registration::read(env, callback, true);
        let name = env
            .get("GOOGLE_ISSUER")
            .unwrap_or_else(|| ISSUER.to_owned());
        let issuer = Issuer::new(env, "GOOGLE_ISSUER", name);
        let scopes = env.list("AUTH_UPSTREAM_SCOPES").join(" ");
        if !scopes.is_empty() && !scopes.split(' ').any(|scope| scope == "openid") {
            env.problem(
                "AUTH_UPSTREAM_SCOPES must name openid, for example \
                 AUTH_UPSTREAM_SCOPES=\"openid email\"",
            );
        }
        let policy = Policy::read(env);
        let (registration, issuer, policy) = (registration?, issuer?, policy?);
        let mut names = vec![issuer.name.clone()];
        if issuer.name == ISSUER {
            names.push(OLD_ISSUER.to_owned());
        }
        let http = registration.http.clone();
        let keys = Jwks::new(issuer.clone(), http.clone(), Default::default());
        Some(Self {
            issuer: issuer.name.clone(),
            oidc: Oidc {
                registration,
                source: Source::of(issuer, http),
                signer: Some(Signer { names, keys }),
                auth: Some(ClientAuth::Post),
                scopes: (!scopes.is_empty()).then_some(scopes),
                authorize_parameters: policy.parameters(),
                token_parameters: Vec::new(),
            },
            policy,
        })
    }

    /// The name for people.
    pub fn title(&self) -> &str {
        "Google"
    }

    /// What `iss` at the callback must be, if it is there.
    pub fn issuer(&self) -> Option<&str> {
        Some(&self.issuer)
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

    /// Gives the tokens back. For Google that withdraws all that the person has allowed this client, so their other logins
    /// here end at the next check: there is no request for a single one.
    ///
    /// # Errors
    /// See [`Trouble`].
    pub async fn revoke(&self, tokens: &Tokens) -> Result<(), Trouble> {
        self.oidc.revoke(tokens).await
    }

    fn profile(&self, claims: Claims) -> Result<Profile, Trouble> {
        // The address can be given to somebody else; `sub` cannot.
        let Some(id) = text(&claims, "sub") else {
            return Err(Trouble::Broken("Google names nobody".to_owned()));
        };
        let profile = Profile {
            id,
            login: None,
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

impl Policy {
    /// Reads `GOOGLE_ALLOWED_DOMAINS`, `GOOGLE_ALLOWED_EMAILS` and `ALLOW_ANY_USER`; `None` after recording a problem.
    pub fn read(env: &mut Env) -> Option<Self> {
        let domains = env.list("GOOGLE_ALLOWED_DOMAINS");
        let emails = env.list("GOOGLE_ALLOWED_EMAILS");
        let any = any_user(
            env,
            !domains.is_empty() || !emails.is_empty(),
            &[
                ("GOOGLE_ALLOWED_DOMAINS", "example.com"),
                ("GOOGLE_ALLOWED_EMAILS", "alice@example.com"),
            ],
        );
        if domains
            .iter()
            .any(|domain| domain.contains('@') || !domain.contains('.'))
        {
            env.problem(
                "GOOGLE_ALLOWED_DOMAINS holds something that is not a domain, for example \
                 GOOGLE_ALLOWED_DOMAINS=example.com",
            );
        }
        if emails.iter().any(|email| !email.contains('@')) {
            env.problem(
                "GOOGLE_ALLOWED_EMAILS holds something that is not an address, for example \
                 GOOGLE_ALLOWED_EMAILS=alice@example.com",
            );
        }
        Some(Self {
            any: any?,
            domains,
            emails,
        })
    }

    /// Whether somebody of whom this is said may come in. A domain is that of `hd`, the organization that the
    /// account belongs to: anybody can have a Google account with an address of any domain.
    pub fn allows(&self, claims: &Claims) -> bool {
        let is_in = |list: &[String], value: &Value| {
            value
                .as_str()
                .is_some_and(|value| list.iter().any(|item| item.eq_ignore_ascii_case(value)))
        };
        let is_verified = claims.get("email_verified") == Some(&Value::Bool(true));
        self.any
            || claims
                .get("hd")
                .is_some_and(|domain| is_in(&self.domains, domain))
            || is_verified
                && claims
                    .get("email")
                    .is_some_and(|email| is_in(&self.emails, email))
    }

    /// What the authorization endpoint is told ("Authentication URI parameters"). Without `prompt=consent` a
    /// refresh token comes only the first time. `hd` merely helps to choose an account: it is no check.
    fn parameters(&self) -> Vec<(String, String)> {
        let mut parameters = vec![("access_type", "offline"), ("prompt", "consent")];
        if let ([domain], []) = (&self.domains[..], &self.emails[..]) {
            parameters.push(("hd", domain));
        }
        parameters
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect()
    }
}
