//! The provider for trials in the hands of a test: alice is logged in, its answers can be made bad, and it tells
//! what it was asked.

use std::{
    collections::HashMap,
    future::pending,
    net::Ipv4Addr,
    sync::{
        Arc, Mutex, MutexGuard,
        atomic::{AtomicUsize, Ordering},
    },
};

use axum::{
    body::to_bytes,
    extract::{Request, State},
    http::{StatusCode, header::LOCATION},
    middleware::{Next, from_fn_with_state},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::dev_provider::{
    DevProvider,
    logins::{Logins, Session},
    people::person,
};

/// What stands in bad answers, and should be seen by nobody.
pub const WORDS: &str = "words-of-the-provider";
/// Where bad answers lead.
pub const ELSEWHERE: &str = "/elsewhere";

/// How an endpoint answers instead.
#[derive(Clone)]
pub enum Mode {
    /// With an error code of OAuth and this status.
    Error(u16, &'static str),
    /// With this status and a page.
    Page(u16),
    /// With more than anybody wants to read.
    Huge,
    /// With a redirect that keeps method and body.
    Redirect,
    /// Never.
    Silent,
    /// As it should, but for a change in the JSON.
    Changed(Change),
}

/// Changes an answer.
pub type Change = Arc<dyn Fn(&mut Value) + Send + Sync>;

/// A provider that runs. Clones share their state.
#[derive(Clone)]
pub struct TestProvider {
    provider: DevProvider,
    modes: Arc<Mutex<HashMap<String, Mode>>>,
    calls: Arc<Mutex<Vec<String>>>,
}

impl TestProvider {
    pub async fn start() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let test = Self {
            provider: DevProvider::new(base).unwrap(),
            modes: Arc::default(),
            calls: Arc::default(),
        };
        test.log_in_as("alice");
        let layer = from_fn_with_state(test.clone(), misbehave);
        let router = test.provider.router().layer(layer);
        tokio::spawn(async move { axum::serve(listener, router).await });
        test
    }

    /// The settings that point a server at it.
    pub fn settings(&self) -> Vec<(String, String)> {
        let settings = self.provider.settings().into_iter();
        settings
            .map(|(name, value)| (name.to_owned(), value))
            .collect()
    }

    /// Its origin.
    pub fn base(&self) -> &str {
        self.provider.base()
    }

    /// Who the next browser belongs to.
    pub fn log_in_as(&self, login: &str) {
        self.logins().at_once = Some(person(login).unwrap());
    }

    /// Its codes and tokens.
    pub fn logins(&self) -> MutexGuard<'_, Logins> {
        self.provider.logins()
    }

    /// Whose access token this is.
    pub fn session(&self, access_token: &str) -> Option<Session> {
        self.provider.session(access_token)
    }

    /// No token works any more.
    pub fn revoke_everything(&self) {
        self.logins().end(|_| true);
    }

    /// How many tokens work.
    pub fn tokens(&self) -> usize {
        let count = AtomicUsize::new(0);
        self.logins().end(|_| {
            count.fetch_add(1, Ordering::Relaxed);
            false
        });
        count.into_inner()
    }

    /// From now on this path answers so.
    pub fn behave(&self, path: &str, mode: Mode) {
        self.modes.lock().unwrap().insert(path.to_owned(), mode);
    }

    /// From now on all answers are as they should be.
    pub fn recover(&self) {
        self.modes.lock().unwrap().clear();
    }

    /// Method and path of what was asked since the last time that this was.
    pub fn calls(&self) -> Vec<String> {
        std::mem::take(&mut self.calls.lock().unwrap())
    }
}

async fn misbehave(State(test): State<TestProvider>, request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let call = format!("{} {path}", request.method());
    test.calls.lock().unwrap().push(call);
    let mode = test.modes.lock().unwrap().get(&path).cloned();
    let Some(mode) = mode else {
        return next.run(request).await;
    };
    match mode {
        Mode::Error(status, code) => {
            let body = json!({ "error": code, "error_description": WORDS, "error_uri": WORDS });
            (self::status(status), body.to_string()).into_response()
        }
        Mode::Page(status) => {
            let page = format!("<html><body>{WORDS}");
            let headers = [("content-type", "text/html")];
            (self::status(status), headers, page).into_response()
        }
        Mode::Huge => json!({ "access_token": "x".repeat(64 * 1024) })
            .to_string()
            .into_response(),
        Mode::Redirect => (StatusCode::TEMPORARY_REDIRECT, [(LOCATION, ELSEWHERE)]).into_response(),
        Mode::Silent => pending().await,
        Mode::Changed(change) => changed(next.run(request).await, &change).await,
    }
}

fn status(status: u16) -> StatusCode {
    StatusCode::from_u16(status).unwrap()
}

async fn changed(answer: Response, change: &Change) -> Response {
    let (mut head, body) = answer.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap();
    let mut value = serde_json::from_slice(&body).unwrap();
    change(&mut value);
    head.headers.remove("content-length");
    (head, value.to_string()).into_response()
}
