//! A small protected service, and the requests that tests send to it. It stands in for the MCP
//! service, so that these tests need no MCP library and come along wherever `src/auth/` goes.

use axum::{
    Router,
    body::Body,
    http::{
        HeaderMap, Method, Request, StatusCode,
        header::{AUTHORIZATION, CONTENT_TYPE, WWW_AUTHENTICATE},
    },
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};
use tower::ServiceExt;

use super::harness;
use crate::auth::{Auth, Env, Identity};

/// Where the tests mount the service.
pub const MCP_PATH: &str = "/mcp";

/// A protected service with the settings of the harness.
pub struct App(pub Router);

/// What a request was answered with.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl App {
    /// A service that needs the scope `mcp:tools`.
    pub async fn start() -> Self {
        Self::with(&[]).await
    }

    /// The same with other settings; an empty value takes a setting away.
    pub async fn with(settings: &[(&str, &str)]) -> Self {
        Self::read(settings)
            .await
            .unwrap_or_else(|problems| panic!("{problems}"))
    }

    /// Like `with`, but gives the problems as text if the settings are not good.
    pub async fn read(settings: &[(&str, &str)]) -> Result<Self, String> {
        let mut variables = harness::settings().await;
        variables.push(("BASE_URL".to_owned(), "https://mcp.example.com".to_owned()));
        variables.push(("AUTH_REQUIRED_SCOPES".to_owned(), "mcp:tools".to_owned()));
        variables.extend(
            settings
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned())),
        );
        let auth = Env::of(variables)
            .read(|env| Auth::read(env, MCP_PATH))
            .map_err(|problems| problems.to_string())?;
        Ok(Self(
            Router::new()
                .route(MCP_PATH, auth.protect(service()))
                .merge(auth.routes()),
        ))
    }

    pub async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.0.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        Answer {
            status: parts.status,
            headers: parts.headers,
            body: String::from_utf8(body.to_vec()).unwrap(),
        }
    }

    /// Calls the tool `protected_action` with this token.
    pub async fn call(&self, token: &str) -> Answer {
        self.send(post(token, &tool_call("protected_action"))).await
    }
}

impl Answer {
    /// The challenge, empty if there is none.
    pub fn challenge(&self) -> &str {
        self.header(WWW_AUTHENTICATE.as_str())
    }

    /// A header, empty if there is none.
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map(|value| value.to_str().unwrap())
            .unwrap_or_default()
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

/// A POST to the MCP path with a JSON body.
pub fn post(token: &str, body: &Value) -> Request<Body> {
    post_text(token, body.to_string())
}

/// A POST to the MCP path with any body.
pub fn post_text(token: &str, body: impl Into<Body>) -> Request<Body> {
    Request::post(MCP_PATH)
        .header(AUTHORIZATION, format!("Bearer {token}"))
        .header(CONTENT_TYPE, "application/json")
        .body(body.into())
        .unwrap()
}

pub fn tool_call(name: &str) -> Value {
    json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": { "name": name, "arguments": {} } })
}

pub fn method(name: &str) -> Value {
    json!({ "jsonrpc": "2.0", "id": 1, "method": name })
}

/// Stands in for the MCP service.
pub fn service() -> Router {
    Router::new().fallback(serve)
}

/// Lists two tools, opens sessions, and otherwise tells what it saw.
async fn serve(request: Request<Body>) -> Response {
    let (parts, body) = request.into_parts();
    assert!(
        !parts.headers.contains_key(AUTHORIZATION),
        "the token ends at the guard"
    );
    let caller = parts
        .extensions
        .get::<Identity>()
        .expect("the guard lets nobody else through")
        .clone();
    let session = parts
        .headers
        .get("mcp-session-id")
        .map(|id| id.to_str().unwrap().to_owned());
    let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
    let message: Value = serde_json::from_slice(&body).unwrap_or_default();
    match (parts.method, message["method"].as_str()) {
        (Method::GET, _) => event_stream(&tools()).into_response(),
        (_, Some("initialize")) => ([("mcp-session-id", "session-1")], "{}").into_response(),
        (_, Some("tools/list")) if parts.headers.contains_key("x-stream") => {
            event_stream(&tools()).into_response()
        }
        (_, Some("tools/list")) => axum::Json(tools()).into_response(),
        _ => axum::Json(json!({
            "subject": caller.subject(),
            "client_id": caller.client_id(),
            "scopes": caller.scopes().iter().collect::<Vec<_>>(),
            "name": caller.name(),
            "email": caller.email(),
            "session": session,
            "bytes": body.len(),
        }))
        .into_response(),
    }
}

fn tools() -> Value {
    json!({ "jsonrpc": "2.0", "id": 1, "result": {
        "tools": [{ "name": "protected_action" }, { "name": "closed_action" }],
        "ttlMs": 0,
        "cacheScope": "public",
    }})
}

/// An event stream in pieces that end where they should not.
fn event_stream(message: &Value) -> impl IntoResponse + use<> {
    let text = format!(": ping\n\nid: 1\ndata: {message}\n\ndata: {{\"id\":2}}\n\n");
    let pieces: Vec<_> = text
        .into_bytes()
        .chunks(7)
        .map(|piece| Ok::<_, std::io::Error>(piece.to_vec()))
        .collect();
    let body = Body::from_stream(futures_util::stream::iter(pieces));
    ([(CONTENT_TYPE, "text/event-stream")], body)
}
