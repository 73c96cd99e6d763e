//! A login provider for trials and tests, on this machine only: it knows alice, whom the settings that it gives let
//! in, and bob, whom they do not, and asks nobody for a password. The example `dev-provider` and the tests include
//! it, the server never does; so it uses nothing of this crate.
//!
//! | file | its one idea |
//! | --- | --- |
//! | this one, `logins.rs` | what all providers do: ask who it is, codes, tokens |
//! | `people.rs`, `page.rs` | whom it knows, and the page that asks |
//! | `role.rs` | the provider that is played: its endpoints and its words |
//! | `settings.rs` | what points the server at it |

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "for trials and tests alone"
)]

#[path = "dev_provider/logins.rs"]
pub mod logins;
#[path = "dev_provider/page.rs"]
mod page;
#[path = "dev_provider/people.rs"]
pub mod people;
#[path = "dev_provider/role.rs"]
pub mod role;
#[path = "dev_provider/settings.rs"]
pub mod settings;

use std::{
    collections::HashMap,
    io,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use aws_lc_rs::digest::{SHA256, digest};
use axum::{
    Form, Router,
    extract::{Query, State},
    http::{HeaderMap, StatusCode},
    response::{Html, IntoResponse, Redirect, Response},
    routing::get,
};
use base64::{
    Engine,
    prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD},
};
use form_urlencoded::Serializer;
use tokio::time::Instant;

use self::{
    logins::{Logins, Session},
    people::{Person, person},
};

/// What the server is registered as.
pub const CLIENT_ID: &str = "dev-client";
pub const CLIENT_SECRET: &str = "dev-secret";

/// Parameters of a query or a form.
pub type Parameters = HashMap<String, String>;

/// The provider. Clones share their state.
#[derive(Clone)]
pub struct DevProvider(Arc<Inner>);

struct Inner {
    base: String,
    /// What codes and tokens are made from, with a number each.
    seed: [u8; 32],
    number: AtomicU64,
    logins: Mutex<Logins>,
    /// When it began, in Unix time and on the clock that a test can move.
    began: (Duration, Instant),
}

impl DevProvider {
    /// A provider that is reached at this origin.
    ///
    /// # Errors
    /// The system gives no random numbers.
    pub fn new(base: String) -> io::Result<Self> {
        let mut seed = [0; 32];
        getrandom::fill(&mut seed).map_err(io::Error::other)?;
        let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH);
        Ok(Self(Arc::new(Inner {
            base,
            seed,
            number: AtomicU64::new(0),
            logins: Mutex::default(),
            began: (since_1970.unwrap_or_default(), Instant::now()),
        })))
    }

    /// Its own origin, and its issuer if it has one.
    pub fn base(&self) -> &str {
        &self.0.base
    }

    /// Its endpoints.
    pub fn router(&self) -> Router {
        role::routes()
            .route(role::AUTHORIZE, get(authorize).post(choose))
            .with_state(self.clone())
    }

    /// The settings that point the server at it.
    pub fn settings(&self) -> Vec<(&'static str, String)> {
        let client = [
            ("AUTH_CLIENT_ID", CLIENT_ID),
            ("AUTH_CLIENT_SECRET", CLIENT_SECRET),
        ];
        let client = client.map(|(name, value)| (name, value.to_owned()));
        client
            .into_iter()
            .chain(settings::of(self.base()))
            .collect()
    }

    /// Who is logged in, and how.
    pub fn logins(&self) -> MutexGuard<'_, Logins> {
        self.0.logins.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The time, in Unix seconds.
    pub fn now(&self) -> u64 {
        let (since_1970, began) = self.0.began;
        (since_1970 + began.elapsed()).as_secs()
    }

    /// Something that nobody can guess.
    pub fn secret(&self) -> String {
        let number = self.0.number.fetch_add(1, Ordering::Relaxed);
        sha256([&self.0.seed[..], &number.to_be_bytes()].concat())
    }

    /// Where the browser goes after the page.
    fn answer(&self, request: &Parameters, person: Option<&'static Person>) -> Response {
        let text = |name: &str| request.get(name).cloned().unwrap_or_default();
        let mut answer = Serializer::new(String::new());
        match person {
            Some(person) => {
                let code = self.secret();
                let session = Session {
                    id: self.secret(),
                    person,
                    request: request.clone(),
                };
                self.begin(code.clone(), session);
                answer.append_pair("code", &code);
            }
            None => {
                answer
                    .append_pair("error", "access_denied")
                    .append_pair("error_description", "the person refused");
            }
        }
        answer.append_pair("state", &text("state"));
        if role::HAS_ISSUER {
            answer.append_pair("iss", self.base());
        }
        Redirect::to(&format!("{}?{}", text("redirect_uri"), answer.finish())).into_response()
    }
}

/// What is wrong with an authorization request. A real provider compares the address with the registered one.
fn problem(request: &Parameters) -> Option<&'static str> {
    let is = |name: &str, value: &str| request.get(name).is_some_and(|found| found == value);
    let has = |name: &str, length| request.get(name).is_some_and(|found| found.len() >= length);
    let is_callback = |address: &String| address.ends_with("/auth/callback");
    match () {
        () if !is("client_id", CLIENT_ID) => Some("the client_id is not dev-client"),
        () if !request.get("redirect_uri").is_some_and(is_callback) => {
            Some("the redirect_uri is not the server's /auth/callback")
        }
        () if !is("response_type", "code") => Some("the response_type is not code"),
        () if !has("state", 1) => Some("there is no state"),
        () if !is("code_challenge_method", "S256") || !has("code_challenge", 43) => {
            Some("there is no code_challenge of the method S256")
        }
        () => None,
    }
}

async fn authorize(
    State(provider): State<DevProvider>,
    Query(request): Query<Parameters>,
) -> Response {
    if let Some(problem) = problem(&request) {
        return (StatusCode::BAD_REQUEST, problem).into_response();
    }
    let at_once = provider.logins().at_once;
    match at_once {
        Some(person) => provider.answer(&request, Some(person)),
        None => Html(page::choice(settings::PLAYED).into_string()).into_response(),
    }
}

/// A button of the page was pressed.
async fn choose(
    State(provider): State<DevProvider>,
    Query(request): Query<Parameters>,
    Form(form): Form<Parameters>,
) -> Response {
    if let Some(problem) = problem(&request) {
        return (StatusCode::BAD_REQUEST, problem).into_response();
    }
    let chosen = form.get("person").and_then(|login| person(login));
    provider.answer(&request, chosen)
}

/// Whether the server says who it is: in the header, or in the form (RFC 6749 section 2.3.1).
pub fn is_client(headers: &HeaderMap, form: &Parameters) -> bool {
    let is = |name: &str, value: &str| form.get(name).is_some_and(|found| found == value);
    let basic = format!(
        "Basic {}",
        BASE64_STANDARD.encode(format!("{CLIENT_ID}:{CLIENT_SECRET}"))
    );
    headers
        .get("authorization")
        .is_some_and(|value| *value == basic)
        || is("client_id", CLIENT_ID) && is("client_secret", CLIENT_SECRET)
}

/// The token of an `Authorization` header.
pub fn bearer(headers: &HeaderMap) -> &str {
    let value = headers
        .get("authorization")
        .and_then(|value| value.to_str().ok());
    value
        .and_then(|value| value.strip_prefix("Bearer "))
        .unwrap_or_default()
}

/// SHA-256 in base64url, as PKCE has it.
pub fn sha256(bytes: impl AsRef<[u8]>) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(digest(&SHA256, bytes.as_ref()))
}
