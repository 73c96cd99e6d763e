//! What the shared tests need to know of this option: an authorization server to ask, settings that
//! point at it, and tokens that it calls good.

use std::{
    collections::HashMap,
    net::Ipv4Addr,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{
    Json, Router,
    extract::State,
    http::{HeaderMap, StatusCode, header::LOCATION},
    response::{IntoResponse, Response},
    routing::post,
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use tokio::net::TcpListener;

/// The authorization server in miniature. Clones share their state.
#[derive(Clone, Default)]
pub struct Issuer(Arc<Mutex<Inner>>);

#[derive(Default)]
struct Inner {
    mode: Mode,
    questions: Vec<(String, String)>,
}

/// How the authorization server behaves.
#[derive(Clone, Copy, Default)]
pub enum Mode {
    #[default]
    Honest,
    Down,
    Html,
    Huge,
    Redirect,
    Slow,
}

impl Issuer {
    /// Starts it, and gives the settings that point at it.
    pub async fn start(&self) -> Vec<(String, String)> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let app = Router::new()
            .route("/introspect", post(introspect))
            .with_state(self.clone());
        tokio::spawn(async move { axum::serve(listener, app).await });
        let settings = [
            (
                "AUTH_INTROSPECTION_URL",
                format!("http://{address}/introspect"),
            ),
            ("AUTH_CLIENT_ID", "my server".to_owned()),
            ("AUTH_CLIENT_SECRET", "s3cret:+/".to_owned()),
            ("AUTH_ISSUER", "https://login.example.com".to_owned()),
        ];
        settings
            .map(|(name, value)| (name.to_owned(), value))
            .to_vec()
    }

    pub fn behave(&self, mode: Mode) {
        self.0.lock().unwrap().mode = mode;
    }

    /// The questions so far: `Authorization` header and token.
    pub fn questions(&self) -> Vec<(String, String)> {
        self.0.lock().unwrap().questions.clone()
    }
}

async fn introspect(
    State(issuer): State<Issuer>,
    headers: HeaderMap,
    axum::Form(form): axum::Form<HashMap<String, String>>,
) -> Response {
    let mode = {
        let mut inner = issuer.0.lock().unwrap();
        let authorization = headers["authorization"].to_str().unwrap().to_owned();
        inner.questions.push((authorization, form["token"].clone()));
        inner.mode
    };
    match mode {
        Mode::Honest => {
            let claims = BASE64_URL_SAFE_NO_PAD
                .decode(&form["token"])
                .unwrap_or_default();
            let claims = serde_json::from_slice(&claims).unwrap_or(json!({ "active": false }));
            Json::<Value>(claims).into_response()
        }
        Mode::Down => StatusCode::BAD_GATEWAY.into_response(),
        Mode::Html => "<html>log in</html>".into_response(),
        Mode::Huge => {
            format!("{{\"active\":true,\"x\":\"{}\"}}", "x".repeat(300_000)).into_response()
        }
        Mode::Redirect => (StatusCode::FOUND, [(LOCATION, "https://evil.example")]).into_response(),
        Mode::Slow => {
            tokio::time::sleep(Duration::from_secs(60)).await;
            StatusCode::OK.into_response()
        }
    }
}

/// Settings under which `token` makes good tokens.
pub async fn settings() -> Vec<(String, String)> {
    Issuer::default().start().await
}

/// A good token.
pub fn token(subject: &str, scopes: &str) -> String {
    token_of(&claims(subject, scopes))
}

/// What the authorization server says of a good token.
pub fn claims(subject: &str, scopes: &str) -> Value {
    json!({
        "active": true,
        "sub": subject,
        "client_id": "test-client",
        "scope": scopes,
        "aud": "https://mcp.example.com/mcp",
        "iss": "https://login.example.com",
        "exp": crate::auth::token_cache::now() + 3600,
    })
}

/// A token about which the authorization server says this.
pub fn token_of(claims: &Value) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(claims.to_string())
}

/// What this server calls the person with this name in a token.
pub fn subject(name: &str) -> String {
    name.to_owned()
}
