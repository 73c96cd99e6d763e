//! Logs people in with GitHub, or a GitHub Enterprise Server: an OAuth app or a GitHub App. Who may come in is
//! in `github/policy.rs`, how GitHub is asked in `github/api.rs`. Facts are from docs.github.com.

mod api;
pub(super) mod policy;

use reqwest::{Method, StatusCode, Url};
use serde_json::{Map, Value, json};

use self::{
    api::below,
    policy::{Member, Policy},
};
use super::{
    Env, fetch,
    oauth::upstream::{
        Login, Profile, Refreshed, Tokens, Trouble,
        answer::{object, send, status_of},
        registration::{ClientAuth, Registration, TokenEndpoint},
    },
};

/// What github.com calls itself in the callback (RFC 9207), since 2026. What an Enterprise Server will call itself is
/// not documented.
const ISSUER: &str = "https://github.com/login/oauth";
/// What GitHub says about a person that is worth keeping.
const KEPT: [&str; 4] = ["login", "name", "html_url", "avatar_url"];

/// GitHub as the provider.
pub struct GitHub {
    registration: Registration,
    authorize: Url,
    token: Url,
    api: Url,
    issuer: Option<&'static str>,
    scopes: String,
    policy: Policy,
}

impl GitHub {
    /// What stands before the id of a person in `sub`.
    pub const NAME: &'static str = "github";

    /// Reads `GITHUB_URL`, `GITHUB_API_URL`, `AUTH_CLIENT_ID`, `AUTH_CLIENT_SECRET`, `AUTH_UPSTREAM_SCOPES` and
    /// the policy; `None` after recording a problem.
    pub fn read(env: &mut Env, callback: &str) -> Option<Self> {
        let registration = Registration::read(env, callback, true);
        let site = address(env, "GITHUB_URL", "https://github.com");
        let api = address(env, "GITHUB_API_URL", "https://api.github.com");
        let policy = Policy::read(env);
        let scopes = env.list("AUTH_UPSTREAM_SCOPES").join(" ");
        let (site, policy) = (site?, policy?);
        let is_enterprise = site.host_str() != Some("github.com");
        let api = api?;
        if is_enterprise && api.host_str() == Some("api.github.com") {
            env.problem(
                "GITHUB_API_URL is not set though GITHUB_URL is, for example \
                 GITHUB_API_URL=https://github.example.com/api/v3",
            );
            return None;
        }
        // docs.github.com "Scopes for OAuth apps": without a scope the public profile can be read, which is
        // enough for the identity. GitHub Apps have permissions instead and ignore scopes.
        let scopes = match scopes.as_str() {
            "" if policy.asks_for_members() => "user:email read:org".to_owned(),
            "" => "user:email".to_owned(),
            _ => scopes,
        };
        Some(Self {
            registration: registration?,
            authorize: below(&site, &["login", "oauth", "authorize"]),
            token: below(&site, &["login", "oauth", "access_token"]),
            api,
            issuer: (!is_enterprise).then_some(ISSUER),
            scopes,
            policy,
        })
    }

    /// The name for people.
    pub fn title(&self) -> &str {
        "GitHub"
    }

    /// What `iss` at the callback must be, if it is there.
    pub fn issuer(&self) -> Option<&str> {
        self.issuer
    }

    /// What GitHub will be asked for, for the consent page.
    ///
    /// # Errors
    /// None: it is configured.
    pub async fn scopes(&self) -> Result<String, Trouble> {
        Ok(self.scopes.clone())
    }

    /// Where a browser goes to log in.
    ///
    /// # Errors
    /// None: the address is known.
    pub async fn authorization_url(&self, login: &Login<'_>) -> Result<Url, Trouble> {
        Ok(self
            .registration
            .authorization_url(&self.authorize, &self.scopes, login, &[]))
    }

    /// Who logged in, and the tokens for them.
    ///
    /// # Errors
    /// See [`Trouble`].
    pub async fn exchange(
        &self,
        code: &str,
        verifier: &str,
        _nonce: &str,
    ) -> Result<(Tokens, Profile), Trouble> {
        let (tokens, _) = self
            .registration
            .exchange(&self.token_endpoint(), code, verifier)
            .await?;
        let profile = self.profile(&tokens).await?;
        Ok((tokens, profile))
    }

    /// New tokens; who they are for is for [`Self::check`] to ask. There are refresh tokens if the app lets tokens expire
    /// (8 hours, then one use of the refresh token within 6 months); others stay good until they are withdrawn.
    ///
    /// # Errors
    /// See [`Trouble`].
    pub async fn refresh(&self, tokens: &Tokens) -> Result<Refreshed, Trouble> {
        let endpoint = self.token_endpoint();
        let (tokens, _) = self.registration.refresh(&endpoint, tokens).await?;
        Ok((tokens, Ok(())))
    }

    /// Whether the token still works and the policy still lets the person in.
    ///
    /// # Errors
    /// See [`Trouble`].
    pub async fn check(&self, tokens: &Tokens, profile: &Profile) -> Result<Profile, Trouble> {
        let user = self.owner(tokens).await?;
        let mut newer = profile_of(&user)?;
        newer.ensure_same(profile)?;
        self.ensure_allowed(tokens, &newer).await?;
        // The short answer has less in it than that at the login.
        newer.name = profile.name.clone();
        newer.email = profile.email.clone();
        for (claim, value) in &profile.claims {
            newer.claims.entry(claim).or_insert_with(|| value.clone());
        }
        Ok(newer)
    }

    /// Whether the policy still lets the person in, as far as that can be told without GitHub: memberships cannot.
    pub fn allows(&self, profile: &Profile) -> bool {
        let login = profile.login.as_deref().unwrap_or_default();
        self.policy.allows(login, &profile.id)
    }

    /// Deletes the token. Not the grant (`DELETE /applications/{client_id}/grant`): that would end the person's
    /// other logins through this app too, while here one of them is over.
    ///
    /// # Errors
    /// See [`Trouble`].
    pub async fn revoke(&self, tokens: &Tokens) -> Result<(), Trouble> {
        let reply = send(self.application_token(Method::DELETE, tokens)).await?;
        match reply.status() {
            // Unknown tokens are 404 or 422: there is nothing left to do.
            StatusCode::NO_CONTENT | StatusCode::NOT_FOUND | StatusCode::UNPROCESSABLE_ENTITY => {
                Ok(())
            }
            status => Err(Trouble::Broken(status_of("deleting the token", status))),
        }
    }

    fn token_endpoint(&self) -> TokenEndpoint<'_> {
        TokenEndpoint {
            address: &self.token,
            auth: ClientAuth::Post,
            parameters: &[],
        }
    }

    /// Who the token is for, with all that is known about them, if the policy lets them in.
    async fn profile(&self, tokens: &Tokens) -> Result<Profile, Trouble> {
        let owner = profile_of(&self.owner(tokens).await?)?;
        let mut profile = profile_of(&object(&self.get(tokens, &["user"]).await?)?)?;
        profile.ensure_same(&owner)?;
        self.ensure_allowed(tokens, &profile).await?;
        profile.email = self.email(tokens).await?;
        if let Some(email) = &profile.email {
            profile.claims.insert("email".to_owned(), json!(email));
            profile
                .claims
                .insert("email_verified".to_owned(), json!(true));
        }
        Ok(profile)
    }

    /// Asks the policy, and GitHub about memberships that it cares for.
    async fn ensure_allowed(&self, tokens: &Tokens, profile: &Profile) -> Result<(), Trouble> {
        if self.allows(profile) {
            return Ok(());
        }
        let login = profile.login.as_deref().unwrap_or_default();
        let mut outcome = Trouble::Forbidden {
            account: profile.account().to_owned(),
        };
        for member in self.policy.members() {
            match self.is_member(tokens, member, login).await {
                Ok(true) => return Ok(()),
                Ok(false) => {}
                // Another membership may do; without one, a question that was not answered is not a no.
                Err(broken @ Trouble::Broken(_)) => outcome = broken,
                Err(trouble) => return Err(trouble),
            }
        }
        Err(outcome)
    }
}

/// The person in an answer of GitHub. The numeric id stays theirs; the login can change hands.
fn profile_of(user: &Map<String, Value>) -> Result<Profile, Trouble> {
    let text = |name: &str| user.get(name).and_then(Value::as_str).map(str::to_owned);
    let (Some(id), Some(login)) = (user.get("id").and_then(Value::as_u64), text("login")) else {
        return Err(Trouble::Broken("GitHub names nobody".to_owned()));
    };
    let claims = KEPT
        .iter()
        .filter_map(|name| Some(((*name).to_owned(), user.get(*name)?.clone())))
        .filter(|(_, value)| !value.is_null());
    Ok(Profile {
        id: id.to_string(),
        login: Some(login),
        name: text("name"),
        email: None,
        claims: claims.collect(),
    })
}

fn address(env: &mut Env, name: &str, default: &str) -> Option<Url> {
    let text = env.get(name).unwrap_or_else(|| default.to_owned());
    fetch::endpoint(&text)
        .map_err(|why| env.problem(format!("{name} {why}, for example {name}={default}")))
        .ok()
}
