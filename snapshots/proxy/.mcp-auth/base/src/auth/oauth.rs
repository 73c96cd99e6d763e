//! The authorization server in front of the login provider (OAuth 2.1, MCP 2026-07-28 "Authorization"): it registers
//! clients, asks people for consent, lets the provider log them in, and issues tokens of its own.
//!
//! A login passes through the files in this order:
//!
//! | file | its one idea |
//! | --- | --- |
//! | `metadata.rs` | where everything is |
//! | `register.rs`, `clients.rs` | who may ask: a registration is its own `client_id` |
//! | `cimd.rs`, `addresses.rs` | clients that publish a document instead, fetched safely |
//! | `redirects.rs` | where a client may be answered |
//! | `authorize.rs` | checks what a client asks for |
//! | `consent.rs`, `page.rs` | asks the person |
//! | `browser.rs` | keeps a login in one browser |
//! | `upstream.rs` | talks to the provider |
//! | `callback.rs`, `code.rs` | the person is back: a code for the client |
//! | `token.rs`, `refresh.rs` | tokens for a code, new ones for old ones |
//! | `access_token.rs` | the tokens |
//! | `caller.rs` | who calls, with a way to the provider's token |
//! | `grants.rs`, `grants/confirm.rs` | whether a login still counts; what the provider says of it |
//! | `revoke.rs` | its end |
//! | `store.rs`, `secrets.rs` | what is kept, and sealed |
//! | `settings.rs`, `parameters.rs`, `answers.rs`, `limits.rs` | configuration; requests; answers; how many |

pub(super) mod access_token;
pub(super) mod addresses;
mod answers;
pub(super) mod authorize;
mod browser;
mod callback;
pub(super) mod caller;
pub(super) mod cimd;
pub(super) mod clients;
mod code;
mod consent;
pub(super) mod grants;
mod limits;
mod metadata;
pub(super) mod page;
mod parameters;
pub(super) mod redirects;
mod refresh;
mod register;
mod revoke;
pub(super) mod secrets;
pub(super) mod settings;
pub(super) mod store;
mod token;
pub(super) mod upstream;

use std::{ops::Deref, sync::Arc, time::Duration};

use axum::{
    Router,
    http::{StatusCode, header},
    middleware,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde::Deserialize;
use serde_json::Value;

use self::{
    access_token::{AccessTokens, GRANT},
    caller::Identity,
    clients::Clients,
    grants::{Gone, Grants},
    limits::Limits,
    secrets::Keys,
    settings::OauthSettings,
    store::Store,
};
use super::{
    Env, Provider,
    claims::Claims,
    identity::{self, Denied},
    token_cache::{TokenCache, hash},
};

/// How long a verified token is believed without looking, so that a revocation is felt soon everywhere.
const BELIEVED: Duration = Duration::from_secs(10);

/// The authorization server, and the verifier of its tokens. Cheap to clone.
#[derive(Clone)]
pub struct Oauth(Arc<Parts>);

/// What the endpoints work with.
pub struct Parts {
    settings: OauthSettings,
    keys: Arc<Keys>,
    store: Store,
    clients: Clients,
    provider: Arc<Provider>,
    grants: Grants,
    access_tokens: AccessTokens,
    verified: TokenCache,
    limits: Limits,
}

impl Deref for Oauth {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl Oauth {
    /// Reads the configuration; `None` after recording a problem in `env`. `resource` is the address
    /// of the MCP service.
    pub fn read(env: &mut Env, resource: &str) -> Option<Self> {
        let settings = OauthSettings::read(env, resource);
        let base = settings
            .as_ref()
            .map_or("http://localhost", |settings| &settings.base)
            .to_owned();
        // All are read before any may fail, so that all problems are reported together.
        let provider = Provider::read(env, &format!("{base}/auth/callback"));
        let keys = Keys::read(env, &base);
        let stand_in = || Keys::of(&[(0..32).collect()], &base).map(Arc::new);
        let some_keys = keys.clone().or_else(stand_in)?;
        let store = Store::read(env, some_keys.clone());
        let clients = Clients::read(env, some_keys, &base);
        let (settings, keys, store) = (settings?, keys?, store?);
        let provider = Arc::new(provider?);
        Some(Self(Arc::new(Parts {
            access_tokens: AccessTokens::new(&settings, &keys)?,
            grants: Grants::new(store.clone(), provider.clone()),
            limits: Limits::new(settings.proxies),
            verified: TokenCache::new(BELIEVED),
            clients: clients?,
            settings,
            keys,
            store,
            provider,
        })))
    }

    /// This server issues the tokens for itself.
    pub fn issuers(&self) -> Vec<String> {
        vec![self.settings.base.clone()]
    }

    /// Whether clients may ask for a scope.
    pub fn offers(&self, scope: &str) -> bool {
        self.settings.scopes.allow(scope)
    }

    /// Who a token of this server stands for.
    ///
    /// # Errors
    /// `Invalid` for a token that is not of this server or whose grant has ended, `Unavailable` when the
    /// store does not answer.
    pub async fn verify(&self, token: &str) -> Result<Identity, Denied> {
        let hash = hash(token, self.grants.era());
        let caller = match self.verified.get(&hash) {
            Some(caller) => caller,
            None => {
                let (claims, expiry) = self.access_tokens.verify(token)?;
                let caller = self.caller(&claims).await?;
                self.verified.put(hash, &caller, expiry, token.len());
                caller
            }
        };
        let oauth = self.clone();
        Ok(Identity { caller, oauth })
    }

    /// What the provider said about the person, and what this server says about the token, which wins.
    async fn caller(&self, token: &Claims) -> Result<identity::Identity, Denied> {
        let id = token.text(GRANT).unwrap_or_default();
        let grant = self.grants.alive(id).await.map_err(|gone| match gone {
            Gone::Ended(why) => Denied::Invalid(why),
            Gone::Unavailable(why) => Denied::Unavailable(why),
        })?;
        let subject = grant.subject();
        let said = [
            ("name", grant.profile.name),
            ("preferred_username", grant.profile.login),
            ("email", grant.profile.email),
            ("sub", Some(subject)),
            ("client_id", Some(grant.client_id)),
            ("scope", token.text("scope").map(str::to_owned)),
            // The provider's own scopes are no right here.
            ("scp", None),
            (GRANT, Some(id.to_owned())),
        ];
        let mut claims = grant.profile.claims;
        for (claim, value) in said {
            claims.remove(claim);
            if let Some(value) = value {
                claims.insert(claim.to_owned(), Value::from(value));
            }
        }
        Claims::deserialize(Value::Object(claims))
            .map_err(|_| Denied::invalid("its claims are broken"))?
            .identity(self.settings.base.clone(), None)
    }

    /// The endpoints.
    pub fn routes<S: Clone + Send + Sync + 'static>(&self) -> Router<S> {
        // Clients that are web pages call these from their own origin; there are no cookies to abuse.
        let called = Router::new()
            .route(
                "/register",
                post(register::register).options(async || preflight("POST")),
            )
            .route(
                "/token",
                post(token::token).options(async || preflight("POST")),
            )
            .route(
                "/revoke",
                post(revoke::revoke).options(async || preflight("POST")),
            )
            .layer(middleware::map_response(allow_any_origin));
        let visited = Router::new()
            .route("/authorize", get(authorize::authorize))
            .route("/consent", get(consent::show).post(consent::decide))
            .route("/auth/callback", get(callback::callback));
        metadata::routes(&self.settings)
            .merge(called)
            .merge(visited)
            .layer(middleware::from_fn_with_state(self.clone(), limits::limit))
            .with_state(self.clone())
    }
}

const PUBLIC: [(header::HeaderName, &str); 2] = [
    (header::CACHE_CONTROL, "public, max-age=300"),
    (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
];

/// Clients send `MCP-Protocol-Version` everywhere, which makes browsers ask first.
fn preflight(method: &'static str) -> impl IntoResponse {
    let headers = [
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        (header::ACCESS_CONTROL_ALLOW_METHODS, method),
        (
            header::ACCESS_CONTROL_ALLOW_HEADERS,
            "Authorization, Content-Type, MCP-Protocol-Version",
        ),
    ];
    (StatusCode::NO_CONTENT, headers)
}

async fn allow_any_origin(response: Response) -> impl IntoResponse {
    ([(header::ACCESS_CONTROL_ALLOW_ORIGIN, "*")], response)
}
