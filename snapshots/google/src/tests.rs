//! The whole server, as a client sees it: routes, tools, sessions, both generations of the protocol.

use std::{net::Ipv4Addr, time::Duration};

use axum::{
    Router,
    body::Body,
    http::{Request, StatusCode, header},
};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::oneshot,
    task::JoinHandle,
    time::Instant,
};
use tower::ServiceExt;

use crate::{
    auth::{Auth, Env, tests::harness},
    serve,
    server::{self, MCP_PATH},
};

async fn app() -> Router {
    let mut settings = harness::settings().await;
    settings.push(("BASE_URL".to_owned(), "https://mcp.example.com".to_owned()));
    settings.push(("AUTH_REQUIRED_SCOPES".to_owned(), "mcp:tools".to_owned()));
    let auth = Env::of(settings)
        .read(|env| Auth::read(env, MCP_PATH))
        .unwrap_or_else(|problems| panic!("{problems}"));
    server::router(&auth)
}

/// Status, session id and JSON of the answer; an event stream counts as its last message.
async fn send(app: &Router, request: Request<Body>) -> (StatusCode, Option<String>, Value) {
    let response = app.clone().oneshot(request).await.unwrap();
    let status = response.status();
    let session = response
        .headers()
        .get("mcp-session-id")
        .map(|id| id.to_str().unwrap().to_owned());
    let body = axum::body::to_bytes(response.into_body(), usize::MAX)
        .await
        .unwrap();
    let text = String::from_utf8(body.to_vec()).unwrap();
    let message = text
        .lines()
        .filter_map(|line| line.strip_prefix("data: "))
        .next_back();
    (
        status,
        session,
        serde_json::from_str(message.unwrap_or(&text)).unwrap_or_default(),
    )
}

fn post(token: &str, body: &Value) -> Request<Body> {
    Request::post(MCP_PATH)
        .header(header::HOST, "mcp.example.com")
        .header(header::AUTHORIZATION, format!("Bearer {token}"))
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::ACCEPT, "application/json, text/event-stream")
        .body(Body::from(body.to_string()))
        .unwrap()
}

/// A request of revision 2026-07-28, which needs no session.
fn request(token: &str, method: &str, mut params: Value) -> Request<Body> {
    params["_meta"] = json!({
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientInfo": { "name": "test", "version": "1" },
        "io.modelcontextprotocol/clientCapabilities": {},
    });
    let name = params["name"].as_str().map(str::to_owned);
    let body = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params });
    let mut request = post(token, &body);
    let headers = request.headers_mut();
    headers.insert("mcp-protocol-version", "2026-07-28".parse().unwrap());
    headers.insert("mcp-method", method.parse().unwrap());
    if let Some(name) = name {
        headers.insert("mcp-name", name.parse().unwrap());
    }
    request
}

fn call(token: &str, tool: &str) -> Request<Body> {
    request(
        token,
        "tools/call",
        json!({ "name": tool, "arguments": { "data": "x" } }),
    )
}

/// A request of revision 2025-11-25 in a session.
fn legacy(token: &str, session: Option<&str>, method: &str, params: Value) -> Request<Body> {
    let mut request = post(
        token,
        &json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params }),
    );
    request
        .headers_mut()
        .insert("mcp-protocol-version", "2025-11-25".parse().unwrap());
    if let Some(session) = session {
        request
            .headers_mut()
            .insert("mcp-session-id", session.parse().unwrap());
    }
    request
}

fn tool_names(answer: &Value) -> Vec<&str> {
    let tools = answer["result"]["tools"].as_array().unwrap();
    tools
        .iter()
        .map(|tool| tool["name"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn a_tool_answers_an_authenticated_caller() {
    let token = harness::token("alice", "mcp:tools");
    let (status, _, answer) = send(&app().await, call(&token, "protected_action")).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(answer["result"]["content"][0]["text"], "Processed: x");
}

#[tokio::test]
async fn whoami_tells_callers_who_they_are() {
    let token = harness::token("alice", "mcp:tools");
    let (_, _, answer) = send(&app().await, call(&token, "whoami")).await;
    let caller = &answer["result"]["structuredContent"];
    assert_eq!(caller["subject"], harness::subject("alice"));
    assert_eq!(caller["scopes"], json!(["mcp:tools"]));
}

#[tokio::test]
async fn the_restricted_tool_is_hidden_and_closed_without_its_scope() {
    let app = app().await;
    let plain = harness::token("alice", "mcp:tools");
    let admin = harness::token("alice", "mcp:tools mcp:admin");
    let (_, _, list) = send(&app, request(&plain, "tools/list", json!({}))).await;
    assert_eq!(tool_names(&list), ["protected_action", "whoami"]);
    let (_, _, list) = send(&app, request(&admin, "tools/list", json!({}))).await;
    assert_eq!(
        tool_names(&list),
        ["protected_action", "restricted_action", "whoami"]
    );
    let (status, _, _) = send(&app, call(&plain, "restricted_action")).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    let (status, _, answer) = send(&app, call(&admin, "restricted_action")).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(
        answer["result"]["content"][0]["text"],
        "Processed for an administrator: x"
    );
}

#[tokio::test]
async fn older_clients_work_in_a_session_that_is_theirs_alone() {
    let app = app().await;
    let (alice, bob) = (
        harness::token("alice", "mcp:tools"),
        harness::token("bob", "mcp:tools"),
    );
    let hello = json!({
        "protocolVersion": "2025-11-25",
        "capabilities": {},
        "clientInfo": { "name": "test", "version": "1" },
    });
    let (status, session, _) = send(&app, legacy(&alice, None, "initialize", hello)).await;
    assert_eq!(status, StatusCode::OK);
    let session = session.unwrap();
    let ready = post(
        &alice,
        &json!({ "jsonrpc": "2.0", "method": "notifications/initialized" }),
    );
    let mut ready = ready;
    ready
        .headers_mut()
        .insert("mcp-session-id", session.parse().unwrap());
    assert_eq!(send(&app, ready).await.0, StatusCode::ACCEPTED);

    let list = || legacy(&alice, Some(&session), "tools/list", json!({}));
    let (_, _, answer) = send(&app, list()).await;
    assert_eq!(tool_names(&answer), ["protected_action", "whoami"]);
    let whoami = |token| {
        legacy(
            token,
            Some(&session),
            "tools/call",
            json!({ "name": "whoami" }),
        )
    };
    let (_, _, answer) = send(&app, whoami(&alice)).await;
    let subject = &answer["result"]["structuredContent"]["subject"];
    assert_eq!(*subject, harness::subject("alice"));
    assert_eq!(send(&app, whoami(&bob)).await.0, StatusCode::NOT_FOUND);
    assert_eq!(
        send(&app, whoami("nobody")).await.0,
        StatusCode::UNAUTHORIZED
    );
}

#[tokio::test]
async fn a_foreign_host_header_is_refused() {
    let token = harness::token("alice", "mcp:tools");
    let app = app().await;
    for host in ["evil.example", "mcp.example.com.evil.example", "localhost"] {
        let mut request = call(&token, "protected_action");
        request
            .headers_mut()
            .insert(header::HOST, host.parse().unwrap());
        assert_eq!(send(&app, request).await.0, StatusCode::FORBIDDEN, "{host}");
    }
}

#[tokio::test]
async fn health_and_metadata_are_public_and_the_rest_does_not_exist() {
    let app = app().await;
    let get = |path: &str| Request::get(path).body(Body::empty()).unwrap();
    for (path, status) in [
        ("/health", StatusCode::OK),
        ("/.well-known/oauth-protected-resource", StatusCode::OK),
        ("/.well-known/oauth-protected-resource/mcp", StatusCode::OK),
        ("/", StatusCode::NOT_FOUND),
        ("/mcp/", StatusCode::NOT_FOUND),
        (MCP_PATH, StatusCode::UNAUTHORIZED),
    ] {
        assert_eq!(send(&app, get(path)).await.0, status, "{path}");
    }
}

/// Serves the whole server on a port of its own: a connection to it, and what makes it stop.
async fn connect() -> (TcpStream, oneshot::Sender<()>, JoinHandle<()>) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel();
    let shutdown = async { drop(stopped.await) };
    let server = tokio::spawn(serve::serve(listener, app().await, shutdown));
    (TcpStream::connect(address).await.unwrap(), stop, server)
}

#[tokio::test]
async fn a_client_that_never_finishes_its_request_is_cut_off() {
    let (mut client, _stop, _server) = connect().await;
    client
        .write_all(b"GET /health HTTP/1.1\r\nhost: ")
        .await
        .unwrap();
    let started = Instant::now();
    tokio::time::pause();
    let mut answer = Vec::new();
    client.read_to_end(&mut answer).await.unwrap();
    assert!(!answer.starts_with(b"HTTP/1.1 200"));
    assert!(started.elapsed() < Duration::from_secs(60));
}

#[tokio::test]
async fn the_server_stops_when_told_and_finishes_what_it_began() {
    let (mut client, stop, server) = connect().await;
    let request = b"GET /health HTTP/1.1\r\nhost: localhost\r\n\r\n";
    client.write_all(request).await.unwrap();
    let mut answer = [0; 15];
    client.read_exact(&mut answer).await.unwrap();
    assert_eq!(&answer, b"HTTP/1.1 200 OK");
    stop.send(()).unwrap();
    let mut rest = Vec::new();
    client.read_to_end(&mut rest).await.unwrap();
    assert!(rest.ends_with(b"ok"));
    server.await.unwrap();
}

#[tokio::test]
async fn logs_and_answers_hold_no_token() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(move || writer.clone())
        .finish();
    // With a single subscriber, threads that have none can switch off what they meet first, for all threads.
    let _another = tracing::Dispatch::new(tracing::subscriber::NoSubscriber::new());
    let _guard = tracing::subscriber::set_default(subscriber);
    let app = app().await;
    let good = harness::token("alice", "mcp:tools");
    let mut seen = String::new();
    for token in [good.as_str(), "bad-token-with-a-long-tail"] {
        for tool in ["protected_action", "restricted_action"] {
            seen += &format!("{:?}", send(&app, call(token, tool)).await);
        }
    }
    seen += &log.text();
    assert!(seen.contains("refused a token"), "the log is captured");
    assert!(
        !seen.contains(&good) && !seen.contains("bad-token"),
        "{seen}"
    );
}

/// A log in memory.
#[derive(Clone, Default)]
struct Log(std::sync::Arc<std::sync::Mutex<Vec<u8>>>);

impl Log {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap()).into_owned()
    }
}

impl std::io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
