//! Stands in front of the MCP service: every request passes these checks in this order, or is refused.
//! Joins the other files of this folder; decides nothing by itself.

use std::{convert::Infallible, iter, mem, sync::Arc, time::Duration};

use axum::{
    Router,
    body::{Body, Bytes, HttpBody},
    extract::Request,
    http::{
        HeaderValue, Method,
        header::{AUTHORIZATION, CACHE_CONTROL, CONNECTION, EXPECT},
        request::Parts,
    },
    response::{IntoResponse, Response},
    routing::{MethodRouter, any},
};
use tokio::{
    sync::{Semaphore, SemaphorePermit},
    time::timeout,
};
use tower::{Service, ServiceExt};

use super::{
    Env, INTERFACE, Identity, Settings, Verifier, bearer, body,
    identity::Denied,
    listing,
    message::Message,
    metadata,
    origins::{self, Origins},
    refusal::{Challenge, Refusal},
    scopes::{Scopes, Target, needed_for},
    sessions::Sessions,
};

/// How long the verification of a token may take, whatever it asks other servers.
const VERIFY_TIMEOUT: Duration = Duration::from_secs(10);
/// How many requests are worked on at once, counted after authentication: strangers cannot use up the places.
const MAX_CONCURRENT: usize = 512;
/// How long a request waits for a place.
const PLACE_TIMEOUT: Duration = Duration::from_secs(10);

/// The authentication of this server. Cheap to clone.
#[derive(Clone)]
pub struct Auth(Arc<Inner>);

struct Inner {
    path: String,
    required_scopes: Scopes,
    allowed_hosts: Vec<String>,
    origins: Origins,
    challenge: Challenge,
    metadata: Bytes,
    sessions: Sessions,
    places: Semaphore,
    verifier: Verifier,
}

impl Auth {
    /// Reads the configuration; `None` after recording a problem in `env`. `path` is where the MCP service is
    /// mounted, such as `/mcp`, which is part of the address that tokens are issued for; `/` is the whole server.
    pub fn read(env: &mut Env, path: &str) -> Option<Self> {
        () = INTERFACE;
        // Both are read before either may fail, so that all problems are reported together.
        let settings = Settings::read(env, path);
        let resource = settings
            .as_ref()
            .map_or_else(String::new, Settings::resource);
        let verifier = Verifier::read(env, &resource);
        let (settings, verifier) = (settings?, verifier?);
        let Some(sessions) = Sessions::new() else {
            env.problem("the system gives no random numbers");
            return None;
        };
        Some(Self(Arc::new(Inner {
            metadata: metadata::document(&settings, &verifier),
            challenge: Challenge::new(metadata::url(&settings), settings.required_scopes.clone()),
            path: settings.path,
            required_scopes: settings.required_scopes,
            allowed_hosts: settings.allowed_hosts,
            origins: Origins::new(settings.allowed_origins),
            sessions,
            places: Semaphore::new(MAX_CONCURRENT),
            verifier,
        })))
    }

    /// Puts the checks in front of an MCP service: mount what this returns instead of the service.
    pub fn protect<M, S>(&self, service: M) -> MethodRouter<S>
    where
        M: Service<Request, Error = Infallible> + Clone + Send + Sync + 'static,
        M::Response: IntoResponse + 'static,
        M::Future: Send + 'static,
        S: Clone + Send + Sync + 'static,
    {
        let mounted = Arc::new((self.clone(), service));
        any(async move |request: Request| {
            let (auth, service) = &*mounted;
            auth.0.check(request, service).await
        })
    }

    /// The public pages that clients need before they have a token. Merge them into the served router.
    pub fn routes<S: Clone + Send + Sync + 'static>(&self) -> Router<S> {
        metadata::routes(&self.0.path, self.0.metadata.clone()).merge(self.0.verifier.routes())
    }

    /// The hosts for rmcp's `with_allowed_hosts`: that of `BASE_URL`, and `ALLOWED_HOSTS`.
    pub fn allowed_hosts(&self) -> &[String] {
        &self.0.allowed_hosts
    }
}

impl Inner {
    /// Answers one request under the MCP path.
    async fn check<M>(&self, request: Request, service: &M) -> Response
    where
        M: Service<Request, Error = Infallible> + Clone,
        M::Response: IntoResponse,
    {
        let (parts, mut body) = request.into_parts();
        // Such a client waits for a word before it sends the body.
        let is_coming = !parts.headers.contains_key(EXPECT);
        let (origin, result) = match self.origins.check(&parts.headers) {
            Ok(origin) if origins::is_preflight(&parts.method, &parts.headers) => {
                (origin, Ok(origins::preflight(&parts.headers)))
            }
            Ok(origin) => (origin, self.serve(parts, &mut body, service).await),
            Err(refusal) => (None, Err(refusal)),
        };
        let mut response = match result {
            Ok(response) => response,
            Err(refusal) => {
                let mut response = self.challenge.response(refusal);
                let is_read = body.is_end_stream() || is_coming && body::finish(body).await;
                if !is_read {
                    let close = HeaderValue::from_static("close");
                    response.headers_mut().insert(CONNECTION, close);
                }
                response
            }
        };
        response
            .headers_mut()
            .insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(origin) = origin {
            origins::allow(&mut response, origin);
        }
        response
    }

    /// Takes the body only after authentication.
    async fn serve<M>(
        &self,
        mut parts: Parts,
        body: &mut Body,
        service: &M,
    ) -> Result<Response, Refusal>
    where
        M: Service<Request, Error = Infallible> + Clone,
        M::Response: IntoResponse,
    {
        let caller = self.authenticate(&parts).await?;
        let _place = self.place().await?;
        self.sessions.unbind(&mut parts.headers, &caller)?;
        let (body, is_list) = self.authorize(&parts, body, &caller).await?;

        // The token ends here: nothing behind can log it or pass it on.
        parts.headers.remove(AUTHORIZATION);
        parts.extensions.insert(caller.clone());
        // Cloned only now: refusals are to cost little.
        let Ok(response) = service
            .clone()
            .oneshot(Request::from_parts(parts, body))
            .await;
        let mut response = response.into_response();
        self.sessions.bind(response.headers_mut(), &caller);
        Ok(if is_list {
            listing::filtered(response, caller).await
        } else {
            response
        })
    }

    async fn authenticate(&self, parts: &Parts) -> Result<Identity, Refusal> {
        let token = bearer::token(&parts.headers, &parts.uri)?;
        let verified = timeout(VERIFY_TIMEOUT, self.verifier.verify(token)).await;
        let verified =
            verified.unwrap_or_else(|_| Err(Denied::Unavailable("it took too long".into())));
        verified.map_err(|denied| match denied {
            Denied::Invalid(why) => {
                // Debug escapes line ends: the log stays one line for each refusal.
                tracing::info!(?why, "refused a token");
                Refusal::BadToken
            }
            Denied::Unavailable(why) => {
                tracing::error!(?why, "cannot verify tokens");
                Refusal::Unavailable { seconds: 5 }
            }
        })
    }

    async fn place(&self) -> Result<SemaphorePermit<'_>, Refusal> {
        if let Ok(permit) = self.places.try_acquire() {
            return Ok(permit);
        }
        match timeout(PLACE_TIMEOUT, self.places.acquire()).await {
            Ok(Ok(permit)) => Ok(permit),
            _ => Err(Refusal::Unavailable { seconds: 1 }),
        }
    }

    /// Decides whether the caller may do what the request asks for.
    ///
    /// Gives back the body, and whether the answer may hold a list to be filtered, which a GET can replay.
    async fn authorize(
        &self,
        parts: &Parts,
        body: &mut Body,
        caller: &Identity,
    ) -> Result<(Body, bool), Refusal> {
        if parts.method != Method::POST {
            self.ensure_allowed(caller, iter::empty())?;
            return Ok((mem::take(body), parts.method == Method::GET));
        }
        let body = body::read(body).await?;
        let message = Message::read(&body)?;
        message.ensure_headers_agree(&parts.headers)?;
        self.ensure_allowed(caller, message.targets())?;
        let is_list = message.asks_for_a_list();
        Ok((Body::from(body), is_list))
    }

    fn ensure_allowed<'t>(
        &self,
        caller: &Identity,
        targets: impl Iterator<Item = Target<'t>> + Clone,
    ) -> Result<(), Refusal> {
        let mut extra = targets.clone().flat_map(needed_for);
        if caller.scopes().allow_all(&self.required_scopes)
            && extra.all(|scope| caller.scopes().allow(scope))
        {
            return Ok(());
        }
        let mut needed = self.required_scopes.clone();
        needed.extend(targets.flat_map(needed_for));
        tracing::info!(?caller, %needed, "refused for want of scopes");
        Err(Refusal::InsufficientScope(needed))
    }
}
