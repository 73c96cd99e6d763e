//! An authorization server in miniature: publishes keys, counts who asks, and misbehaves on demand.

use std::{
    net::Ipv4Addr,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{
    Json, Router,
    extract::State,
    http::{
        StatusCode, Uri,
        header::{CACHE_CONTROL, LOCATION},
    },
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};
use tokio::{net::TcpListener, time};

use super::{
    app::App,
    harness::{SigningKey, claims},
};

/// How the authorization server behaves.
#[derive(Clone, Copy, Default, PartialEq)]
pub enum Mode {
    #[default]
    Honest,
    Down,
    Html,
    Huge,
    TooManyKeys,
    Redirect,
    Slow,
    /// Its metadata names another issuer.
    Impostor,
}

/// Clones share their state.
#[derive(Clone, Default)]
pub struct Issuer(Arc<Mutex<Inner>>);

#[derive(Default)]
struct Inner {
    address: String,
    keys: Vec<Value>,
    cache_control: Option<&'static str>,
    mode: Mode,
    fetches: usize,
}

impl Issuer {
    /// Starts it with these published keys.
    pub async fn start(keys: &[Value]) -> Self {
        let issuer = Self::default();
        issuer.publish(keys);
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        issuer.0.lock().unwrap().address = format!("http://{}", listener.local_addr().unwrap());
        let app = Router::new().fallback(answer).with_state(issuer.clone());
        tokio::spawn(async move { axum::serve(listener, app).await });
        issuer
    }

    /// A protected service that gets its keys from here.
    pub async fn app(&self) -> App {
        App::with(&[("AUTH_ISSUER", &self.url()), ("JWT_PUBLIC_KEY", "")]).await
    }

    pub fn url(&self) -> String {
        self.0.lock().unwrap().address.clone()
    }

    pub fn publish(&self, keys: &[Value]) {
        self.0.lock().unwrap().keys = keys.to_vec();
    }

    pub fn cache_control(&self, value: &'static str) {
        self.0.lock().unwrap().cache_control = Some(value);
    }

    pub fn behave(&self, mode: Mode) {
        self.0.lock().unwrap().mode = mode;
    }

    /// How often the keys were asked for.
    pub fn fetches(&self) -> usize {
        self.0.lock().unwrap().fetches
    }

    /// A good token of this issuer.
    pub fn token(&self, key: &SigningKey, kid: &str) -> String {
        let (mut header, mut claims) = (key.header(), claims("alice", "mcp:tools"));
        header["kid"] = json!(kid);
        claims["iss"] = json!(self.url());
        key.sign(&header, &claims)
    }
}

/// Lets time pass for the service, and gives it a moment to act on that.
pub async fn pass(duration: Duration) {
    time::pause();
    time::advance(duration).await;
    time::resume();
}

async fn answer(State(issuer): State<Issuer>, uri: Uri) -> Response {
    let (mode, keys, cache_control, address) = {
        let mut inner = issuer.0.lock().unwrap();
        if uri.path() == "/keys" {
            inner.fetches += 1;
        }
        (
            inner.mode,
            inner.keys.clone(),
            inner.cache_control,
            inner.address.clone(),
        )
    };
    match (mode, uri.path()) {
        (Mode::Down, _) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        (Mode::Slow, "/keys") => {
            time::sleep(Duration::from_secs(60)).await;
            StatusCode::OK.into_response()
        }
        (Mode::Html, "/keys") => "<html></html>".into_response(),
        (Mode::Huge, "/keys") => {
            format!(r#"{{"keys":[],"x":"{}"}}"#, "x".repeat(300_000)).into_response()
        }
        (Mode::TooManyKeys, "/keys") => {
            Json(json!({ "keys": vec![keys[0].clone(); 101] })).into_response()
        }
        (Mode::Redirect, "/keys") => (StatusCode::FOUND, [(LOCATION, "/other")]).into_response(),
        (_, "/keys" | "/other") => {
            let cache_control = cache_control.unwrap_or("public");
            (
                [(CACHE_CONTROL, cache_control)],
                Json(json!({ "keys": keys })),
            )
                .into_response()
        }
        (_, "/.well-known/openid-configuration") => {
            let issuer = if mode == Mode::Impostor {
                "https://evil.example"
            } else {
                &address
            };
            Json(json!({ "issuer": issuer, "jwks_uri": format!("{address}/keys") })).into_response()
        }
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}
